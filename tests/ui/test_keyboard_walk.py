"""Every window without a mouse: what Tab reaches and in which order, what is seen of it, Escape."""

from __future__ import annotations

from collections import Counter

import pytest
from gallery.render import PARTS
from gallery.windows import settle, show, windows
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget
from shiboken6 import isValid
from support.keyboard import controls_of, missed, place_of, steps_back, walk

from app import catalogues

_WINDOWS = tuple(part for part in PARTS if part not in ("icons", "menus"))


def _end(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _told(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r} at {place_of(widget)}"


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("part", _WINDOWS)
def test_tab_reaches_every_control_in_the_order_of_reading(part: str) -> None:
    bad = set()
    for name, window in windows(part, "en", "light"):
        show(window)
        settle()
        visited = walk(window)
        for widget in missed(controls_of(window), visited):
            bad.add(f"{name}: not reached: {_told(widget)}")
        bad |= {f"{name}: back from {_told(a)} to {_told(b)}" for a, b in steps_back(visited)}
        _end(window)
    assert not bad, "\n".join(sorted(bad))


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("part", _WINDOWS)
def test_what_has_the_keyboard_shows_it(part: str) -> None:
    bad: set[str] = set()
    measured: set[tuple[object, ...]] = set()
    for name, window in windows(part, "en", "light"):
        show(window)
        settle()
        bad |= {f"{name}: {_told(one)}" for one in _without_sign(window, measured)}
        _end(window)
    assert not bad, "\n".join(sorted(bad))


def _without_sign(window: QWidget, measured: set[tuple[object, ...]]) -> list[QWidget]:
    """What has not been measured yet, and looks alike with the keyboard and without."""
    new: list[QWidget] = []

    def is_new(widget: QWidget) -> bool:
        what = (type(widget), widget.accessibleName(), getattr(widget, "text", str)())
        if what in measured:
            return False
        measured.add(what)
        new.append(widget)
        return True

    changes = walk(window, is_new)
    return [widget for widget in new if changes[widget] < 20]


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("part", _WINDOWS)
def test_escape_closes(part: str) -> None:
    bad = set()
    for name, window in windows(part, "en", "light"):
        show(window)
        settle()
        for _ in range(3):  # in the chat it first takes back what is under way, or the list
            if not isValid(window) or not window.isVisible():
                break
            QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
            QApplication.processEvents()
        if isValid(window):  # some are gone with their closing
            if window.isVisible() and name != "editing":  # Escape leaves that, not the window
                bad.add(name)
            _end(window)
    assert not bad, "\n".join(sorted(bad))


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("part", _WINDOWS)
def test_no_two_controls_of_a_window_share_a_mnemonic(part: str, language: str) -> None:
    catalogues.activate(language, {}, [])
    for name, window in windows(part, language, "light"):
        texts = [one.text() for one in window.findChildren(QAbstractButton)]
        texts += [one.text() for one in window.findChildren(QLabel) if one.buddy()]
        if isinstance(window, QMenu):
            texts = [action.text() for action in window.actions()]
        keys = Counter(key for text in texts if (key := QKeySequence.mnemonic(text).toString()))
        assert not [key for key, count in keys.items() if count > 1], name
        _end(window)
