"""Which windows exist: creates each on first use, renders the state, forwards the wishes.

The tray exists from the start; panel, chat and dialogs are imported, and cost memory, only
once opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, QPoint

from app.clocks import wall
from app.hidden_identity import shown
from app.instance.messages import Message, Verb
from app.state import AppState, SessionStatus, Store
from app.ui import clipboard
from app.ui.chat_pane import ChatPane
from app.ui.help_windows import HelpWindows
from app.ui.history_pane import HistoryPane
from app.ui.question_windows import QuestionWindows
from app.ui.settings_window import SettingsWindow
from app.ui.sign_in_pane import SignInPane
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.wish_gate import WishGate
from app.wording import replacement

if TYPE_CHECKING:
    from app.ui.panel import Panel
    from app.ui.wishes import Wishes


_LOOKS_WITH_HINT = 3


class Windows(QObject):
    """All windows of one program."""

    def __init__(
        self,
        tray: Tray,
        theme: Theme,
        store: Store,
        wishes: Wishes,
        quit_: Callable[[], None],
        *,
        clock: Callable[[], datetime] = wall,
        look_at_own_files: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._tray = tray
        self._theme = theme
        self._store = store
        self._wishes = wishes
        self._quit = quit_
        self._clock = clock
        self._panel: Panel | None = None
        self._looks = 0  # how often the panel was closed
        self._chat = ChatPane(
            theme, wishes, show_settings=self.show_settings, show_sign_in=self.show_sign_in
        )
        self._help = HelpWindows(theme, store, lambda: wishes.help, lambda: tray.kind)
        self._history = HistoryPane(
            theme,
            wishes,
            clock,
            show_settings=self.show_settings,
            show_sign_in=self.show_sign_in,
        )
        self._sign_in = SignInPane(theme, wishes)
        self._questions = QuestionWindows(theme, wishes, lambda: self._shown, quit_)
        self._settings = SettingsWindow(
            theme, wishes, self._help, self._questions, self.show_sign_in
        )
        self._gate = WishGate(store, self._questions, quit_, look_at_own_files)
        self._connect_tray()
        theme.letters_changed.connect(self._drop_all)
        self._unsubscribe = store.subscribe(lambda state: state, self._render)
        store.subscribe(
            lambda state: state.settings.hide_identity, lambda _state: self._questions.take_back()
        )
        store.subscribe(lambda state: state.erasure, self._on_erasure)
        tray.render(self._shown)
        if tray.is_host_missing:  # told before anybody listened
            self._on_host_missing()

    @property
    def _shown(self) -> AppState:
        """The state, as windows may show it."""
        return shown(self._store.state)

    def toggle_panel(self, point: QPoint | None) -> None:
        """A click on the icon: show the panel beside it, or hide it."""
        self._prepared_panel().toggle_near(point)
        self._wishes.note_activity()

    def show_panel_window(self) -> None:
        """The panel as a window of its own: asked for by menu, or because there is no tray."""
        self._tray.check_host()
        self._prepared_panel().show_near(None)
        self._wishes.note_activity()

    def show_chat(self) -> None:
        self._chat.show(lambda: self._shown)
        self._wishes.note_activity()

    def grant(self, message: Message) -> None:
        """What a later start of the program, or this one's own command line, asks for."""
        if message.activation_token:  # Wayland: Qt takes it from here for the next window
            os.environ["XDG_ACTIVATION_TOKEN"] = message.activation_token
        try:
            if self._gate.is_erasing and message.verb not in (Verb.QUIT, Verb.VERSION):
                self._questions.ask_to_erase()
                return
            match message.verb:
                case Verb.SHOW:
                    self._gate.unless_replaced(self.show_panel_window)
                case Verb.TOGGLE:
                    self._gate.unless_replaced(lambda: self.toggle_panel(None))
                case Verb.CHAT:
                    self._gate.unless_replaced(self.show_chat)
                case Verb.POLL:
                    self._refresh()
                case Verb.QUIT if message.is_forced:
                    self._quit()
                case Verb.QUIT:
                    self.quit_asking()
                case Verb.VERSION:
                    pass  # the answer said it
                case _:
                    assert_never(message.verb)
        finally:
            os.environ.pop("XDG_ACTIVATION_TOKEN", None)

    def asks_before(self, message: Message) -> bool:
        """Whether the person is asked before `message` is granted."""
        is_quit = message.verb is Verb.QUIT and not message.is_forced
        return is_quit and self._questions.asks_before_quitting()

    def show_history(self) -> None:
        self._history.show(self._shown)
        self._wishes.note_activity()

    def show_settings(self) -> None:
        self._settings.show(self._shown)

    def show_sign_in(self) -> None:
        self._sign_in.show(self._shown)

    def ask_to_remove(self) -> None:
        """Sign out the account in front, once that is confirmed."""
        self._questions.ask_to_remove()

    def quit_asking(self) -> None:
        """Quit; but not unasked while something would be lost."""
        self._questions.quit_asking()

    def close(self) -> None:
        """Take every window away; nothing is rendered from now on."""
        self._unsubscribe()
        self._tray.blockSignals(True)  # a tray that goes is not one that is missing
        self._drop_all()
        self._questions.close()
        self._gate.close()

    def _drop_all(self) -> None:
        """All that is made anew from the state."""
        self._questions.drop()
        self._chat.close()
        self._help.close()
        self._settings.close()
        self._history.close()
        self._sign_in.close()
        if self._panel is not None:
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None

    # --- making them ---------------------------------------------------------------------------

    def _connect_tray(self) -> None:
        tray = self._tray
        for signal, slot in (
            (tray.toggled, self.toggle_panel),
            (tray.open_requested, self.show_panel_window),
            (tray.refresh_requested, self._refresh),
            (tray.chat_requested, self.show_chat),
            (tray.history_requested, self.show_history),
            (tray.settings_requested, self.show_settings),
            (tray.sign_in_requested, self.show_sign_in),
            (tray.sign_out_requested, self.ask_to_remove),
            (tray.account_chosen, self._wishes.switch_account),
            (tray.message_clicked, self.show_panel_window),
        ):
            signal.connect(self._gate.guarded(slot))
        tray.quit_requested.connect(self.quit_asking)
        tray.host_missing.connect(self._on_host_missing)
        tray.host_found.connect(lambda: self._store.update(has_tray=True))

    def _on_banner_dismissed(self, key: str) -> None:
        if key == replacement.BANNER_KEY:
            self._gate.restart_asking()
        else:
            self._wishes.warnings.dismiss(key)

    def _on_erasure(self, state: AppState) -> None:
        """From its beginning on nothing else is shown, so that nothing else is begun."""
        self._chat.close()
        self._settings.close()
        self._help.close()
        self._history.close()
        self._sign_in.close()
        if self._panel is not None:
            self._panel.hide()
        self._questions.render(state)

    def _on_host_missing(self) -> None:
        self._store.update(has_tray=False)
        self.show_panel_window()

    def _on_panel_closed(self) -> None:
        """Without an icon the panel is the program: nothing else could bring it back."""
        if not self._store.state.has_tray:
            self.quit_asking()

    def _prepared_panel(self) -> Panel:
        from app.ui.panel import Panel  # noqa: PLC0415

        self._theme.dress()
        if self._panel is None:
            panel = self._panel = Panel(clock=self._clock)
            panel.refresh_requested.connect(self._refresh)
            panel.chat_requested.connect(self._gate.guarded(self.show_chat))
            panel.history_requested.connect(self._gate.guarded(self.show_history))
            panel.settings_requested.connect(self._gate.guarded(self.show_settings))
            panel.sign_in_requested.connect(self._gate.guarded(self.show_sign_in))
            panel.cancel_sign_in_requested.connect(self._wishes.cancel_sign_in)
            panel.copy_address_requested.connect(clipboard.copy)
            panel.unlock_requested.connect(self._wishes.unlock)
            panel.shows_chosen.connect(
                lambda value: self._wishes.change_setting("gauge_shows", value)
            )
            panel.closed.connect(self._on_panel_closed)
            panel.watched.connect(self._wishes.note_watching)
            panel.watched.connect(self._count_looks)
            panel.warning_snoozed.connect(self._wishes.warnings.snooze)
            panel.warning_dismissed.connect(self._on_banner_dismissed)
            panel.banners_seen.connect(self._wishes.warnings.note_seen)
            panel.render(self._shown)
        return self._panel

    def _count_looks(self, is_watched: bool) -> None:
        """Who has closed the panel a few times knows how to read it."""
        if not is_watched and self._store.state.shows_hints:
            self._looks += 1
            if self._looks == _LOOKS_WITH_HINT:
                self._wishes.change_setting("hints", False)

    # --- showing the state ---------------------------------------------------------------------

    def _refresh(self) -> None:
        if self._store.state.session.status is SessionStatus.KEYRING_LOCKED:
            self._wishes.unlock()
        else:
            self._wishes.refresh_now()

    def _render(self, state: AppState) -> None:
        state = shown(state)
        self._tray.render(state)
        if self._panel is not None:
            self._panel.render(state)
        self._chat.render(state)
        self._history.render(state)
        self._help.render(state)
        self._settings.render(state)
        self._sign_in.render(state)
