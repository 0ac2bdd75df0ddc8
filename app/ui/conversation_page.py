"""The place of the list of conversations in the chat window: built when it is first shown.

It asks for the list while it can be seen, and gives it back when it is not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.clocks import wall
from app.local_zone import local_zone
from app.state import AppState
from app.wording import language

if TYPE_CHECKING:  # most openings of the chat never look at it
    from app.ui.conversation_list import ConversationList


class ConversationPage(QWidget):
    """`wished` carries what to search for, None when nobody looks; the rest as in the list."""

    wished = Signal(object)
    opened = Signal(str)
    renamed = Signal(str, str)
    deleted = Signal(str)
    all_deleted = Signal()
    exported = Signal(str, str, str)
    settings_requested = Signal()

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = wall,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone
        self._state = AppState()
        self._locale = language.locale()
        self.list: ConversationList | None = None

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show `state`; out of sight it is only remembered."""
        self._state = state
        if self.list is None or not self.isVisible():
            return
        if language.locale() != self._locale:
            self._locale = language.locale()
            self.list.restyle()
        self.list.render(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.list is None:
            self.list = self._new_list()
        self.wished.emit(self.list.search.text())
        self.render(self._state)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.list is not None:
            self.wished.emit(None)
            self.list.clear()

    def _wish(self, search: str) -> None:
        self.wished.emit(search)

    def _new_list(self) -> ConversationList:
        from app.ui.conversation_list import ConversationList  # noqa: PLC0415 - see above

        made = ConversationList(clock=self._clock, zone=self._zone or local_zone(os.environ))
        made.wished.connect(self._wish)
        made.opened.connect(self.opened)
        made.renamed.connect(self.renamed)
        made.deleted.connect(self.deleted)
        made.all_deleted.connect(self.all_deleted)
        made.exported.connect(self.exported)
        made.settings_requested.connect(self.settings_requested)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(made)
        made.show()  # at once, so that it can take the keyboard
        self.setFocusProxy(made.search)
        return made
