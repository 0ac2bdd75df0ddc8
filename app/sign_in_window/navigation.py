"""Which addresses the window may load. Pure.

Addresses are given as the browser engine writes them: normalised and encoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import SplitResult, urlsplit

from app.endpoints import is_loopback_host

_EMPTY_PAGES = ("about:blank", "about:srcdoc")
_WEB = ("https", "http", "wss", "ws")


class Verdict(Enum):
    """What becomes of a navigation."""

    LOAD = "load"
    ANSWER = "answer"  # the redirect that ends the sign-in; it is never loaded (T-27)
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one sign-in (T-21). `allows_loopback`: for a stand-in service only."""

    redirect_uri: str
    allows_loopback: bool

    @classmethod
    def of(cls, authorization_url: str, redirect_uri: str) -> Rules:
        """Plain http is for whoever signs in at this very machine."""
        parts = urlsplit(authorization_url)
        is_local = parts.scheme == "http" and is_loopback_host(parts.hostname or "")
        return cls(redirect_uri, is_local)

    def navigation(self, address: str, *, is_main_frame: bool) -> Verdict:
        """A page, or a frame of a page, is to be loaded."""
        parts = _parts(address)
        if parts is None:
            return Verdict.REFUSE
        if self._leads_back(parts):
            is_answer = is_main_frame and parts.path == urlsplit(self.redirect_uri).path
            return Verdict.ANSWER if is_answer else Verdict.REFUSE
        if self._is_secure(parts, ("https",), ("http",)) or address in _EMPTY_PAGES:
            return Verdict.LOAD
        if not is_main_frame and parts.scheme in ("data", "blob"):
            return Verdict.LOAD
        return Verdict.REFUSE

    def request(self, address: str) -> bool:
        """Whether anything at all may be fetched from there: pictures, scripts, sockets."""
        parts = _parts(address)
        if parts is None or self._leads_back(parts):
            return False
        return parts.scheme in ("data", "blob") or self._is_secure(
            parts, ("https", "wss"), ("http", "ws")
        )

    def _is_secure(
        self, parts: SplitResult, always: tuple[str, ...], locally: tuple[str, ...]
    ) -> bool:
        host = parts.hostname or ""
        if parts.scheme in always:
            return bool(host)
        return self.allows_loopback and parts.scheme in locally and is_loopback_host(host)

    def _leads_back(self, parts: SplitResult) -> bool:
        """To the address of the redirect, where nobody listens, or somebody who should not."""
        back = urlsplit(self.redirect_uri)
        same_port = parts.port is not None and parts.port == back.port
        is_web = parts.scheme in _WEB
        return is_web and same_port and is_loopback_host(parts.hostname or "")


def _parts(address: str) -> SplitResult | None:
    """None for what is no address."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
