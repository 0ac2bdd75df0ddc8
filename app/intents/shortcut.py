"""The key that opens the chat from anywhere: asked of the desktop while the setting wishes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.state import AppState, Shortcut, ShortcutStatus, Store
from app.tasks import Spawn, Work


class Key(Protocol):
    """`app.desktop.global_shortcut.GlobalShortcut`, or nothing where there is no portal."""

    def bind(self, description: str) -> None: ...
    def release(self) -> Work: ...


class ShortcutIntents:
    """`make(told)` makes what speaks to the desktop, with the first wish; None: it has nothing."""

    def __init__(
        self, store: Store, spawn: Spawn, make: Callable[[Callable[[Shortcut], None]], Key | None]
    ) -> None:
        self._store = store
        self._spawn = spawn
        self._make = make
        self._key: Key | None = None

    def begin(self) -> None:
        """Follow the setting from now on."""
        self._store.subscribe(lambda state: state.settings.chat_shortcut, self._follow)
        if self._store.state.settings.chat_shortcut:
            self._follow(self._store.state)

    def _follow(self, state: AppState) -> None:
        if state.settings.chat_shortcut:
            from app.wording.composing import shortcut_purpose  # noqa: PLC0415 - few wish it

            self._key = self._key or self._make(self._tell)
            if self._key is None:
                self._tell(Shortcut(ShortcutStatus.MISSING))
            else:
                self._key.bind(shortcut_purpose())
        elif self._key is not None:
            self._spawn(self._key.release(), "release the global shortcut")
        else:
            self._tell(Shortcut())

    def _tell(self, shortcut: Shortcut) -> None:
        self._store.update(shortcut=shortcut)
