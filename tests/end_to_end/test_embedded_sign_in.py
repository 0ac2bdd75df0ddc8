"""The embedded sign-in with the real QtWebEngine, its sandbox on, on a private desktop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import Shoot, hold_for, is_running
from support.sign_in_pages import Pages
from support.simulator import MakeSimulator
from support.window_process import (
    CHECKOUT,
    LIMIT_S,
    Window,
    arguments_of,
    as_ordinary_user,
    family_of,
    listening_ports,
    local,
    may_use_sandbox,
    opening,
    renderers_of,
    shown_window,
)

from app.embedded_window import EndKind

pytestmark = pytest.mark.skipif(
    not may_use_sandbox(), reason="this system refuses the namespaces of Chromium's sandbox"
)

HOSTILE = {
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --remote-debugging-port=9222",
    "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
}


@pytest.fixture(scope="module")
def desktop() -> Iterator[DesktopSession]:
    with desktop_session("none", screen="1000x900x24") as session:
        yield session


def assert_gone(pids: list[int]) -> None:
    wait_until(lambda: not any(is_running(pid) for pid in pids), 10, "end of all processes")


# --- the whole way --------------------------------------------------------------------------------


def test_sign_in_without_a_port_and_with_the_sandbox_on(
    desktop: DesktopSession, make_simulator: MakeSimulator, shoot: Shoot
) -> None:
    """T-18, T-19, T-27: hostile variables change nothing; and nothing of it stays."""
    simulator = make_simulator(any_port=False)
    script = CHECKOUT / "tests" / "support" / "embedded_sign_in.py"
    program = desktop.start(
        as_ordinary_user([sys.executable, str(script), simulator.url]),
        log="embedded",
        env={**desktop.env, **HOSTILE},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert program.stdout is not None
    window = Window(desktop, program)
    window.wait_until_shown()
    wait_until(lambda: renderers_of(program.pid), LIMIT_S, "a renderer")
    family = family_of(program.pid)

    assert listening_ports(family) == []
    for pid in family:
        line = " ".join(arguments_of(pid))
        assert "--no-sandbox" not in line
        assert "remote-debugging" not in line
        assert "oauth/authorize" not in line  # the state is in no argument
    for renderer in renderers_of(program.pid):
        status = Path(f"/proc/{renderer}/status").read_text()
        assert "Seccomp:\t2" in status
        for space in ("net", "pid"):
            theirs = os.readlink(f"/proc/{renderer}/ns/{space}")
            assert theirs != os.readlink(f"/proc/{program.pid}/ns/{space}")
    shoot(desktop, "embedded-sign-in")

    window.press_until(lambda: window.has_ended, "Tab", "Return")
    report = json.loads(program.stdout.read())
    program.stdout.close()

    assert report["account"] == "ann@example.com", report
    assert report["obstacle"] == ""
    assert report["engine"] == []
    assert not report["engine_libraries"]
    assert report["pss_after"] - report["pss_before"] < 8_000  # kB: the exchange's own modules
    assert_gone(family)


def test_a_redirect_by_the_server_is_never_followed(
    desktop: DesktopSession, tmp_path: Path
) -> None:
    """T-27, T-23: no connection to the redirect's address, nothing of the visit on the disk."""
    sentinel = "sentinel-" + os.urandom(8).hex()
    folder = desktop.folder / "tmp"
    folder.mkdir(exist_ok=True)
    script = (
        f"<script>localStorage.setItem('a', '{sentinel}');"
        f"indexedDB.open('{sentinel}').onsuccess = () =>"
        " { location.href = '/back' }</script>"
    )
    headers = {"Set-Cookie": f"session={sentinel}; Max-Age=9999", "Cache-Control": "max-age=999"}
    with Pages({}) as listener:
        back = f"http://localhost:{listener.port}/auth/callback"
        pages = {"/": script, "/back": f"->{back}?code=c&state=s"}
        with (
            Pages(pages, headers=headers) as site,
            shown_window(
                desktop, replace(opening(local(site)), redirect_uri=back), {"TMPDIR": str(folder)}
            ) as window,
        ):
            ending = window.ending()

    assert ending.kind is EndKind.REDIRECT
    assert ending.text == f"{back}?code=c&state=s"
    assert "/back" in site.requests
    assert listener.requests == []
    errors = (desktop.folder / "window.log").read_text(errors="replace")
    assert "Release of profile" not in errors  # the page went before the profile
    kept = [
        path
        for path in desktop.folder.rglob("*")
        if path.is_file() and sentinel.encode() in path.read_bytes()
    ]
    assert kept == []
    assert not [path for path in desktop.folder.rglob("*") if "webengine" in path.name.lower()]


# --- when it does not work ------------------------------------------------------------------------


def test_the_browser_is_one_key_away_after_a_crash(desktop: DesktopSession, shoot: Shoot) -> None:
    """F-L18, F-D25"""
    page = "<p>x</p><script>fetch('/ready', {method: 'POST', body: ''})</script>"
    with Pages({"/": page}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        wait_until(lambda: site.posts.get("/ready"), LIMIT_S, "the page")
        for renderer in renderers_of(window.process.pid):
            os.kill(renderer, signal.SIGKILL)
        window.press_until(lambda: window.has_ended, "space")
        shoot(desktop, "embedded-crashed")

        assert window.ending().kind is EndKind.USE_BROWSER


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browser_is_offered_when_a_page_does_not_come(
    desktop: DesktopSession, shoot: Shoot, scheme: str
) -> None:
    """F-L18, with less patience than in life."""
    with Pages({}, stuck=("/",)) as site:
        asked = opening(local(site), patience_s=1.0, colour_scheme=scheme)
        with shown_window(desktop, asked) as window:
            window.wait_until_shown()
            wait_until(lambda: site.requests, LIMIT_S, "the request")
            hold_for(2.5, lambda: not window.has_ended)
            shoot(desktop, f"embedded-stalled-{scheme}")
            window.press_until(lambda: window.has_ended, "space")

            assert window.ending().kind is EndKind.USE_BROWSER


def test_the_browser_is_offered_when_a_page_shows_nothing(desktop: DesktopSession) -> None:
    """F-L18"""
    with (
        Pages({"/": "<!doctype html>"}) as site,
        shown_window(desktop, opening(local(site), patience_s=1.0)) as window,
    ):
        window.wait_until_shown()
        hold_for(3.5, lambda: not window.has_ended)
        window.press_until(lambda: window.has_ended, "space")

        assert window.ending().kind is EndKind.USE_BROWSER


def test_closing_the_window_is_giving_up(desktop: DesktopSession) -> None:
    with Pages({"/": "x"}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        window.press_until(lambda: window.has_ended, "alt+F4")

        assert window.ending().kind is EndKind.CANCELLED


def test_the_window_goes_with_its_program(desktop: DesktopSession) -> None:
    """A cancelled sign-in, and a program that died, close the pipe."""
    with Pages({"/": "x"}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        wait_until(lambda: renderers_of(window.process.pid), LIMIT_S, "a renderer")
        family = family_of(window.process.pid)
        assert window.process.stdin is not None
        window.process.stdin.close()

        assert window.ending(5).kind is EndKind.CANCELLED
        assert_gone(family)
