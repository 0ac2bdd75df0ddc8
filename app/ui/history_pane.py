"""The history window as the program has it: made when it is wanted, and gone when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from app.state import AppState
from app.ui.bringing_up import bring_up
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.history_window import HistoryWindow
    from app.ui.wishes import Wishes


class HistoryPane:
    """`show_settings` and `show_sign_in` are where it leads to while there is nothing to see."""

    def __init__(
        self,
        theme: Theme,
        wishes: Wishes,
        clock: Callable[[], datetime],
        *,
        show_settings: Callable[[], None],
        show_sign_in: Callable[[], None],
    ) -> None:
        self._theme = theme
        self._wishes = wishes
        self._clock = clock
        self._show_settings = show_settings
        self._show_sign_in = show_sign_in
        self._window: HistoryWindow | None = None

    def show(self, state: AppState) -> None:
        """Bring it up, with what holds now."""
        if self._window is None:
            self._window = self._new_window()
        self._window.render(state)
        bring_up(self._window)

    def render(self, state: AppState) -> None:
        """Show `state`, if there is a window."""
        if self._window is not None:
            self._window.render(state)

    def close(self) -> None:
        """It gives its memory back; the wish to look ends with it."""
        if self._window is not None:
            window, self._window = self._window, None
            window.hide()
            window.deleteLater()

    def _new_window(self) -> HistoryWindow:
        from app.ui.history_window import HistoryWindow  # noqa: PLC0415 - it costs memory

        self._theme.dress()
        window = HistoryWindow(clock=self._clock)
        window.wished.connect(self._wishes.history.look)
        window.save_requested.connect(self._wishes.history.save)
        window.settings_requested.connect(self._show_settings)
        window.sign_in_requested.connect(self._show_sign_in)
        window.closed.connect(self.close)
        return window
