"""Which way a request goes: direct or through a proxy; and how a proxy's address reads. Pure.

The order, first match wins: loopback goes direct, always; the setting (`none`, or an address);
what the environment or the system names as exceptions (`NO_PROXY`); the proxy it names for
the scheme (`HTTPS_PROXY`); the one for everything (`ALL_PROXY`). An address that cannot be
used is an error: never a silent direct connection (rows T-39, F-N18).

An address is SCHEME://[USER[:PASSWORD]@]HOST[:PORT], the scheme http, https, socks5 or socks5h
(whose names are looked up by the proxy, either way). What stands before the last "@" is
percent-decoded, and may as well be typed as it is: a password with "/", "#" or "@" in it is
still one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from urllib.parse import quote, unquote, urlsplit

from app.endpoints import is_loopback_host
from app.errors import AppError, FaultKind, fail
from app.values import dataclass

# "socks" is what GNOME's settings put into ALL_PROXY.
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks": 1080}
_WORDS = ("system", "none")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A usable proxy; `name` is what may be shown and logged.

    `lacks_password`: there is a user, and the password is kept elsewhere, if there is one.
    """

    name: str
    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    lacks_password: bool = False

    @property
    def is_socks(self) -> bool:
        return self.scheme.startswith("socks")

    @property
    def has_user(self) -> bool:
        """Whether there is anything to sign in with."""
        return bool(self.user or self.password)


def proxy_for(
    scheme: str, host: str, *, setting: str, system: Mapping[str, str], is_exception: bool
) -> Proxy | None:
    """The proxy for a request to `scheme`://`host`, None for a direct connection.

    `system` maps a scheme or "all" to an address, as `urllib.request.getproxies` gives it;
    `is_exception` says that the system wants this host reached directly.
    Raises `AppError(PROXY_ADDRESS)` for an address that cannot be used.
    """
    if is_loopback_host(host) or setting == "none":
        return None
    if setting != "system":
        return read_proxy(setting)
    address = system.get(scheme) or system.get("all") or ""
    if is_exception or not address:
        return None
    return read_proxy(address)


def read_proxy(address: str) -> Proxy:
    """What `address` means. Raises `AppError(PROXY_ADDRESS)`; nothing of it gets into the fault."""
    typed_scheme, user_info, place = _parts(address)
    scheme = typed_scheme.lower()
    if scheme not in _PORTS:
        raise fail(FaultKind.PROXY_ADDRESS, "the proxy must be http, https or socks5")
    try:
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not all("!" <= c != "\x7f" for c in place) or not _is_host(host):
        raise fail(FaultKind.PROXY_ADDRESS, "the proxy address cannot be read")
    user, colon, password = (user_info or "").partition(":")
    shown = f"[{host}]" if ":" in host else host
    return Proxy(
        f"{scheme}://{shown}:{port}" if port else f"{scheme}://{shown}",
        scheme,
        host,
        port or _PORTS[scheme],
        unquote(user),
        unquote(password),
        lacks_password=user_info is not None and not colon,
    )


def proxy_fault(kind: FaultKind, proxy: Proxy, detail: str) -> AppError:
    """What is wrong with a proxy, which is named; its user and password are not."""
    return fail(kind, f"{detail} ({proxy.name})", host=proxy.host)


def is_usable(setting: str) -> bool:
    """Whether it can be set: a word, or an address that can be read."""
    if setting in _WORDS:
        return True
    try:
        read_proxy(setting)
    except AppError:
        return False
    return True


def without_password(setting: str) -> tuple[str, str | None]:
    """The setting as it may be written anywhere, and the password it held, decoded; else None.

    >>> without_password("socks5://ann:pw@proxy.example:1080")
    ('socks5://ann@proxy.example:1080', 'pw')
    """
    _, user_info, _ = _parts(setting)
    if user_info is None or ":" not in user_info:
        return setting, None
    password = user_info.partition(":")[2]
    before, _, after = setting.rpartition("@")
    return f"{before[: len(before) - len(password) - 1]}@{after}", unquote(password)


def with_password(setting: str, password: str) -> str:
    """The address of a proxy that `without_password` gave, with it again."""
    before, at, after = setting.rpartition("@")
    return f"{before}:{quote(password, safe='')}{at}{after}"


def _parts(address: str) -> tuple[str, str | None, str]:
    """(scheme, user info or None, the rest up to its path)."""
    scheme, separator, rest = address.partition("://")
    if not separator or not scheme.isalnum():  # "user:a://b@host" has none: that is a password
        scheme, rest = "http", address
    user_info, at, place = rest.rpartition("@")
    for end in "/?#":
        place = place.partition(end)[0]
    return scheme, user_info if at else None, place


def _is_host(host: str) -> bool:
    try:
        return bool(host.encode("idna")) and len(host) <= 253
    except UnicodeError:
        return False
