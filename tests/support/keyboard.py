"""Walks a window with the Tab key, and tells what can be reached and what is seen of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from support.pictures import differing_pixels

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
_MOST_STEPS = 200
_MOST_LINKS = 10


def controls_of(window: QWidget) -> list[QWidget]:
    """What somebody can use in `window` now: seen or scrolled out of sight, and not disabled."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, _CONTROLS)
        and widget.window() is window
        and widget.isVisible()
        and widget.isEnabled()
        and not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
    ]


def walk(
    window: QWidget, measures: Callable[[QWidget], bool] = lambda _widget: False
) -> dict[QWidget, int]:
    """What Tab gives the keyboard to, once round, and how many pixels of the window tell so: of
    what is to be measured."""
    window.activateWindow()
    QApplication.processEvents()
    visited: dict[QWidget, int] = {}
    stays = 0  # a text with links keeps the keyboard for each of them
    for _ in range(_MOST_STEPS):
        before = QApplication.focusWidget()
        QTest.keyClick(before or window, Qt.Key.Key_Tab)
        QApplication.processEvents()
        now = QApplication.focusWidget()
        stays = stays + 1 if now is before else 0
        if now is None or stays > _MOST_LINKS or (now in visited and now is not before):
            break
        if now not in visited:
            visited[now] = _change_by_focus(now) if measures(now) else 0
    return visited


def place_of(widget: QWidget) -> QRect:
    """Where it is in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def missed(controls: list[QWidget], visited: Collection[QWidget]) -> list[QWidget]:
    """Those Tab does not reach; of buttons that exclude each other one will do, arrows do the
    rest."""
    groups = {one.group() for one in visited if isinstance(one, QAbstractButton) and one.group()}
    return [
        widget
        for widget in controls
        if widget not in visited
        and not (isinstance(widget, QAbstractButton) and widget.group() in groups)
    ]


def steps_back(visited: Iterable[QWidget]) -> list[tuple[QWidget, QWidget]]:
    """Steps against the order of reading, apart from the one from the last to the first."""
    order = list(visited)
    steps = list(pairwise((*order, *order[:1])))
    bad = [step for step in steps if _goes_back(*step)]
    return bad[1:] if len(bad) > 1 else []


def _goes_back(before: QWidget, after: QWidget) -> bool:
    shares = _area_of(before) is _area_of(after)
    first, second = ((place_of(one) if shares else _room_of(one)) for one in (before, after))
    is_above = second.bottom() < first.top()
    is_same_row = not is_above and second.top() < first.bottom()
    return is_above or (is_same_row and second.right() < first.left())


def _area_of(widget: QWidget) -> QAbstractScrollArea | None:
    """What it scrolls with."""
    while (owner := widget.parentWidget()) is not None:
        if isinstance(owner, QAbstractScrollArea) and not isinstance(owner, QTextEdit):
            return owner
        widget = owner
    return None


def _room_of(widget: QWidget) -> QRect:
    """Where it is, or where it would be scrolled to."""
    return place_of(_area_of(widget) or widget)


def _change_by_focus(widget: QWidget) -> int:
    """How many pixels of its window differ between its having the keyboard and nobody's."""
    window = widget.window()
    with_focus = window.grab().toImage()
    widget.clearFocus()
    QApplication.processEvents()
    without = window.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return differing_pixels(with_focus, without)
