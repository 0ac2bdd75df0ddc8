"""A client's side of the simulator: HTTP client, clock, vault, session; and a real keyring."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.secret_service import SecretService
from support.signed_in import Clock

from app.auth.session import Session
from app.auth.vault import MemoryVault
from app.endpoints import Endpoints
from app.http_client import HttpClient
from app.simulator.server import Simulator


@pytest.fixture
def service(keyring: SecretService) -> SecretService:
    """The keyring, and the bus it can be taken from."""
    return keyring


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def endpoints(simulator: Simulator) -> Endpoints:
    return Endpoints(simulator.url, simulator.url)


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="tidegauge-tests/1")
    yield client
    await client.aclose()


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def session(http: HttpClient, endpoints: Endpoints, vault: MemoryVault, clock: Clock) -> Session:
    return Session(http, endpoints, vault, clock)
