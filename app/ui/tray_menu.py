"""The menu of the tray icon: an entry changes only when its words or its use change.

A changed menu travels to the panel over D-Bus, so an equal one must cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.state import AppState, SessionStatus
from app.ui.accounts_menu import AccountsContent, AccountsMenu, accounts_content
from app.ui.icon_state import shown_windows
from app.ui.markup import plain
from app.ui.menu_entry import add_entry
from app.values import dataclass
from app.wording import labels
from app.wording.limits import percent_words, window_name


@dataclass(frozen=True, slots=True)
class MenuContent:
    """Everything in the menu that can change."""

    open_panel: str
    lines: tuple[str, ...]  # the numbers, for panels that show no tooltip
    refresh: str
    can_refresh: bool
    chat: str
    history: str
    settings: str
    accounts: AccountsContent | None  # None: nobody has signed in
    sign_in: str  # empty: not offered
    sign_out: str
    quit_program: str


def menu_content(state: AppState) -> MenuContent:
    """The menu for `state`, in the language in force."""
    status = state.session.status
    signed_in = status is SessionStatus.SIGNED_IN
    locked = status is SessionStatus.KEYRING_LOCKED
    is_expired = status is SessionStatus.EXPIRED
    may_sign_in = status in (SessionStatus.SIGNED_OUT, SessionStatus.EXPIRED)
    return MenuContent(
        open_panel=labels.open_panel(),
        lines=_lines(state),
        refresh=labels.unlock_keyring() if locked else labels.refresh_now(),
        can_refresh=signed_in or locked,
        chat=labels.chat(),
        history=labels.history(),
        settings=labels.settings(),
        accounts=accounts_content(state.session),
        sign_in=labels.sign_in() if may_sign_in else "",
        sign_out=labels.sign_out_asking() if signed_in or is_expired else "",
        quit_program=labels.quit_program(),
    )


def _lines(state: AppState) -> tuple[str, ...]:
    usage = state.usage
    if usage is None:
        return ()
    return tuple(
        labels.window_and_percent(
            window_name(window, usage),
            percent_words(window.used_percent, state.settings.gauge_shows),
        )
        for window in shown_windows(usage)
    )


class TrayMenu:
    """Fills the menu of one tray icon; each argument is called when its entry is chosen."""

    def __init__(
        self,
        widget: QMenu,
        *,
        open_panel: Callable[[], None],
        refresh: Callable[[], None],
        chat: Callable[[], None],
        history: Callable[[], None],
        settings: Callable[[], None],
        switch: Callable[[str], None],
        sign_in: Callable[[], None],
        sign_out: Callable[[], None],
        quit_program: Callable[[], None],
    ) -> None:
        self.widget = widget
        self._content: MenuContent | None = None
        menu = self.widget
        self._open = add_entry(menu, "", open_panel)
        menu.addSeparator()
        self._lines: list[QAction] = []
        self._below_lines = menu.addSeparator()
        self._refresh = add_entry(menu, "", refresh)
        self._chat = add_entry(menu, "", chat)
        self._history = add_entry(menu, "", history)
        self._settings = add_entry(menu, "", settings)
        menu.addSeparator()
        self._accounts = AccountsMenu(menu, switch=switch, add=sign_in, remove=sign_out)
        self._sign_in = add_entry(menu, "", sign_in)
        self._sign_out = add_entry(menu, "", sign_out)
        self._quit = add_entry(menu, "", quit_program)

    def render(self, state: AppState) -> None:
        """Show `state`; equal content touches nothing."""
        content = menu_content(state)
        if content == self._content:
            return
        self._content = content
        self._open.setText(plain(content.open_panel))
        self._show_lines(content.lines)
        self._refresh.setText(plain(content.refresh))
        self._refresh.setEnabled(content.can_refresh)
        self._chat.setText(plain(content.chat))
        self._history.setText(plain(content.history))
        self._settings.setText(plain(content.settings))
        self._quit.setText(plain(content.quit_program))
        self._accounts.show(content.accounts, self._sign_in)
        for action, text in ((self._sign_in, content.sign_in), (self._sign_out, content.sign_out)):
            action.setText(plain(text))
            action.setVisible(bool(text))

    def _show_lines(self, lines: tuple[str, ...]) -> None:
        while len(self._lines) > len(lines):
            self.widget.removeAction(self._lines.pop())
        while len(self._lines) < len(lines):
            action = QAction(self.widget)
            action.setEnabled(False)
            self.widget.insertAction(self._below_lines, action)
            self._lines.append(action)
        for action, line in zip(self._lines, lines, strict=True):
            action.setText(plain(line))
        self._below_lines.setVisible(bool(lines))
