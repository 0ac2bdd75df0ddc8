"""After an update under the running program: asked once before a window, then told in the panel."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import Mock

import pytest
from gallery.states import NOT_SAVED, NOW, PANEL_STATES, ZONE
from PySide6.QtWidgets import QApplication, QMessageBox, QSystemTrayIcon

from app.instance.messages import Message, Verb
from app.state import AppState, Store
from app.ui.about_window import AboutWindow
from app.ui.leave_dialog import LeaveDialog
from app.ui.panel import Panel
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.windows import Windows
from app.wording import replacement as words

ROOT = Path(__file__).parents[2]
FRESH = PANEL_STATES["fresh"]


@dataclass
class Updated:
    """The windows of a program whose files are another version's once `is_replaced` says so."""

    tray: Tray
    look: Theme
    state: AppState = FRESH
    is_replaced: bool = True
    ended: list[bool] = field(default_factory=list)  # whether it restarts
    wishes: Mock = field(default_factory=Mock)

    def __post_init__(self) -> None:
        self._others = QApplication.topLevelWidgets()
        self.store = Store(self.state)
        self.windows = Windows(
            self.tray,
            self.look,
            self.store,
            self.wishes,
            lambda: self.ended.append(self.store.state.restarts),
            look_at_own_files=self._look,
        )

    def _look(self) -> None:
        self.store.update(is_replaced=self.is_replaced)

    def open(self) -> list[str]:
        QApplication.sendPostedEvents()
        windows = (one for one in QApplication.topLevelWidgets() if one not in self._others)
        kinds = (Panel, QMessageBox, LeaveDialog, AboutWindow)
        return [type(w).__name__ for w in windows if isinstance(w, kinds) and w.isVisible()]

    def press(self, label: str) -> None:
        boxes = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox)]
        (button,) = (
            b for box in boxes if box.isVisible() for b in box.buttons() if b.text() == label
        )
        button.click()


@pytest.fixture
def make(look: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Updated]]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    tray = Tray(look, clock=lambda: NOW, zone=ZONE, patience_ms=10_000)
    made: list[Updated] = []

    def new(state: AppState = FRESH, *, is_replaced: bool = True) -> Updated:
        made.append(Updated(tray, look, state, is_replaced))
        return made[-1]

    yield new
    for one in made:
        one.windows.close()
    tray.stop()


Make = Callable[..., Updated]


def test_as_long_as_nothing_was_replaced_nothing_is_asked(make: Make) -> None:
    program = make(is_replaced=False)
    program.tray.toggled.emit(None)
    assert program.open() == ["Panel"]


@pytest.mark.parametrize("verb", [Verb.SHOW, Verb.TOGGLE, Verb.CHAT])
def test_the_question_comes_before_the_window(make: Make, verb: Verb) -> None:
    program = make()
    program.windows.grant(Message(verb))
    assert program.open() == ["QMessageBox"]


def test_restart_ends_this_program_in_favour_of_the_new_one(make: Make) -> None:
    program = make()
    program.tray.toggled.emit(None)
    program.press(words.restart())
    assert program.ended == [True]
    assert program.open() == []


def test_not_now_does_what_was_wished_and_leaves_the_banner(make: Make) -> None:
    program = make()
    program.tray.toggled.emit(None)
    program.tray.toggled.emit(None)  # once more: the question is brought up again
    assert program.open() == ["QMessageBox"]
    program.press(words.not_now())
    assert program.open() == ["Panel"]
    assert program.ended == []
    panel = next(
        one for one in QApplication.topLevelWidgets() if isinstance(one, Panel) and one.isVisible()
    )
    assert panel.parts.banners is not None
    (card,) = panel.parts.banners.cards
    assert card.title.text() == words.title()
    card.dismiss.click()
    assert program.ended == [True]


def test_a_window_that_fails_then_brings_the_question_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the new version's module asks of the old one's is not there."""
    program = make()
    program.windows.grant(Message(Verb.SHOW))
    program.press(words.not_now())
    assert program.open() == ["Panel"]
    monkeypatch.setitem(sys.modules, "app.ui.history_window", None)
    with pytest.raises(ImportError):
        program.windows._gate.unless_replaced(program.windows.show_history)
    program.windows.grant(Message(Verb.CHAT))
    assert "QMessageBox" in program.open()


def test_quitting_is_not_asked_about(make: Make) -> None:
    program = make()
    program.windows.grant(Message(Verb.QUIT))
    assert program.ended == [False]


def test_a_sign_in_that_would_be_lost_is_asked_about_first(make: Make) -> None:
    """F-T22: and to cancel that is to quit later, without a restart."""
    program = make(AppState(session=NOT_SAVED))
    program.tray.toggled.emit(None)
    program.press(words.restart())
    assert program.open() == ["LeaveDialog"]
    (leave,) = (
        one
        for one in QApplication.topLevelWidgets()
        if isinstance(one, LeaveDialog) and one.isVisible()
    )
    leave.no.click()
    assert program.ended == []
    program.windows.quit_asking()
    leave.yes.click()
    assert program.ended == [False]
    program.windows._gate.restart_asking()
    leave.yes.click()
    assert program.ended == [False, True]


def test_the_about_window_says_it_rather_than_what_could_be_had(make: Make) -> None:
    about = AboutWindow()
    about.render(AppState(is_replaced=True))
    assert about.news.text() == words.restart_to_use_it()
    assert not about.news.isHidden()
    about.deleteLater()


def test_asking_imports_nothing_of_ours() -> None:
    """Whatever would be imported by then is another version's."""
    script = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
import app.restart, app.ui.windows
before = {name for name in sys.modules if name.startswith("app.")}
from app.ui.replacement_notice import ReplacementNotice
notice = ReplacementNotice(lambda: None)
notice.put_before(lambda: None)
application.processEvents()
print(*sorted({name for name in sys.modules if name.startswith("app.")} - before))
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.strip() == ""
