"""Where releases and the project are found, if this build has such addresses. Pure.

They stand in `app/__init__.py`. As long as one of the names reserved for examples stands there,
this build has none: no link is shown and nothing is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from app import PROJECT_URL, RELEASES_URL
from app.endpoints import is_loopback_host

VARIABLE = "TIDEGAUGE_RELEASES_URL"
# RFC 2606 and RFC 6761: nobody can own them.
_RESERVED = ("example", "example.com", "example.net", "example.org", "invalid", "test")


def releases_url(environment: Mapping[str, str], built_in: str = RELEASES_URL) -> str:
    """Where the newest version is told; "" if nowhere.

    `TIDEGAUGE_RELEASES_URL` takes its place, for whoever keeps a mirror. Only https, and http on
    loopback.
    """
    return _usable(environment.get(VARIABLE, "").strip() or built_in)


def project_url(built_in: str = PROJECT_URL) -> str:
    """The project's page; "" if this build names none."""
    return _usable(built_in)


def _usable(address: str) -> str:
    if not address.isascii() or not address.isprintable() or " " in address:
        return ""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_private = parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(host))
    is_reserved = any(host == name or host.endswith(f".{name}") for name in _RESERVED)
    if not host or not is_private or is_reserved or parts.username or parts.password:
        return ""
    return address
