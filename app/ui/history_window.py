"""The history window: how one limit was used over time, or the running cycle burning down.

It renders `history_content(state, now)`. While it can be seen it draws itself anew once a
minute; hidden, nothing of it runs and what was read for it is given back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.clocks import wall
from app.history.chart_axis import Span
from app.history.view import HistoryWish
from app.local_zone import local_zone
from app.state import AppState
from app.ui import icons
from app.ui.closable_window import ClosableWindow
from app.ui.history_content import HistoryContent, history_content, readout_words
from app.ui.history_layout import CYCLE, HistoryLayout
from app.ui.panel_content import Action
from app.wording import charts, labels, language

_TICK_LATE_MS = 20  # the timer fires just after the minute, never just before


class HistoryWindow(ClosableWindow):
    """Signals are wishes of the user; the state comes back through `render`.

    `wished` carries the `HistoryWish`, None when nobody looks any more; `save_requested` the
    path and "csv" or "json".
    """

    wished = Signal(object)
    save_requested = Signal(str, str)
    settings_requested = Signal()
    sign_in_requested = Signal()

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = wall,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self._wish = HistoryWish()
        self._content: HistoryContent | None = None
        self._shown: tuple[object, ...] = ()
        self._is_seen = False
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self._on_tick)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setWindowIcon(icons.application_icon())
        self.parts = HistoryLayout(self)
        self.resize(680, 480)
        self._connect()
        self._update()  # before it is seen: its size depends on what it says

    @property
    def content(self) -> HistoryContent | None:
        """What is shown right now."""
        return self._content

    @property
    def is_ticking(self) -> bool:
        """True while the chart follows the time."""
        return self._tick.isActive()

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show `state`; hidden or minimised, it is only remembered."""
        self._state = state
        if self._is_seen:
            self._update()

    # --- wishes --------------------------------------------------------------------------------

    def _connect(self) -> None:
        parts = self.parts
        parts.limit.activated.connect(
            lambda place: self._wish_for(window_id=parts.limit.itemData(place))
        )
        parts.view.chosen.connect(lambda value: self._wish_for(is_cycle=value == CYCLE))
        parts.span.chosen.connect(lambda value: self._wish_for(span=Span(value)))
        parts.chart.widened.connect(lambda: self._wish_for(pixels=parts.chart.pixels))
        parts.chart.pointed.connect(self._on_pointed)
        parts.csv.clicked.connect(lambda: self._choose_file("csv"))
        parts.json.clicked.connect(lambda: self._choose_file("json"))
        parts.blank.pressed.connect(self._on_action)
        parts.notice.pressed.connect(self._on_action)

    def _wish_for(self, **changes: object) -> None:
        self._wish = replace(self._wish, **changes)  # type: ignore[arg-type]
        if self._is_seen:
            self.wished.emit(self._wish)

    def _on_action(self, action: str) -> None:
        if action == Action.SETTINGS:
            self.settings_requested.emit()
        elif action == Action.SIGN_IN:
            self.sign_in_requested.emit()

    def _choose_file(self, kind: str) -> None:
        from app.ui.file_dialog import ask_where_to_save  # noqa: PLC0415 - rarely asked for

        day = self._clock().astimezone(self._zone).date().isoformat()
        ask_where_to_save(
            self,
            labels.history,
            f"tidegauge-history-{day}.{kind}",
            lambda path: self.save_requested.emit(path, kind),
        )

    # --- content -------------------------------------------------------------------------------

    def _update(self) -> None:
        state, now = self._state, self._clock()
        if self._is_being_read_anew(state):
            return
        # Only what the content is made of: an answer on its way changes the state often.
        shown = (
            state.history_view,
            state.history,
            state.session,
            state.settings,
            state.poll.next_at,
            now.replace(second=0, microsecond=0),
            str(now.astimezone(self._zone).utcoffset()),
            language.locale(),
        )
        if shown == self._shown:
            return
        if not self._shown or shown[-1] != self._shown[-1]:
            self.setWindowTitle(charts.title())
            self.setAccessibleName(charts.title())
            self.parts.retranslate()
        self._shown = shown
        self._content = history_content(state, now, self._zone)
        self.parts.show_content(self._content)
        self.setAccessibleDescription(self._content.caption)
        self._show_readout(self.parts.chart.cursor_at)

    def _is_being_read_anew(self, state: AppState) -> bool:
        """What is shown stays until the next wish has been read: nothing flickers."""
        view, content = state.history_view, self._content
        if content is None or content.chart is None or view is None or not view.is_loading:
            return False
        return bool(view.windows) and view.account_key == state.session.account_key

    def _on_pointed(self, at: int | None) -> None:
        text = self._show_readout(at)
        if at is not None and self.parts.chart.hasFocus():
            self.parts.chart.announce(text)

    def _show_readout(self, at: int | None) -> str:
        """Without a cursor the newest reading is read out."""
        content = self._content
        if content is None or content.chart is None:
            return ""
        last = content.chart.figures.last
        moment = at if at is not None else last.at if last else content.now
        text = readout_words(content, moment, self._zone, self._state.settings.clock)
        self.parts.readout.show_text(text, "secondary" if at is None else "ink")
        return text

    def _on_tick(self) -> None:
        self._update()
        self._wind()

    def _wind(self) -> None:
        now = self._clock()
        left_ms = 60_000 - now.second * 1000 - now.microsecond // 1000
        self._tick.start(left_ms + _TICK_LATE_MS)

    # --- the window ----------------------------------------------------------------------------

    def _attend(self, *, is_seen: bool) -> None:
        """Begin to follow time and readings, or give both up."""
        if is_seen == self._is_seen:
            return
        self._is_seen = is_seen
        if is_seen:
            self._update()
            self._wind()
        else:
            self._tick.stop()
        self.wished.emit(self._wish if is_seen else None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._attend(is_seen=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._attend(is_seen=False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self.isVisible():
            self._attend(is_seen=not self.isMinimized())
