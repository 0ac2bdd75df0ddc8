"""One entry of a menu, made without what a keyboard shortcut would need.

`QMenu.addAction` with a text and a callable may also take a shortcut, so PySide makes the types
of key sequences for it: 0.2 MB that the tray has no use for.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def add_entry(menu: QMenu, text: str, chosen: Callable[[], object]) -> QAction:
    """A new entry at the end of `menu`; `chosen` is called each time it is."""
    action = QAction(text, menu)
    action.triggered.connect(lambda _checked: chosen())
    menu.addAction(action)
    return action
