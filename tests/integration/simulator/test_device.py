"""Device-code sign-in of the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from support.simulator import issue_tokens

from app.simulator.authorization import CODEX_CLIENT
from app.simulator.server import Simulator
from app.simulator.visitor import approve_device


@pytest.fixture
def http(simulator: Simulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=simulator.url, trust_env=False) as client:
        yield client


def start(http: httpx.Client) -> dict[str, str]:
    reply = http.post("/api/accounts/deviceauth/usercode", json={"client_id": CODEX_CLIENT})
    assert reply.status_code == 200
    started: dict[str, str] = reply.json()
    return started


def poll(http: httpx.Client, started: dict[str, str]) -> httpx.Response:
    names = ("device_auth_id", "user_code")
    body = {name: started[name] for name in names}
    return http.post("/api/accounts/deviceauth/token", json=body)


def test_code_is_pending_until_somebody_allows_it(http: httpx.Client, simulator: Simulator) -> None:
    started = start(http)
    assert started["interval"] == "5"  # a string on the wire
    pending = poll(http, started)
    assert pending.status_code == 403
    assert pending.json()["error"]["code"] == "deviceauth_authorization_pending"

    typed = started["user_code"].lower().replace("-", " ")
    page = approve_device(f"{simulator.url}/codex/device", typed, "bo@example.com")
    assert (page.status, "Device connected" in page.text) == (200, True)

    allowed = poll(http, started)
    assert allowed.status_code == 200
    form = {
        "grant_type": "authorization_code",
        "client_id": CODEX_CLIENT,
        "code": allowed.json()["authorization_code"],
        "redirect_uri": f"{simulator.url}/deviceauth/callback",
        "code_verifier": allowed.json()["code_verifier"],
    }
    tokens = http.post("/oauth/token", data=form)
    assert tokens.status_code == 200
    assert {"id_token", "access_token", "refresh_token"} <= tokens.json().keys()
    assert poll(http, started).status_code == 400  # once only


def test_denied_code_is_refused(http: httpx.Client, simulator: Simulator) -> None:
    started = start(http)
    url = f"{simulator.url}/codex/device"
    page = approve_device(url, started["user_code"], decision="deny")
    assert "Device refused" in page.text
    assert poll(http, started).status_code == 400


def test_code_that_nobody_waits_for(http: httpx.Client, simulator: Simulator) -> None:
    url = f"{simulator.url}/codex/device"
    assert approve_device(url, "AAAA-AAAAA").status == 400
    assert approve_device(url, start(http)["user_code"], "cy@example.com").status == 403
    assert poll(http, {"device_auth_id": "x", "user_code": "y"}).status_code == 400


def test_code_expires(http: httpx.Client, simulator: Simulator) -> None:
    started = start(http)
    simulator.advance(15 * 60 + 1)
    assert poll(http, started).status_code == 410
    url = f"{simulator.url}/codex/device"
    assert approve_device(url, started["user_code"]).status == 400


def test_device_sign_in_can_be_switched_off(http: httpx.Client, simulator: Simulator) -> None:
    simulator.state.devices.is_enabled = False
    reply = http.post("/api/accounts/deviceauth/usercode", json={"client_id": CODEX_CLIENT})
    assert reply.status_code == 404


def test_unknown_client(http: httpx.Client, simulator: Simulator) -> None:
    issue_tokens(simulator)
    reply = http.post("/api/accounts/deviceauth/usercode", json={"client_id": "other"})
    assert reply.status_code == 401
