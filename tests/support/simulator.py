"""The simulator for tests: fixtures, issued tokens, and the client's half of a sign-in."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from app.simulator.accounts import ANN, SimulatedAccount
from app.simulator.authorization import CODEX_CLIENT, FULL_SCOPE
from app.simulator.clock import SimulatedClock
from app.simulator.scenario import Scenario
from app.simulator.server import Simulator
from app.simulator.state import INSTANT, Pace

MakeSimulator = Callable[..., Simulator]


@pytest.fixture
def make_simulator() -> Iterator[MakeSimulator]:
    """`make_simulator(scenario="demo", *, pace=INSTANT, clock=None, any_port=True)`: started,
    and stopped at the end of the test."""
    with ExitStack() as running:

        def make(
            scenario: str | Scenario = "demo",
            *,
            pace: Pace = INSTANT,
            clock: SimulatedClock | None = None,
            any_port: bool = True,
        ) -> Simulator:
            return running.enter_context(
                Simulator(scenario, pace=pace, clock=clock, any_port=any_port)
            )

        yield make


@pytest.fixture
def simulator(make_simulator: MakeSimulator) -> Simulator:
    """The `demo` scenario without pauses, accepting callbacks on every port."""
    return make_simulator()


def start_again(simulator: Simulator) -> None:
    """Let a stopped one listen where it listened before."""
    simulator._address = ("127.0.0.1", int(simulator.url.rpartition(":")[2]))
    simulator.start()


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """A sign-in that has already happened."""

    access_token: str
    refresh_token: str
    id_token: str
    account_id: str

    @property
    def headers(self) -> dict[str, str]:
        """What every backend request needs."""
        return {
            "authorization": f"Bearer {self.access_token}",
            "chatgpt-account-id": self.account_id,
        }


def issue_tokens(simulator: Simulator, account: SimulatedAccount = ANN) -> IssuedTokens:
    """Tokens for an account, without the pages."""
    reply = simulator.issue_tokens(account)
    return IssuedTokens(
        access_token=str(reply["access_token"]),
        refresh_token=str(reply["refresh_token"]),
        id_token=str(reply["id_token"]),
        account_id=account.account_id,
    )


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """The client's half of one sign-in: verifier, state and the address to open."""

    redirect_uri: str = "http://localhost:1455/auth/callback"
    client_id: str = CODEX_CLIENT
    scope: str = FULL_SCOPE
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    code_verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64))

    @property
    def query(self) -> dict[str, str]:
        digest = hashlib.sha256(self.code_verifier.encode("ascii")).digest()
        return {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
            "state": self.state,
            "scope": self.scope,
        }

    def address(self, simulator: Simulator, **changes: str | None) -> str:
        """The authorize address; `changes` replace parameters, None leaves one out."""
        query = {**self.query, **changes}
        return f"{simulator.url}/oauth/authorize?" + urlencode(
            {name: value for name, value in query.items() if value is not None}
        )
