"""Where requests go, and which overrides are refused."""

from __future__ import annotations

import pytest

from app.endpoints import (
    AUTH_URL_VARIABLE,
    BACKEND_URL_VARIABLE,
    Endpoints,
    endpoints_from,
    is_loopback_host,
)
from app.errors import AppError, FaultKind


def test_without_overrides_the_real_service_is_meant() -> None:
    assert endpoints_from({}) == Endpoints("https://auth.openai.com", "https://chatgpt.com")
    assert endpoints_from({AUTH_URL_VARIABLE: "  "}) == Endpoints()


def test_every_address_lies_below_its_base() -> None:
    endpoints = Endpoints("https://a.example", "https://b.example/x")

    assert endpoints.authorize == "https://a.example/oauth/authorize"
    assert endpoints.token == "https://a.example/oauth/token"
    assert endpoints.revoke == "https://a.example/oauth/revoke"
    assert endpoints.usage == "https://b.example/x/backend-api/wham/usage"
    resets = "https://b.example/x/backend-api/wham/rate-limit-reset-credits"
    assert endpoints.reset_credits == resets
    assert endpoints.models == "https://b.example/x/backend-api/codex/models"
    assert endpoints.responses == "https://b.example/x/backend-api/codex/responses"


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://proxy.example", "https://proxy.example"),
        (" https://proxy.example/base/ ", "https://proxy.example/base"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_https_anywhere_and_http_on_loopback(given: str, base: str) -> None:
    assert endpoints_from({BACKEND_URL_VARIABLE: given}).backend_url == base


@pytest.mark.parametrize(
    "given",
    [
        "http://proxy.example",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "ftp://127.0.0.1",
        "proxy.example",
        "https://",
        "https://user@proxy.example",
        "https://:secret@proxy.example",
        "https://proxy.example/?a=b",
        "https://proxy.example/#x",
        "https://proxy.example:99999",
        "https://[::1",
        "https://a b.example",
        "https://a.example/\r\nX: y",
    ],
)
def test_anything_else_is_a_fault_of_configuration(given: str) -> None:
    with pytest.raises(AppError) as raised:
        endpoints_from({AUTH_URL_VARIABLE: given})

    assert raised.value.fault.kind is FaultKind.CONFIGURATION
    assert AUTH_URL_VARIABLE in raised.value.fault.detail
    assert "secret" not in raised.value.fault.detail


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 - only looked at
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback_is_told_without_looking_a_name_up(host: str, is_loopback: bool) -> None:
    assert is_loopback_host(host) is is_loopback
