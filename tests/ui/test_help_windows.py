"""The diagnosis and the about window: opened from the settings, closed for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import VERSION, catalogues
from app.components import Component
from app.state import AppState, ShownDiagnosis, Store
from app.ui.about_window import AboutWindow
from app.ui.diagnosis_window import FILE_NAME, DiagnosisWindow
from app.ui.help_windows import HelpWindows
from app.ui.qt_facts import qt_facts
from app.ui.theme import Theme
from app.updates.status import Updates
from app.wording import about
from app.wording import diagnosis as words

TEXT = '{\n  "format": "tidegauge diagnosis 1"\n}'
PARTS = (
    Component("httpx", "0.28", "BSD-3-Clause", ("Redistribution and use",)),
    Component("polib", "1.2", "MIT"),
)


class Granted:
    """Notes the wishes; `then` is called by the test."""

    def __init__(self) -> None:
        self.diagnosed: list[tuple[dict[str, str], bool]] = []
        self.saved: list[str] = []
        self.dropped = 0
        self.opened = 0
        self.then: Callable[[Sequence[Component], str], None] = lambda _parts, _bill: None

    def diagnose(self, qt: Mapping[str, str], *, with_identity: bool) -> None:
        self.diagnosed.append((dict(qt), with_identity))

    def save_diagnosis(self, path: str) -> None:
        self.saved.append(path)

    def drop_diagnosis(self) -> None:
        self.dropped += 1

    def open_project(self) -> None:
        self.opened += 1

    def read_components(self, then: Callable[[Sequence[Component], str], None]) -> None:
        self.then = then


@pytest.fixture
def granted() -> Granted:
    return Granted()


@pytest.fixture
def windows(qapp: QApplication, granted: Granted) -> Iterator[HelpWindows]:
    theme: Any = MagicMock(spec=Theme)
    made = HelpWindows(theme, Store(), lambda: granted, lambda: "no host")
    yield made
    made.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def the(kind: type[QWidget]) -> Any:
    (one,) = (w for w in QApplication.topLevelWidgets() if type(w) is kind and w.isVisible())
    return one


def shown(**changes: Any) -> AppState:
    return AppState(diagnosis=ShownDiagnosis(TEXT, **changes))


def test_a_diagnosis_is_collected_shown_and_copied(
    windows: HelpWindows, granted: Granted, qtbot: QtBot
) -> None:
    windows.show_diagnosis()
    window = the(DiagnosisWindow)
    assert granted.diagnosed[0][0]["tray"] == "no host"
    assert granted.diagnosed[0][1] is False
    assert window.text.toPlainText() == words.collecting()
    assert not window.copy.isEnabled()
    windows.render(shown())
    assert window.text.toPlainText() == TEXT
    qtbot.mouseClick(window.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == TEXT
    assert window.copy.text() == "Copied"


def test_identity_is_added_only_on_request(windows: HelpWindows, granted: Granted) -> None:
    """T-41"""
    windows.show_diagnosis()
    windows.render(shown())
    window = the(DiagnosisWindow)
    assert not window.identity.isChecked()
    window.identity.click()
    window.identity.click()
    assert [with_identity for _qt, with_identity in granted.diagnosed] == [False, True, False]


def test_it_is_saved_where_the_person_says(
    windows: HelpWindows, granted: Granted, qtbot: QtBot
) -> None:
    windows.show_diagnosis()
    windows.render(shown())
    window = the(DiagnosisWindow)
    window.save.click()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(FILE_NAME)
    dialog.fileSelected.emit("/some/where.json")
    assert granted.saved == ["/some/where.json"]
    dialog.reject()
    windows.render(shown(saved_to="where.json"))
    assert window.said.whole_text == "Saved as where.json"
    windows.render(shown(has_failed=True))
    assert window.said.whole_text == words.not_saved()


def test_closed_it_is_gone_and_opened_again_it_is_new(
    windows: HelpWindows, granted: Granted, qtbot: QtBot
) -> None:
    windows.show_diagnosis()
    qtbot.keyClick(the(DiagnosisWindow), Qt.Key.Key_Escape)
    assert granted.dropped == 1
    windows.show_diagnosis()
    assert len(granted.diagnosed) == 2
    windows.show_about()
    qtbot.keyClick(the(AboutWindow), Qt.Key.Key_Escape)
    granted.then(PARTS, "")  # comes too late


def test_the_project_is_linked_only_where_it_has_an_address(
    windows: HelpWindows, granted: Granted, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows.show_about()
    assert not the(AboutWindow).project.isVisible()
    qtbot.keyClick(the(AboutWindow), Qt.Key.Key_Escape)
    address = "https://tidegauge.io/"
    monkeypatch.setattr("app.ui.about_window.project_url", lambda: address)
    windows.show_about()
    window = the(AboutWindow)
    assert window.project.isVisible()
    assert window.project.accessibleDescription() == address
    window.project.click()
    assert granted.opened == 1


def test_a_newer_version_is_told(windows: HelpWindows) -> None:
    windows.show_about()
    window = the(AboutWindow)
    assert not window.news.isVisible()
    windows.render(AppState(updates=Updates("9.0")))
    assert window.news.whole_text == "Tidegauge 9.0 is available"
    assert window.news.isVisible()
    windows.render(AppState(updates=Updates()))
    assert not window.news.isVisible()


def test_the_about_window_tells_version_and_licences(
    windows: HelpWindows, granted: Granted
) -> None:
    windows.show_about()
    window = the(AboutWindow)
    assert VERSION in window.version.whole_text
    assert window.text.toPlainText() == about.reading()
    granted.then(PARTS, "")
    assert window.text.toPlainText().splitlines() == [
        "httpx 0.28 – BSD-3-Clause",
        "polib 1.2 – MIT",
    ]
    window.switch.click()
    assert "Redistribution and use" in window.text.toPlainText()
    window.switch.click()
    assert "Redistribution" not in window.text.toPlainText()


def test_a_bundle_without_metadata_shows_its_bill(windows: HelpWindows, granted: Granted) -> None:
    windows.show_about()
    granted.then((), "httpx\n0.28\nBSD")
    window = the(AboutWindow)
    assert window.text.toPlainText() == "httpx\n0.28\nBSD"
    assert not window.switch.isVisible()


def test_both_follow_the_language(windows: HelpWindows, granted: Granted) -> None:
    windows.show_diagnosis()
    windows.show_about()
    granted.then(PARTS, "")
    catalogues.activate("zh_CN", {})
    windows.render(shown())
    assert the(DiagnosisWindow).windowTitle() == "诊断信息"
    assert the(AboutWindow).windowTitle() == "关于 Tidegauge"


def test_every_control_has_a_name_and_the_keyboard(windows: HelpWindows) -> None:
    windows.show_diagnosis()
    windows.show_about()
    for kind in (DiagnosisWindow, AboutWindow):
        for button in the(kind).findChildren(QPushButton):
            assert button.text()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert the(kind).text.accessibleName()
        assert the(kind).text.tabChangesFocus()


def test_facts_of_qt_are_plain_words(qapp: QApplication) -> None:
    facts = qt_facts()

    assert facts["platform"] == "offscreen"
    assert set(facts) == {"version", "pyside", "platform", "style", "screens", "scheme"}
    assert all(isinstance(value, str) for value in facts.values())
