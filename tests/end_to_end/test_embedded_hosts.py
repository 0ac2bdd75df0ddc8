"""Whom the embedded sign-in believes, and by which way it goes: certificates, names, proxies."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.proxy_server import ProxyServer
from support.running_program import Shoot
from support.sign_in_pages import Pages
from support.window_process import (
    LIMIT_S,
    may_use_sandbox,
    opening,
    shown_window,
)

from app.embedded_window import EndKind

pytestmark = pytest.mark.skipif(
    not may_use_sandbox(), reason="this system refuses the namespaces of Chromium's sandbox"
)


@pytest.fixture(scope="module")
def desktop() -> Iterator[DesktopSession]:
    with desktop_session("none", screen="1000x900x24") as session:
        yield session


def tls_for(host: str, authority: trustme.CA, ends: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, not_after=ends).configure_cert(context)
    return context


@pytest.mark.parametrize("fault", ["stranger", "other name", "expired"])
def test_a_bad_certificate_ends_it(desktop: DesktopSession, tmp_path: Path, fault: str) -> None:
    """T-22: with host and reason, and without a way to go on."""
    authority, bundle = trustme.CA(), tmp_path / "authorities.pem"
    (trustme.CA() if fault == "stranger" else authority).cert_pem.write_to_path(str(bundle))
    tls = tls_for(
        "other.localhost" if fault == "other name" else "localhost",
        authority,
        datetime.now(UTC) - timedelta(days=1) if fault == "expired" else None,
    )
    with (
        Pages({"/": "x"}, tls=tls) as site,
        shown_window(
            desktop, opening(f"https://localhost:{site.port}/"), {"SSL_CERT_FILE": str(bundle)}
        ) as window,
    ):
        ending = window.ending()

    expected = EndKind.AUTHORITY if fault == "stranger" else EndKind.CERTIFICATE
    assert ending.kind is expected
    assert ending.host == "localhost"
    assert ending.text
    assert site.requests == []


def test_the_systems_authorities_and_a_name_in_another_alphabet(
    desktop: DesktopSession, tmp_path: Path, shoot: Shoot
) -> None:
    """T-22: a company's own authority counts. T-24: the name is shown as punycode."""
    authority = trustme.CA()
    bundle = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(str(bundle))
    host = "xn--80ak6aa92e.localhost"  # all Cyrillic, and looks like a name one knows
    page = "<h1>Sign in</h1><script>fetch('/ready', {method: 'POST', body: ''})</script>"
    with (
        Pages({"/u/login": page}, tls=tls_for(host, authority)) as site,
        shown_window(
            desktop,
            opening(f"https://аррӏе.localhost:{site.port}/u/login"),
            {"SSL_CERT_FILE": str(bundle)},
        ) as window,
    ):
        window.wait_until_shown()
        wait_until(lambda: site.posts.get("/ready"), LIMIT_S, "the page")
        shoot(desktop, "embedded-punycode")
        assert not window.has_ended


def test_the_proxy_of_the_settings_is_used(desktop: DesktopSession) -> None:
    """T-39: and if it does not help, there is no direct connection instead."""
    with Pages({}) as proxy:
        asked = opening("https://auth.invalid/", proxy=f"http://127.0.0.1:{proxy.port}")
        with shown_window(desktop, asked) as window:
            wait_until(lambda: "CONNECT auth.invalid:443" in proxy.requests, LIMIT_S, "the proxy")
            window.press_until(lambda: window.has_ended, "space")

            assert window.ending().kind is EndKind.USE_BROWSER


def test_an_authority_of_the_settings(desktop: DesktopSession, tmp_path: Path) -> None:
    """T-22, T-36: on Linux; it vouches for what it signed, beside those of the system."""
    authority, file = trustme.CA(), desktop.folder / "own.pem"
    authority.cert_pem.write_to_path(str(file))
    file.chmod(0o644)
    page = "<h1>Sign in</h1><script>fetch('/ready', {method: 'POST', body: ''})</script>"
    with Pages({"/": page}, tls=tls_for("localhost", authority)) as site:
        asked = opening(f"https://localhost:{site.port}/", ca_file=str(file))
        with shown_window(desktop, asked) as window:
            wait_until(lambda: site.posts.get("/ready"), LIMIT_S, "the page")
            assert not window.has_ended
    with Pages({"/": page}, tls=tls_for("localhost", trustme.CA())) as site:
        asked = opening(f"https://localhost:{site.port}/", ca_file=str(file))
        with shown_window(desktop, asked) as window:
            assert window.ending().kind is EndKind.AUTHORITY


@pytest.mark.parametrize("is_right", [True, False])
def test_a_proxy_that_wants_a_sign_in(desktop: DesktopSession, is_right: bool) -> None:
    """What the settings and the keyring hold is given to it; nobody is asked by a page."""
    with ProxyServer(user="ann", password="p@ss") as proxy:
        password = "p%40ss" if is_right else "other"
        asked = opening("https://auth.invalid/", proxy=proxy.address("http", f"ann:{password}"))
        with shown_window(desktop, asked) as window:
            given = ("ann", "p@ss" if is_right else "other")
            wait_until(lambda: given in proxy.given, LIMIT_S, "the sign-in at the proxy")
            if is_right:
                wait_until(lambda: "auth.invalid:443" in proxy.asked, LIMIT_S, "the page")
            else:
                assert proxy.asked == []
            window.press_until(lambda: window.has_ended, "alt+F4")
