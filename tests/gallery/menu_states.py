"""The menus: that of the tray icon, its accounts, and that of a row in the list of conversations.

Panels of some desktops draw the icon's menu themselves; here it is as the program draws it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gallery.conversation_states import conversation_states, conversation_window
from gallery.states import PANEL_STATES
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.conversation_view import ConversationView
from app.ui.tray_menu import TrayMenu

_STATES = ("starting", "signed-out", "keyring-locked", "fresh", "expired", "not-saved", "left-over")


def menus() -> Iterator[tuple[str, QWidget]]:
    """Each menu by the name of its state, not yet shown."""
    for name in _STATES:
        yield f"tray-{name}", _tray_menu(name).widget
    accounts = _tray_menu("not-saved")  # one is in front
    submenu = next(action.menu() for action in accounts.widget.actions() if action.menu())
    assert isinstance(submenu, QMenu)
    submenu.destroyed.connect(accounts.widget.deleteLater)  # whose child it is
    yield "tray-accounts", submenu
    yield "conversation", _conversation_menu()


def _tray_menu(name: str) -> TrayMenu:
    def nothing(*_words: str) -> None:
        """Nobody listens."""

    menu = TrayMenu(
        QMenu(),
        open_panel=nothing,
        refresh=nothing,
        chat=nothing,
        history=nothing,
        settings=nothing,
        switch=nothing,
        sign_in=nothing,
        sign_out=nothing,
        quit_program=nothing,
    )
    menu.render(PANEL_STATES[name])
    return menu


def _conversation_menu() -> QMenu:
    window = conversation_window(conversation_states()["list"])
    window.show()
    (view,) = window.findChildren(ConversationView)
    menu = view.show_menu(QPersistentModelIndex(view.model().index(1, 0)))
    assert menu is not None
    menu.destroyed.connect(window.deleteLater)
    return menu
