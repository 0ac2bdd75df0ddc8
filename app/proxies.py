"""Which way a request goes: direct or through a proxy. Pure.

The order, first match wins: loopback goes direct, always; the setting (`none`, or an address);
what the environment or the system names as exceptions (`NO_PROXY`); the proxy it names for
the scheme (`HTTPS_PROXY`); the one for everything (`ALL_PROXY`). An address that cannot be
used is an error: never a silent direct connection (rows T-39, F-N18).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from urllib.parse import urlsplit

from app.endpoints import is_loopback_host
from app.errors import FaultKind, fail
from app.values import dataclass

_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


@dataclass(frozen=True, slots=True)
class Proxy:
    """A usable proxy. `url` may hold a password; `name` is what may be shown and logged."""

    url: str = field(repr=False)
    name: str


def proxy_for(
    scheme: str, host: str, *, setting: str, system: Mapping[str, str], is_exception: bool
) -> Proxy | None:
    """The proxy for a request to `scheme`://`host`, None for a direct connection.

    `system` maps a scheme or "all" to an address, as `urllib.request.getproxies` gives it;
    `is_exception` says that the system wants this host reached directly.
    Raises `AppError(PROXY)` for an address that cannot be used.
    """
    if is_loopback_host(host) or setting == "none":
        return None
    if setting != "system":
        return _checked(setting)
    address = system.get(scheme) or system.get("all") or ""
    if is_exception or not address:
        return None
    return _checked(address)


def _checked(address: str) -> Proxy:
    url = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        raise fail(FaultKind.PROXY, "the proxy address cannot be read") from None
    if scheme not in _SCHEMES:
        raise fail(FaultKind.PROXY, "the proxy must be http, https or socks5")
    if not host or any(c.isspace() for c in url):
        raise fail(FaultKind.PROXY, "the proxy address cannot be read")
    shown = f"[{host}]" if ":" in host else host
    return Proxy(url, f"{scheme}://{shown}:{port}" if port else f"{scheme}://{shown}")
