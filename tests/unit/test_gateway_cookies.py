"""Which cookies are kept: the gateway's, from the service's own hosts."""

from __future__ import annotations

from email.message import Message
from typing import Any
from urllib.request import Request

import pytest

from app.gateway_cookies import gateway_cookies


class _Response:
    def __init__(self, *cookies: str) -> None:
        self._head = Message()
        for cookie in cookies:
            self._head["Set-Cookie"] = cookie

    def info(self) -> Message:
        return self._head


def kept(url: str, *cookies: str) -> list[str]:
    jar: Any = gateway_cookies(("chatgpt.com",))
    jar.extract_cookies(_Response(*cookies), Request(url))  # noqa: S310 - never opened
    return sorted(cookie.name for cookie in jar)


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("__cf_bm", True), ("__cflb", True), ("_cfuvid", True), ("cf_clearance", True),
        ("cf_chl_rc_i", True), ("__oailb", True), ("session", False), ("__Secure-next-auth", False),
        ("oai-did", False), ("CF_CLEARANCE", False),
    ],
)  # fmt: skip
def test_by_name(name: str, is_kept: bool) -> None:
    assert kept("https://chatgpt.com/x", f"{name}=v; Path=/") == ([name] if is_kept else [])


@pytest.mark.parametrize(
    ("url", "is_kept"),
    [
        ("https://chatgpt.com/", True),
        ("https://CHATGPT.com:443/", True),
        ("https://api.chatgpt.com/", True),
        ("https://notchatgpt.com/", False),
        ("https://chatgpt.com.evil.example/", False),
        ("https://auth.openai.com/", False),
        ("http://127.0.0.1:8000/", False),
    ],
)
def test_by_host(url: str, is_kept: bool) -> None:
    assert kept(url, "__cf_bm=v; Path=/") == (["__cf_bm"] if is_kept else [])


def test_a_cookie_for_a_foreign_domain_is_refused() -> None:
    assert kept("https://chatgpt.com/", "__cf_bm=v; Domain=evil.example") == []
