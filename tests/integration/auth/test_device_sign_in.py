"""Signing in on another device, over real sockets."""

from __future__ import annotations

import asyncio

import pytest

from app.auth import device
from app.auth.client_profiles import CODEX, DONE_HUB, ClientProfile
from app.auth.device import DeviceCode
from app.auth.device_sign_in import sign_in_with_device_code
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.accounts import BO
from app.simulator.faults import no_reply, refused, too_many_requests
from app.simulator.server import Simulator
from app.simulator.visitor import approve_device

POLLS = "/api/accounts/deviceauth/token"


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "FLOOR_S", 0.02)
    monkeypatch.setattr(device, "CEILING_S", 0.05)


class Person:
    """Reads the code and types it in on another device."""

    def __init__(self, decision: str = "allow", account: str = BO.email) -> None:
        self.decision = decision
        self.account = account
        self.approvals = 0
        self._code: asyncio.Future[DeviceCode] = asyncio.get_running_loop().create_future()

    def read(self, code: DeviceCode) -> None:
        self._code.set_result(code)

    def on_approved(self) -> None:
        self.approvals += 1

    async def decide(self) -> None:
        code = await self._code
        await asyncio.to_thread(
            approve_device, code.address, code.user_code, self.account, self.decision
        )


@pytest.mark.parametrize("client", [CODEX, DONE_HUB])
async def test_a_code_typed_in_elsewhere_brings_the_tokens(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints, client: ClientProfile
) -> None:
    person = Person()
    simulator.faults.add(POLLS, too_many_requests(), skip=1)
    simulator.faults.add(POLLS, no_reply(), skip=1)
    async with asyncio.TaskGroup() as group:
        signing_in = group.create_task(
            sign_in_with_device_code(
                http,
                endpoints,
                on_code=person.read,
                on_approved=person.on_approved,
                client=client,
            )
        )
        group.create_task(person.decide())
    tokens = signing_in.result()
    assert (tokens.account.email, tokens.client_id) == (BO.email, client.client_id)
    assert tokens.issuer == simulator.url
    assert person.approvals == 1
    sent = simulator.requests_to("/oauth/token")[0].form()
    assert sent["redirect_uri"] == f"{simulator.url}/deviceauth/callback"
    assert len(simulator.requests_to("/oauth/token")) == 1


async def test_a_refusal_on_the_other_device_ends_it(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints
) -> None:
    person = Person("deny")
    async with asyncio.TaskGroup() as group:
        group.create_task(person.decide())
        with pytest.raises(AppError) as caught:
            await sign_in_with_device_code(http, endpoints, on_code=person.read)
    assert caught.value.fault.kind is FaultKind.SIGN_IN_DENIED
    assert simulator.requests_to("/oauth/token") == []


async def test_a_service_without_device_codes_says_so(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints
) -> None:
    simulator.faults.add("/api/accounts/deviceauth/usercode", refused(404, b"{}"))
    with pytest.raises(AppError) as caught:
        await sign_in_with_device_code(http, endpoints, on_code=lambda _code: None)
    assert caught.value.fault.kind is FaultKind.DEVICE_CODE_NOT_ENABLED
