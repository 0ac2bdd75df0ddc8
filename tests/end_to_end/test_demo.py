"""`--demo`: everything works by itself, on a display and without, and leaves no trace."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import CHECKOUT, Shoot, running_program
from support.session_keyring import store_sign_in, stored_secrets
from support.stalls import code_within
from support.tray_host import Pixmap

from app.simulator.server import Simulator
from app.ui.colours import LIGHT

_SPARK = "codex_bengalfox"


def test_the_demo_shows_everything_and_leaves_no_trace(shoot: Shoot) -> None:
    """T-29, T-31: it signs in by itself, colours the icon, answers with code, forgets it all."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        with running_program(session, None, "--demo") as program:
            program.wait_for_tooltip(
                "Tidegauge · Plus", "5-hour: 86 % used", "Weekly: 31 % used", "Code review: 8 %"
            )
            icon = program.tray.pixmaps()[32]
            assert has_colour(icon, LIGHT.over)
            assert has_colour(icon, LIGHT.calm)
            program.tray.activate()
            said = program.windows.wait_for_words("5-hour limit: 86 % used")
            assert "GPT-5.3-Codex-Spark · 5-hour limit: 64 % used, resets in 2 minutes" in said or (
                "GPT-5.3-Codex-Spark · 5-hour limit: 64 % used, resets in 1 minute" in said
            )
            shoot(session, "demo-panel")
            program.windows.press_button("Chat")
            program.windows.wait_for("Message", "text")
            program.type_text("Which program counts words?")
            program.press_key("Return")
            said = program.windows.wait_for_words("Run it with", 60)
            assert "def most_common_words" in said
            assert "```" not in said
            shoot(session, "demo-chat")
            program.wait_for_tooltip("5-hour: 90 % used")
            program.quit()
        assert traces(session) == []
        assert stored_secrets(session) == []


def has_colour(icon: Pixmap, colour: str) -> bool:
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    places = ((x, y) for x in range(icon.width) for y in range(icon.height))
    return any(icon.pixel(x, y)[1:] == wanted for x, y in places)


def traces(session: DesktopSession) -> list[Path]:
    """Whatever of ours is in the folders of the user."""
    return [
        path
        for path in session.folder.rglob("*")
        if "tidegauge" in path.name.lower() and "run" not in path.parts
    ]


def test_a_window_that_ends_begins_again_at_nothing(simulator: Simulator) -> None:
    """The demo's third limit ends after 100 s; here it ends sooner, the rest is the same."""
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("Spark · 5-hour: 64 % used")
            simulator.end_window_in(_SPARK, 3)
            program.tray.click("Refresh now")
            program.wait_for_tooltip("Spark · 5-hour: 0 % used", "5-hour: 86 % used", seconds=60)
            program.quit()


def test_without_a_display_the_demo_goes_on_as_watch() -> None:
    """One line says so; Ctrl+C ends it with 0 (F-D06)."""
    with desktop_session("none") as session:
        bare = {
            name: value
            for name, value in session.env.items()
            if name not in {"DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION_BUS_ADDRESS"}
        }
        command = [sys.executable, "-W", "default", "-m", "app", "--demo"]
        process = session.start(command, log="watch", cwd=CHECKOUT, env=bare)
        wait_until(lambda: "86 %" in session.log("watch"), 30, "the first line")
        process.send_signal(signal.SIGINT)
        assert code_within(2, process) == 0
        first, *rest = session.log("watch").splitlines()
        assert "No display found" in first
        assert any("5-hour 86 %" in line for line in rest)
        assert "Traceback" not in session.log("watch")
        assert traces(session) == []
