"""The accounts in the tray icon's menu: a submenu that is made once there is somebody to show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.auth.accounts import KnownAccount
from app.state import SessionState
from app.ui.markup import plain
from app.ui.menu_entry import add_entry
from app.values import dataclass
from app.wording import accounts as words


@dataclass(frozen=True, slots=True)
class AccountsContent:
    """(key, name) of each account, which one is in front, and what can be done.

    `unremoved`: (key, words) of those of which something is left; choosing one tries again.
    """

    title: str
    names: tuple[tuple[str, str], ...]
    front: str
    unremoved: tuple[tuple[str, str], ...]
    add: str
    remove: str  # empty: "Sign out…" says it


def accounts_content(session: SessionState) -> AccountsContent | None:
    """The submenu for `session`; None while there is no account."""
    if not (session.accounts or session.unremoved):
        return None
    front, unsaved = session.front, dict(session.unsaved)

    def name(one: KnownAccount) -> str:
        known = words.known_name(one, session.accounts)
        return f"{known} · {words.unsaved_mark()}" if one.key in unsaved else known

    return AccountsContent(
        words.menu_title(),
        tuple((one.key, name(one)) for one in session.accounts),
        front.key if front else "",
        tuple((one.key, words.unremoved_entry(one)) for one in session.unremoved),
        words.add_account(),
        words.remove_account() if front and len(session.accounts) > 1 else "",
    )


class AccountsMenu:
    """Each argument is called when its entry is chosen, `switch` with the account's key."""

    def __init__(
        self,
        parent: QMenu,
        *,
        switch: Callable[[str], None],
        add: Callable[[], None],
        remove: Callable[[], None],
    ) -> None:
        self._parent = parent
        self._switch, self._add, self._remove = switch, add, remove
        self._content: AccountsContent | None = None
        self.menu: QMenu | None = None

    def show(self, content: AccountsContent | None, below: QAction) -> None:
        """Show `content` above the entry `below`; equal content touches nothing."""
        if content == self._content:
            return
        self._content = content
        if self.menu is None and content is not None:
            self.menu = QMenu(self._parent)
            self._parent.insertMenu(below, self.menu)
        if self.menu is None:
            return
        self.menu.menuAction().setVisible(content is not None)
        self.menu.clear()
        if content is not None:
            self._fill(self.menu, content)

    def _fill(self, menu: QMenu, content: AccountsContent) -> None:
        menu.setTitle(plain(content.title))
        group = QActionGroup(menu)
        for key, name in content.names:
            action = add_entry(menu, plain(name), partial(self._choose, key))
            action.setCheckable(True)
            group.addAction(action)
            action.setChecked(key == content.front)
        menu.addSeparator()
        for key, text in content.unremoved:
            add_entry(menu, plain(text), partial(self._switch, key))
        add_entry(menu, plain(content.add), self._add)
        if content.remove:
            add_entry(menu, plain(content.remove), self._remove)

    def _choose(self, key: str) -> None:
        """The mark moves once the account is in front, not before."""
        content, menu = self._content, self.menu
        if content is not None and menu is not None:
            for action, (one, _name) in zip(menu.actions(), content.names, strict=False):
                action.setChecked(one == content.front)
        self._switch(key)
