"""A window whose Tab key follows the order of reading, and shows where it has come to.

Qt's own order is the order of making: what comes later, such as a turn of a conversation, would
stand behind what it lies above. Texts to read show no sign that they have the keyboard, so a ring
is laid around them; who came with the mouse knows where the pointer is, and sees none.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QTextEdit, QWidget

from app.ui.focus_ring import FocusRing


class TabWalkWindow(QWidget):
    """A window to be walked through."""

    def focusNextPrevChild(self, following: bool) -> bool:
        stops = [stop for stop in _stops(self) if stop.focusPolicy() & Qt.FocusPolicy.TabFocus]
        if not stops:
            return False
        now = self.focusWidget()
        if now in stops:
            place = (stops.index(now) + (1 if following else -1)) % len(stops)
        else:
            place = 0 if following else -1
        reason = Qt.FocusReason.TabFocusReason
        stops[place].setFocus(reason if following else Qt.FocusReason.BacktabFocusReason)
        if _is_to_read(stops[place]):
            FocusRing(stops[place])
        return True


def _is_to_read(widget: QWidget) -> bool:
    """Whether nothing else shows that it has the keyboard."""
    if isinstance(widget, QTextEdit):
        return widget.isReadOnly()
    return type(widget).__base__ is QAbstractScrollArea


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """What can be seen and used below `widget`, as somebody reads it."""
    for child in _in_order(widget):
        if child.isVisible() and child.isEnabled() and not child.isWindow():
            if child.focusProxy() is None:  # else another one has the keyboard for it
                yield child
            yield from _stops(child)


def _in_order(widget: QWidget) -> list[QWidget]:
    """The children of `widget` as laid out; those without a place there by where they are."""
    layout = widget.layout()
    placed = list(_placed(layout)) if layout is not None else []
    free = [one for one in widget.children() if isinstance(one, QWidget) and one not in placed]
    free.sort(key=lambda one: (one.y(), one.x()))
    return placed + free


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)
