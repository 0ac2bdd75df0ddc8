"""What the program has loaded while it sits in the tray, and once panel and chat were used.

Its memory is mostly Python modules and Python types of Qt's classes; a late import that was made
early again, or one call that makes PySide create all types of a kind, costs more than a feature.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import RunningProgram, running_program
from support.session_keyring import store_sign_in

from app.simulator.server import Simulator

# Run before the program; notes at its end what it holds.
_NOTES = """
import atexit, dataclasses, json, sys

def note():
    shared = sys.modules["app.values"]._refuse_change
    types = {
        f"{thing.__module__}.{thing.__qualname__}": thing
        for name, module in list(sys.modules.items())
        if name.startswith(("PySide6.Qt", "app."))
        for thing in vars(module).values()
        if isinstance(thing, type)
    }
    own = [
        name for name, thing in types.items()
        if name.startswith("app.") and dataclasses.is_dataclass(thing)
        and thing.__dataclass_params__.frozen and thing.__setattr__ is not shared
    ]
    told = {"modules": sorted(sys.modules), "types": sorted(types), "own": sorted(own)}
    with open(FILE, "w") as file:
        json.dump(told, file)

atexit.register(note)
"""

# For a proxy, a sign-in, a fault, a stream, another language, a person's own words.
NEVER_IN_THE_TRAY = {
    "anyio",
    "certifi",
    "cryptography",
    "html",
    "httpcore",
    "jwt",
    "keyring",
    "platformdirs",
    "polib",
    "pygments",
    "sniffio",
    "typing_extensions",
    "uuid",
    "app.auth.callback_port",
    "app.auth.codex_login",
    "app.auth.sign_in",
    "app.chat.attachments",
    "app.chat.client",
    "app.chat.desk",
    "app.chat.events",
    "app.conversations.keeper",
    "app.erasing",
    "app.erasure.outcome",
    "app.history.export",
    "app.sign_in_ways",
    "app.ui.chat_window",
    "app.ui.panel",
    "app.ui.settings_dialog",
    "app.ui.sign_in_dialog",
    "app.ui.style_sheet",
    "app.updates.look",
    "app.updates.memory",
    "app.updates.status",
    "app.wording.faults",
    "app.wording.settings",
}
# One of each of the families that PySide makes all at once.
NO_TYPES_IN_THE_TRAY = {
    "PySide6.QtGui.QKeySequence",
    "PySide6.QtGui.QScrollEvent",
    "PySide6.QtWidgets.QLabel",
    "PySide6.QtWidgets.QStyle",
    "PySide6.QtWidgets.QWizard",
}
NEVER_AFTER_USE = {"anyio", "certifi", "cryptography", "httpcore", "jwt", "keyring", "polib"}
NO_TYPES_AFTER_USE = {"PySide6.QtWidgets.QWizard"}


@dataclass
class Loaded:
    file: Path  # where the program notes it
    modules: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    own: list[str] = field(default_factory=list)


@contextmanager
def noted(session: DesktopSession) -> Iterator[Loaded]:
    """Filled once the program that was started in the block has ended."""
    loaded = Loaded(session.folder / "loaded.json")
    yield loaded
    told = json.loads(loaded.file.read_text())
    loaded.modules, loaded.types, loaded.own = set(told["modules"]), set(told["types"]), told["own"]


@contextmanager
def signed_in(
    session: DesktopSession, simulator: Simulator, loaded: Loaded
) -> Iterator[RunningProgram]:
    store_sign_in(session, simulator)
    notes = f"FILE = {str(loaded.file)!r}\n{_NOTES}"
    with running_program(session, simulator, before=notes) as program:
        program.wait_for_tooltip("5-hour: 86 % used")
        yield program
        program.quit()


def test_in_the_tray_nothing_is_loaded_for_what_nobody_does(simulator: Simulator) -> None:
    with (
        desktop_session("double", keyring=True) as session,
        noted(session) as loaded,
        signed_in(session, simulator, loaded) as program,
    ):
        program.tray.click("Refresh now")
        wait_until(lambda: len(simulator.requests_to("/backend-api/wham/usage")) > 1, 20, "a poll")
    assert not NEVER_IN_THE_TRAY & loaded.modules
    assert not NO_TYPES_IN_THE_TRAY & loaded.types
    assert not loaded.own, "frozen values come from app.values"


def test_panel_and_chat_load_what_they_show(simulator: Simulator) -> None:
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        noted(session) as loaded,
        signed_in(session, simulator, loaded) as program,
    ):
        program.tray.activate()
        program.tray.click("Chat")
        program.type_text("Show me something")
        program.press_key("Return")
        wait_until(lambda: simulator.requests_to("/backend-api/codex/responses"), 20, "a question")
        program.press_key("Escape")
    assert "app.ui.chat_window" in loaded.modules
    assert not NEVER_AFTER_USE & loaded.modules
    assert not NO_TYPES_AFTER_USE & loaded.types
