"""Where the sign-in window can be shown, and how its answer is judged."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.auth.client_profiles import CODEX
from app.auth.embedded_sign_in import UseBrowserInstead, code_of, obstacle
from app.auth.oauth import ENTROPY_BYTES, AuthorizationRequest, authorization_request
from app.embedded_window import Ending, EndKind, Obstacle
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind

REDIRECT = "http://localhost:1455/auth/callback"


def a_request() -> AuthorizationRequest:
    endpoints = Endpoints(auth_url="https://auth.example")
    return authorization_request(endpoints, CODEX, REDIRECT, bytes(range(ENTROPY_BYTES)))


def redirect(query: str, address: str = REDIRECT) -> Ending:
    return Ending(EndKind.REDIRECT, f"{address}?{query}")


def fault_of(ending: Ending) -> AppError:
    with pytest.raises(AppError) as raised:
        code_of(ending, a_request())
    return raised.value


def test_the_code_of_the_redirect() -> None:
    request = a_request()

    assert code_of(redirect(f"code=ac_1&state={request.state}"), request) == "ac_1"
    assert code_of(redirect(f"code=ac_1&state={request.state}#x"), request) == "ac_1"


@pytest.mark.parametrize(
    "ending",
    [
        redirect("code=ac_1"),
        redirect("code=ac_1&state=other"),
        redirect("code=ac_1&state={state}&state={state}"),
        redirect("code=ac_1&code=ac_2&state={state}"),
        redirect("code=ac_1&state={state}", "http://localhost:1455/auth/callback/"),
        redirect("code=ac_1&state={state}", "http://localhost:1457/auth/callback"),
        redirect("code=ac_1&state={state}&iss=https://evil.example"),
        redirect("state={state}"),
        Ending(EndKind.REDIRECT, REDIRECT),
    ],
)
def test_the_rules_of_the_listener_hold(ending: Ending) -> None:
    """T-27 with T-06, T-07, T-09."""
    answer = Ending(ending.kind, ending.text.replace("{state}", a_request().state))

    assert fault_of(answer).fault.kind is FaultKind.SIGN_IN_FAILED


def test_a_refusal_is_told_as_one() -> None:
    query = f"error=access_denied&state={a_request().state}"

    assert fault_of(redirect(query)).fault.kind is FaultKind.SIGN_IN_DENIED


def test_the_other_endings() -> None:
    assert fault_of(Ending(EndKind.CANCELLED)).fault.kind is FaultKind.SIGN_IN_CANCELLED
    not_started = fault_of(Ending(EndKind.NOT_STARTED, "libnss3.so: not found")).fault
    assert not_started.kind is FaultKind.SIGN_IN_WINDOW_FAILED
    assert "libnss3" in not_started.detail
    certificate = fault_of(Ending(EndKind.CERTIFICATE, "expired", "auth.example")).fault
    assert (certificate.kind, certificate.host) == (FaultKind.NOT_SECURE, "auth.example")
    assert certificate.detail == "expired"
    unknown = fault_of(Ending(EndKind.AUTHORITY, "unknown", "auth.example")).fault
    assert (unknown.kind, unknown.host) == (FaultKind.UNKNOWN_AUTHORITY, "auth.example")
    with pytest.raises(UseBrowserInstead):
        code_of(Ending(EndKind.USE_BROWSER), a_request())


@pytest.mark.parametrize(
    ("uid", "environment", "reason"),
    [
        (1000, {"DISPLAY": ":0"}, Obstacle.NONE),
        (1000, {"WAYLAND_DISPLAY": "wayland-0"}, Obstacle.NONE),
        (1000, {}, Obstacle.NO_DISPLAY),
        (0, {"DISPLAY": ":0"}, Obstacle.ROOT),  # T-19
    ],
)
def test_where_there_can_be_a_window(
    uid: int, environment: dict[str, str], reason: Obstacle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)

    assert obstacle(environment, "linux") is reason


def test_without_the_extra_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-D25"""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    assert obstacle({"DISPLAY": ":0"}, "linux") is Obstacle.NOT_INSTALLED


def test_asking_imports_nothing_of_the_engine() -> None:
    """F-D25: the resident process never loads QtWebEngine."""
    script = (
        "import sys; from app.auth.embedded_sign_in import obstacle; "
        "obstacle({'DISPLAY': ':0'}, 'linux'); "
        "print([name for name in sys.modules if 'WebEngine' in name])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
