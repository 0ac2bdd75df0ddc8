"""What the panel shows while there is nothing to measure: a sentence and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.labels import TextLabel, explain, push_button
from app.ui.panel_content import Blank, Button
from app.wording import labels

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit


_CENTRED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)


class EvenText(TextLabel):
    """Centred lines of much the same length: none is left with a single word or character."""

    @property
    def text_place(self) -> QRect:
        """The narrowest place, in the middle, in which the text takes no more lines."""
        metrics, whole, text = self.fontMetrics(), self.contentsRect(), self.text()

        def height(width: int) -> int:
            return metrics.boundingRect(0, 0, width, whole.height(), _CENTRED, text).height()

        too_narrow, wide_enough = whole.width() // 2, whole.width()
        while wide_enough - too_narrow > 1:
            middle = (too_narrow + wide_enough) // 2
            if height(middle) > height(whole.width()):
                too_narrow = middle
            else:
                wide_enough = middle
        spare = whole.width() - wide_enough
        return whole.adjusted(spare // 2, 0, spare // 2 - spare, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.text_place, _CENTRED, self.text())
        painter.end()


class BlankPage(QWidget):
    """Title, sentence, an address to copy, buttons; `pressed` tells which action."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Blank | None = None
        self._buttons: list[QPushButton] = []
        self.title = EvenText(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.text = EvenText(colour="secondary", wrap=True)
        self.address: QLineEdit | None = None  # few pages have one
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(24, 40, 24, 40)
        box.setSpacing(theme.GAP)
        for widget in (self.title, self.text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GAP)
        self._row.addStretch(1)
        self._row.addStretch(1)
        box.addSpacing(theme.GAP)
        box.addLayout(self._row)

    def show_blank(self, blank: Blank) -> None:
        """Show `blank`; an equal one changes nothing."""
        if blank == self._shown:
            return
        before, self._shown = self._shown, blank
        self.title.show_text(blank.title)
        self.text.show_text(blank.text)
        self.text.setVisible(bool(blank.text))
        explain(self.text, blank.detail)
        self._show_address(blank.address)
        if before is None or before.buttons != blank.buttons:
            self._replace_buttons(blank.buttons)

    def focus_first(self) -> bool:
        """Give the keyboard to the first thing that can be pressed; False without one."""
        if self._buttons:
            self._buttons[0].setFocus()
        return bool(self._buttons)

    @property
    def focus_order(self) -> list[QWidget]:
        """What the Tab key reaches, from above."""
        address = [self.address] if self.address is not None else []
        return [*address, *self._buttons]

    def _show_address(self, address: str) -> None:
        if self.address is None:
            if not address:
                return
            from PySide6.QtWidgets import QLineEdit  # noqa: PLC0415 - takes 6 ms

            self.address = QLineEdit()
            self.address.setReadOnly(True)
            self.address.setFont(theme.text_font())
            self._box.insertWidget(2, self.address)
        self.address.setVisible(bool(address))
        self.address.setText(address)
        self.address.setCursorPosition(0)
        self.address.setAccessibleName(labels.sign_in_address_name())

    def _replace_buttons(self, wanted: tuple[Button, ...]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(one) for one in wanted]
        for place, button in enumerate(self._buttons, start=1):
            self._row.insertWidget(place, button)
            button.show()

    def _button(self, wanted: Button) -> QPushButton:
        button = push_button(wanted.label, primary=wanted.is_primary, parent=self)
        button.clicked.connect(lambda: self.pressed.emit(str(wanted.action)))
        return button
