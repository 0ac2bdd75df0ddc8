"""What stands below the transcript: costs, limits, why nothing can be asked, and the composer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.chat_content import ChatContent, Gate, Remedy
from app.ui.composer import Composer
from app.ui.gauge_reading import BarReading
from app.ui.labels import TextLabel, explain, plain, push_button
from app.ui.limit_bar import LimitBar


class ChatFoot(QWidget):
    """Shows the parts of a `ChatContent` that stand below; the composer has signals of its own."""

    sign_in_requested = Signal()
    unlock_requested = Signal()
    safe_mode_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate: Gate | None = None
        self.composer = Composer(self)
        self.left_out = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.left_out.hide()
        self.gauge: LimitBar | None = None  # made when little is left
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.PADDING, 10, theme.PADDING, theme.PADDING)
        self._box.setSpacing(theme.GAP)
        self._box.addWidget(self.left_out)
        self._box.addWidget(self._make_numbers())
        self._box.addWidget(self._make_gate())
        self._box.addWidget(self.composer)

    def _make_numbers(self) -> QWidget:
        self.cost = TextLabel(colour="faint", pixels=theme.CAPTION_PX, tabular=True, wrap=True)
        self.limit = TextLabel(
            colour="faint", pixels=theme.CAPTION_PX, weight=QFont.Weight.Medium, tabular=True
        )
        self.numbers = QWidget(self)
        line = QHBoxLayout(self.numbers)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.GAP)
        line.addWidget(self.cost, 1)
        line.addWidget(self.limit, 0, Qt.AlignmentFlag.AlignTop)
        return self.numbers

    def _make_gate(self) -> QWidget:
        self.gate = QWidget(self)
        self.gate_text = TextLabel(colour="secondary", wrap=True)
        self.gate_button = push_button("", primary=True)
        self.gate_button.clicked.connect(self._on_gate)
        row = QHBoxLayout(self.gate)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(theme.WIDE_GAP)
        row.addWidget(self.gate_text, 1)
        row.addWidget(self.gate_button)
        return self.gate

    def show_content(self, content: ChatContent) -> None:
        """Show `content`; the draft stays, whatever happens around it."""
        self.left_out.show_text(content.left_out)
        self.left_out.setVisible(bool(content.left_out))
        self.cost.show_text(content.cost)
        self.cost.show_more(content.cost_tooltip)
        self.limit.show_text(content.limit, content.limit_colour)
        explain(self.limit, content.limit_tooltip)
        self.numbers.setVisible(bool(content.cost or content.limit))
        self._show_gauge(content.gauge)
        was_closed = self._gate is not None
        self._show_gate(content.gate)
        self.composer.show_editing(content.editing)
        self.composer.show_state(is_answering=content.is_answering, is_open=content.gate is None)
        if was_closed and content.gate is None:  # it could not have the keyboard until now
            self.composer.field.setFocus()

    def show_draft_room(self) -> None:
        """Nothing can be asked: the composer stays only where a draft stands in it."""
        has_draft = bool(self.composer.field.toPlainText())
        self.composer.setVisible(self._gate is None or has_draft)

    def focus_start(self) -> None:
        """Give the keyboard to the field, or to what opens it."""
        is_open = self.composer.field.isEnabled()
        (self.composer.field if is_open else self.gate_button).setFocus()

    def _show_gauge(self, reading: BarReading | None) -> None:
        if reading is not None:
            if self.gauge is None:
                self.gauge = LimitBar(self)
                self._box.insertWidget(self._box.indexOf(self.numbers), self.gauge)
            self.gauge.show_reading(reading)
            self.gauge.stack(
                max(self.width(), theme.scaled(theme.CHAT_MIN_WIDTH)) - 2 * theme.PADDING
            )
        if self.gauge is not None:
            self.gauge.setVisible(reading is not None)

    def _show_gate(self, gate: Gate | None) -> None:
        self._gate = gate
        self.gate.setVisible(gate is not None)
        self.show_draft_room()
        if gate is not None:
            self.gate_text.show_text(gate.sentence)
            self.gate_button.setText(plain(gate.button))
            self.gate_button.setVisible(bool(gate.button))

    def _on_gate(self) -> None:
        if self._gate is not None and self._gate.remedy is Remedy.UNLOCK:
            self.unlock_requested.emit()
        elif self._gate is not None and self._gate.remedy is Remedy.LEAVE_SAFE_MODE:
            self.safe_mode_left.emit()
        else:
            self.sign_in_requested.emit()
