"""The chat window: heading, transcript, what it cost, and the field for the next question.

Signals are wishes of the user; everything shown comes back through `render`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from threading import Thread

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.chat.conversation import Turn
from app.chat.links import Link
from app.local_zone import local_zone
from app.state import AppState
from app.ui import code_colours, icons, theme
from app.ui.chat_content import ChatContent, Gate, Remedy, chat_content, turn_words
from app.ui.composer import Composer
from app.ui.labels import Badge, IconButton, TextLabel, explain, plain, push_button, rule
from app.ui.link_dialog import LinkDialog
from app.ui.transcript import Transcript
from app.wording import labels, language
from app.wording.fault_words import FaultWords

_HEIGHT = 560
_HEADING_HEIGHT = 50


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ChatWindow(QWidget):
    """One conversation."""

    message_submitted = Signal(str)
    stop_requested = Signal()
    retry_requested = Signal()
    new_chat_requested = Signal()
    settings_requested = Signal()
    sign_in_requested = Signal()
    unlock_requested = Signal()
    link_open_requested = Signal(str)  # confirmed by the user; http, https or mailto

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = _utc_now,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self._content: ChatContent | None = None
        self._locale = language.locale()
        self._is_warm = False
        self.setMinimumWidth(theme.CHAT_MIN_WIDTH)
        self.setMinimumHeight(360)
        self.resize(QSize(theme.CHAT_MIN_WIDTH + 40, _HEIGHT))
        self.setWindowIcon(icons.application_icon())
        self.transcript = Transcript(self._explain, clock)
        self.composer = Composer()
        self.composer.message_submitted.connect(self.message_submitted)
        self.composer.stop_requested.connect(self.stop_requested)
        self.transcript.retry_requested.connect(self.retry_requested)
        self.transcript.link_activated.connect(self._ask_to_open)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._make_heading())
        box.addWidget(rule())
        self._pages = QStackedLayout()
        self._pages.addWidget(self._make_empty_page())
        self._pages.addWidget(self.transcript)
        box.addLayout(self._pages, 1)
        box.addWidget(rule())
        box.addLayout(self._make_foot())
        self.render(self._state)

    # --- parts -------------------------------------------------------------------------------

    def _make_heading(self) -> QHBoxLayout:
        self.title = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, elide=True)
        self.model = Badge()
        self.new_chat = IconButton("plus", labels.new_chat())
        self.new_chat.clicked.connect(self.new_chat_requested)
        self.settings = IconButton("settings", labels.settings_tooltip())
        self.settings.clicked.connect(self.settings_requested)
        row = QHBoxLayout()
        row.setContentsMargins(theme.PADDING, 0, theme.WIDE_GAP, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.title, 1)
        row.addWidget(self.model)
        row.addWidget(self.new_chat)
        row.addWidget(self.settings)
        row.addStrut(_HEADING_HEIGHT)
        return row

    def _make_empty_page(self) -> QWidget:
        page = QWidget()
        self._empty_title = TextLabel(
            colour="secondary", pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True
        )
        self._empty_text = TextLabel(colour="faint", wrap=True)
        box = QVBoxLayout(page)
        box.setContentsMargins(32, 32, 32, 32)
        box.setSpacing(theme.GAP)
        box.addStretch(1)
        for label in (self._empty_title, self._empty_text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(label)
        box.addStretch(1)
        return page

    def _make_foot(self) -> QVBoxLayout:
        self.cost = TextLabel(colour="faint", pixels=theme.CAPTION_PX, tabular=True, elide=True)
        self.limit = TextLabel(
            colour="faint", pixels=theme.CAPTION_PX, weight=QFont.Weight.Medium, tabular=True
        )
        self.numbers = QWidget()
        line = QHBoxLayout(self.numbers)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.GAP)
        line.addWidget(self.cost, 1)
        line.addWidget(self.limit)
        self.gate = QWidget()
        self.gate_text = TextLabel(colour="secondary", wrap=True)
        self.gate_button = push_button("", primary=True)
        self.gate_button.clicked.connect(self._on_gate)
        row = QHBoxLayout(self.gate)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(theme.WIDE_GAP)
        row.addWidget(self.gate_text, 1)
        row.addWidget(self.gate_button)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.PADDING, 10, theme.PADDING, theme.PADDING)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.numbers)
        foot.addWidget(self.gate)
        foot.addWidget(self.composer)
        return foot

    # --- showing the state -------------------------------------------------------------------

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show `state`; a stream event costs one comparison and a note for the next frame."""
        self._state = state
        if language.locale() != self._locale:
            self._locale = language.locale()
            self._restyle()
        content = chat_content(state, self._clock(), self._zone)
        if content != self._content:
            before, self._content = self._content, content
            self._show(content, before)
        self.transcript.render_turns(state.conversation.turns)

    def _show(self, content: ChatContent, before: ChatContent | None) -> None:
        self.setWindowTitle(labels.chat_title())
        self.title.show_text(content.title)
        self.model.show_text(content.model)
        explain(self.model, labels.model_name())
        self.new_chat.setEnabled(not content.is_empty)
        self._empty_title.show_text(labels.chat_empty_title())
        self._empty_text.show_text(labels.chat_empty_text())
        self._pages.setCurrentIndex(0 if content.is_empty else 1)
        self.cost.show_text(content.cost)
        self.limit.show_text(content.limit, content.limit_colour)
        explain(self.limit, content.limit_tooltip)
        self.numbers.setVisible(bool(content.cost or content.limit))
        if before is None or before.gate != content.gate:
            self._show_gate(content.gate)
        self.composer.show_state(is_answering=content.is_answering, is_open=content.gate is None)

    def _show_gate(self, gate: Gate | None) -> None:
        self.gate.setVisible(gate is not None)
        self.composer.setVisible(gate is None or bool(self.composer.field.toPlainText()))
        if gate is not None:
            self.gate_text.show_text(gate.sentence)
            self.gate_button.setText(plain(gate.button))
            self.gate_button.setVisible(bool(gate.button))

    def _on_gate(self) -> None:
        gate = self._content.gate if self._content else None
        if gate is not None and gate.remedy is Remedy.UNLOCK:
            self.unlock_requested.emit()
        else:
            self.sign_in_requested.emit()

    def _explain(self, turn: Turn) -> FaultWords | None:
        return turn_words(turn, self._state, self._clock(), self._zone)

    def _restyle(self) -> None:
        """The language changed: say everything anew."""
        self.new_chat.rename(labels.new_chat())
        self.settings.rename(labels.settings_tooltip())
        self.composer.restyle()
        self.transcript.restyle()
        self._content = None

    # --- links -------------------------------------------------------------------------------

    def _ask_to_open(self, link: Link) -> None:
        dialog = LinkDialog(link, self)
        dialog.confirmed.connect(self.link_open_requested)
        dialog.open()

    # --- events ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_warm:
            self._is_warm = True
            Thread(target=code_colours.warm_up, name="syntax colours", daemon=True).start()
        target = self.composer.field if self.composer.field.isEnabled() else self.gate_button
        target.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # comes with each switch of the theme
            self.composer.restyle()
