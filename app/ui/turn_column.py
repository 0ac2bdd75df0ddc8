"""Which turns have widgets, and where they stand: only what can be seen, and its neighbours.

Turns that were never seen count with an estimated height. When a height is corrected, what is
being looked at stays where it is (F-C10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.conversation import Turn
from app.ui import theme
from app.ui.row_heights import RowHeights
from app.ui.turn_estimate import estimated_height
from app.ui.turn_view import TurnView

_ABOVE = 14  # of the first turn; below the last one as well
_BETWEEN = 20
_AROUND_PX = 240  # beyond what can be seen, so that scrolling finds turns already written
_ROUNDS = 8


class TurnColumn:
    """Turns one below the other on `ground`, of which a part is seen from `offset` on.

    `make_view` makes the widget of a turn, `render` shows a turn in it.
    """

    def __init__(
        self,
        ground: QWidget,
        make_view: Callable[[Turn], TurnView],
        render: Callable[[TurnView, Turn, bool], None],
    ) -> None:
        self._ground = ground
        self._make_view = make_view
        self._render = render
        self._heights = RowHeights()
        self._views: dict[int, TurnView] = {}
        self.turns: tuple[Turn, ...] = ()

    @property
    def views(self) -> list[TurnView]:
        """The turns that have widgets, oldest first."""
        return [self._views[row] for row in sorted(self._views)]

    @property
    def height(self) -> int:
        """How high everything is together, in pixels."""
        return self._heights.total + 2 * _ABOVE - _BETWEEN if self.turns else 0

    @property
    def _width(self) -> int:
        return max(self._ground.width() - 2 * theme.PADDING, 1)

    def show_turns(self, turns: tuple[Turn, ...]) -> bool:
        """From now on stand for `turns`; those that did not change cost next to nothing.

        True if any came or went, so that `arrange` is due.
        """
        first = _common(self.turns, turns)
        had, self.turns = len(self.turns), turns
        if first == had == len(turns):
            return False
        self._heights.cut(len(turns))
        for row in range(first, len(turns)):
            if row >= len(self._heights):
                self._heights.append(estimated_height(turns[row], self._width) + _BETWEEN)
        for row in [row for row in self._views if row >= first or row == had - 1]:
            if row < len(turns) and self._views[row].turn.turn_id == turns[row].turn_id:
                self._show(row)
            else:
                self._drop(row)
        return had != len(turns) or not all(row in self._views for row in range(first, had))

    def arrange(self, offset: int, *, follows_end: bool, budget_s: float) -> int:
        """Make, measure and place what is seen; returns the offset that keeps it in place.

        New turns are written at once as far as `budget_s` seconds reach.
        """
        room = self._ground.height()
        deadline = perf_counter() + budget_s
        row, beyond = self._anchor(offset, room)
        seen = range(0)
        for _ in range(_ROUNDS):  # a corrected height may bring others into sight
            most = max(self.height - room, 0)
            offset = most if follows_end else self._heights.top(row) + _ABOVE + beyond
            offset = max(0, min(offset, most))
            seen = self._seen(offset, room)
            if not self._measure(seen, deadline):
                break
        self._drop_unseen(seen)
        for one, view in self._views.items():
            view.move(theme.PADDING, _ABOVE + self._heights.top(one) - offset)
        return offset

    def release(self) -> None:
        """Give up every widget; heights stay, so `arrange` brings back the same picture."""
        for row in list(self._views):
            self._drop(row)

    def show_again(self) -> None:
        """Show every turn that has a widget anew: the words around it changed."""
        for row in self._views:
            self._show(row)

    # --- inside ------------------------------------------------------------------------------

    def _anchor(self, offset: int, room: int) -> tuple[int, int]:
        """A turn to hold in place, and how far above `offset` it begins.

        The first one in sight that is written already; else whatever is there.
        """
        y = offset - _ABOVE
        first = self._heights.row_at(y)
        in_sight = [row for row in sorted(self._views) if self._is_between(row, y, y + room)]
        settled = [row for row in in_sight if not self._views[row].answer.has_work]
        row = next(iter(settled or in_sight), first)
        return row, y - (self._heights.top(row) if len(self._heights) else 0)

    def _is_between(self, row: int, top: int, bottom: int) -> bool:
        return self._heights.top(row) < bottom and self._heights.top(row + 1) > top

    def _seen(self, offset: int, room: int) -> range:
        """The rows near what can be seen, and one more on either side for the Tab key."""
        if not self.turns:
            return range(0)
        y = offset - _ABOVE
        first = self._heights.row_at(y - _AROUND_PX)
        last = self._heights.row_at(y + room + _AROUND_PX)
        return range(max(first - 1, 0), min(last + 2, len(self.turns)))

    def _measure(self, rows: range, deadline: float) -> bool:
        """Give each of `rows` a widget of its right height; True if any height was wrong."""
        changed = False
        for row in reversed(rows):
            view = self._views.get(row) or self._make(row)
            if view.answer.has_work and perf_counter() < deadline:
                view.answer.advance(max(deadline - perf_counter(), 0.001))
            height = view.fit(self._width) + _BETWEEN
            if view.answer.has_work and not view.turn.is_open:
                height = max(height, self._heights[row])  # it is still being written
            if height != self._heights[row]:
                self._heights.set(row, height)
                changed = True
        return changed

    def _make(self, row: int) -> TurnView:
        view = self._make_view(self.turns[row])
        self._views[row] = view
        self._show(row)
        below = self._views.get(row + 1)
        if below is not None:
            view.stackUnder(below)  # readers of the screen go by this order
        view.move(theme.PADDING, self._ground.height())
        view.show()
        self._order_tab_key()
        return view

    def _show(self, row: int) -> None:
        self._render(self._views[row], self.turns[row], row == len(self.turns) - 1)

    def _drop_unseen(self, seen: range) -> None:
        for row in [row for row in self._views if row not in seen]:
            if not self._views[row].is_in_use:
                self._drop(row)

    def _drop(self, row: int) -> None:
        view = self._views.pop(row)
        view.resized.disconnect()
        focus, transcript = QApplication.focusWidget(), self._ground.parentWidget()
        if transcript is not None and focus is not None and view.isAncestorOf(focus):
            transcript.setFocus()  # else Qt looks for the next one, and scrolls to it from in here
        view.hide()
        view.deleteLater()

    def _order_tab_key(self) -> None:
        """The Tab key goes through the turns from the oldest on, whenever each was made."""
        stops = [stop for view in self.views for stop in _stops(view)]
        for before, after in zip([self._ground.parentWidget(), *stops], stops, strict=False):
            if before is not None:
                QWidget.setTabOrder(before, after)


def _stops(view: QWidget) -> Iterator[QWidget]:
    for one in view.findChildren(QWidget):
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None:
            yield one


def _common(before: tuple[Turn, ...], now: tuple[Turn, ...]) -> int:
    """How many turns at the beginning are the same. Mostly all but the last one are."""
    low, high = 0, min(len(before), len(now))
    middle = high - 1 if high and before[high - 1] is not now[high - 1] else high
    while low < high:
        if before[:middle] == now[:middle]:
            low = middle
        else:
            high = middle - 1
        middle = (low + high + 1) // 2
    return low
