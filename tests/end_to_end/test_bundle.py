"""A bundle that was made, running: in the tray, and as its sign-in window.

    TIDEGAUGE_BUNDLE=dist/tidegauge python3 packaging/dev.py test tests/end_to_end/test_bundle.py

Making one takes a minute, so that the gate does without; the build workflow runs it on its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import environment_of
from support.session_keyring import store_sign_in
from support.tray_host import TrayReader
from support.window_process import (
    LIMIT_S,
    family_of,
    may_use_sandbox,
    renderers_of,
    shown_window,
)

from app import COMMAND, SIGN_IN_WINDOW_OPTION
from app.embedded_window import Opening
from app.simulator.server import Simulator

CHECKOUT = Path(__file__).resolve().parents[2]
VARIABLE = "TIDEGAUGE_BUNDLE"
BUNDLE = os.environ.get(VARIABLE, "")
ENGINE = "WebEngine"

pytestmark = [
    pytest.mark.skipif(not BUNDLE, reason=f"{VARIABLE} names no bundle"),
    pytest.mark.xdist_group("bundle"),
]


@pytest.fixture
def bundle() -> Path:
    return (CHECKOUT / BUNDLE).resolve()


@pytest.fixture
def desktop() -> Iterator[DesktopSession]:
    with desktop_session("double", keyring=True) as session:
        yield session


def test_it_sits_in_the_tray_without_the_browser_engine(
    bundle: Path, desktop: DesktopSession
) -> None:
    """Signed in and polling, as /proc tells it: no mapping, no open file, no process of it."""
    with Simulator("demo") as simulator:
        store_sign_in(desktop, simulator)
        environment = {**desktop.env, **environment_of(desktop, simulator)}
        process = desktop.start([str(bundle / COMMAND)], log="bundle", cwd="/", env=environment)
        tray = TrayReader(desktop.bus_address)
        tray.wait_for(lambda: "%" in tray.tooltip(), 30, "numbers from the service")

        family = family_of(process.pid)
        mapped = Path(f"/proc/{process.pid}/maps").read_text()
        assert str(bundle / "_internal" / "PySide6" / "Qt" / "lib" / "libQt6Core") in mapped
        assert str(CHECKOUT / ".venv") not in mapped
        for pid in family:
            assert ENGINE not in Path(f"/proc/{pid}/maps").read_text()
            assert ENGINE not in Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        tray.click("Quit")
        tray.close()

        assert process.wait(10) == 0
        assert desktop.log("bundle") == ""


@pytest.mark.skipif(not may_use_sandbox(), reason="Chromium's sandbox is not possible here")
def test_its_sign_in_window_is_a_process_of_its_own_in_the_sandbox(
    bundle: Path, desktop: DesktopSession
) -> None:
    """T-19. The engine is in the bundle, and only this process loads it."""
    opening = Opening("http://127.0.0.1:9/", "http://localhost:1455/auth/callback")
    command = [str(bundle / COMMAND), SIGN_IN_WINDOW_OPTION]
    with shown_window(desktop, opening, command=command) as window:
        wait_until(lambda: renderers_of(window.process.pid), LIMIT_S, "a renderer")
        assert ENGINE in Path(f"/proc/{window.process.pid}/maps").read_text()
        (renderer, *_) = renderers_of(window.process.pid)
        status = Path(f"/proc/{renderer}/status")
        wait_until(lambda: "Seccomp:\t2" in status.read_text(), LIMIT_S, "its sandbox closed")
        assert window.process.stdin is not None
        window.process.stdin.close()
        window.process.wait(LIMIT_S)
