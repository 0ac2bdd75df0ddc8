"""The only cookies the program keeps: those by which the gateway recognises a connection.

In memory, for the service's own hosts, by name; nothing that could identify a session.
"""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from urllib.request import Request

# Names the official client keeps for the same hosts (its HTTP client's cookie rules).
_NAMES = frozenset(
    {
        "__cf_bm",
        "__cflb",
        "__cfruid",
        "__cfseq",
        "__cfwaitingroom",
        "_cfuvid",
        "cf_clearance",
        "cf_ob_info",
        "cf_use_ob",
        "__oailb",
    }
)
_PREFIX = "cf_chl_"


class _GatewayPolicy(DefaultCookiePolicy):
    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__()
        self._hosts = hosts

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        named = cookie.name in _NAMES or cookie.name.startswith(_PREFIX)
        return named and self._is_ours(request.host) and super().set_ok(cookie, request)

    def _is_ours(self, host: str) -> bool:
        name = host.lower().rpartition(":")[0] if ":" in host else host.lower()
        return any(name == own or name.endswith(f".{own}") for own in self._hosts)


def gateway_cookies(hosts: tuple[str, ...]) -> CookieJar:
    """An empty jar that takes the gateway's cookies from `hosts` and their subdomains only."""
    return CookieJar(policy=_GatewayPolicy(hosts))
