"""Where requests go: the two bases, their overrides and the addresses below them. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from app.errors import FaultKind, fail
from app.values import dataclass

AUTH_URL_VARIABLE = "TIDEGAUGE_AUTH_URL"
BACKEND_URL_VARIABLE = "TIDEGAUGE_BACKEND_URL"
DEFAULT_AUTH_URL = "https://auth.openai.com"
DEFAULT_BACKEND_URL = "https://chatgpt.com"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The two bases, without a trailing slash. Paths: protocol notes of the service."""

    auth_url: str = DEFAULT_AUTH_URL
    backend_url: str = DEFAULT_BACKEND_URL

    @property
    def authorize(self) -> str:
        return f"{self.auth_url}/oauth/authorize"

    @property
    def token(self) -> str:
        return f"{self.auth_url}/oauth/token"

    @property
    def revoke(self) -> str:
        return f"{self.auth_url}/oauth/revoke"

    @property
    def device_code(self) -> str:
        return f"{self.auth_url}/api/accounts/deviceauth/usercode"

    @property
    def device_token(self) -> str:
        return f"{self.auth_url}/api/accounts/deviceauth/token"

    @property
    def device_page(self) -> str:
        """Where the person types the code of another device."""
        return f"{self.auth_url}/codex/device"

    @property
    def device_redirect(self) -> str:
        """The redirect URI that a device's code is bound to; nothing is opened there."""
        return f"{self.auth_url}/deviceauth/callback"

    @property
    def usage(self) -> str:
        return f"{self.backend_url}/backend-api/wham/usage"

    @property
    def reset_credits(self) -> str:
        """The limit resets that may be redeemed; read only."""
        return f"{self.backend_url}/backend-api/wham/rate-limit-reset-credits"

    @property
    def models(self) -> str:
        return f"{self.backend_url}/backend-api/codex/models"

    @property
    def responses(self) -> str:
        return f"{self.backend_url}/backend-api/codex/responses"


def endpoints_from(environment: Mapping[str, str]) -> Endpoints:
    """Endpoints with the overrides of `environment` applied.

    Raises `AppError(CONFIGURATION)` for an address that is neither https nor http on loopback.
    """
    return Endpoints(
        _base(environment.get(AUTH_URL_VARIABLE, ""), DEFAULT_AUTH_URL, AUTH_URL_VARIABLE),
        _base(environment.get(BACKEND_URL_VARIABLE, ""), DEFAULT_BACKEND_URL, BACKEND_URL_VARIABLE),
    )


def is_loopback_host(host: str) -> bool:
    """True for `localhost` and literal loopback addresses; a name is never looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _base(value: str, default: str, variable: str) -> str:
    value = value.strip()
    if not value:
        return default
    if any(character <= " " or character == "\x7f" for character in value):
        raise fail(FaultKind.CONFIGURATION, f"{variable} is not an address")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise fail(FaultKind.CONFIGURATION, f"{variable} is not an address") from None
    plain_ok = parts.scheme == "http" and is_loopback_host(host)
    if not host or not (parts.scheme == "https" or plain_ok):
        raise fail(FaultKind.CONFIGURATION, f"{variable} must be https, or http on loopback")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise fail(FaultKind.CONFIGURATION, f"{variable} must be a plain base address")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
