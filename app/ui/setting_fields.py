"""What each kind of setting is edited in.

A field says `edited` with the new value, shows what holds by `show_value`, and speaks another
language after `retranslate`.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QValidator
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.proxies import without_password
from app.settings import Declaration
from app.ui import theme
from app.ui.arrow_fields import ChoiceBox, NumberBox
from app.ui.switch import Switch
from app.wording.setting_choices import choice_label

_LONG_TEXTS = ("chat_instructions",)


class ChoiceField(ChoiceBox):
    """One of the declared choices."""

    edited = Signal(object)

    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self._declaration = declaration
        for choice in declaration.choices:
            self.addItem(choice_label(declaration.key, choice), choice)
        self.activated.connect(lambda index: self.edited.emit(self.itemData(index)))

    def show_value(self, value: object) -> None:
        self.setCurrentIndex(self.findData(value))

    def retranslate(self) -> None:
        for index, choice in enumerate(self._declaration.choices):
            self.setItemText(index, choice_label(self._declaration.key, choice))


class SwitchField(Switch):
    """On or off."""

    edited = Signal(object)

    def __init__(self, _declaration: Declaration) -> None:
        super().__init__()
        self.toggled.connect(self.edited.emit)

    def show_value(self, value: object) -> None:
        blocker = QSignalBlocker(self)
        self.setChecked(value is True)
        blocker.unblock()

    def retranslate(self) -> None:
        """Its name stands beside it."""


class NumberField(NumberBox):
    """A whole number within the declared bounds; `refused` says whether what was typed is not."""

    edited = Signal(object)
    refused = Signal(bool)

    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self.setRange(int(declaration.low or 0), int(declaration.high or 1_000_000))
        self.valueChanged.connect(self.edited.emit)
        self.lineEdit().textEdited.connect(lambda _text: self.refused.emit(False))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A digit too many is not even taken."""
        if text.isdecimal() and int(text) > self.maximum():
            self.refused.emit(True)
        return super().validate(text, position)

    def fixup(self, text: str) -> str:
        """Left or confirmed while it is too small: the value until now comes back."""
        self.refused.emit(True)
        return super().fixup(text)

    def show_value(self, value: object) -> None:
        if isinstance(value, int) and value != self.value():  # else digits being typed would go
            blocker = QSignalBlocker(self)
            self.setValue(value)
            blocker.unblock()

    def retranslate(self) -> None:
        """Digits need no translation."""


class LineField(QLineEdit):
    """A short text; it counts on Enter, when the field is left, and when its window is closed."""

    edited = Signal(object)

    def __init__(self, _declaration: Declaration) -> None:
        super().__init__()
        self._shown = ""
        self.editingFinished.connect(lambda: self.edited.emit(self.text().strip()))

    def show_value(self, value: object) -> None:
        """What is being typed stays; what is only looked at follows, or leaving would undo it."""
        typed = self.text().strip()
        if self.hasFocus() and typed != self._shown and without_password(typed)[0] != value:
            return
        self._shown = str(value)
        if self.text() != self._shown:  # a password goes from sight once it is taken
            self.setText(self._shown)
            self.setCursorPosition(0)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.edited.emit(self.text().strip())  # it does not lose the keyboard with its window

    def retranslate(self) -> None:
        """The text is the user's own."""


class TextField(QPlainTextEdit):
    """A longer text; it counts when the field is left."""

    edited = Signal(object)

    def __init__(self, _declaration: Declaration) -> None:
        super().__init__()
        self.setObjectName("field")
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.scaled(72))
        self._shown = ""

    def show_value(self, value: object) -> None:
        """As a line does."""
        typed = self.toPlainText().strip()
        if self.hasFocus() and typed not in (self._shown.strip(), value):
            return
        self._shown = str(value)
        if self.toPlainText() != self._shown:
            self.setPlainText(self._shown)

    def retranslate(self) -> None:
        """The text is the user's own."""

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.edited.emit(self.toPlainText().strip())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.edited.emit(self.toPlainText().strip())


Field = ChoiceField | SwitchField | NumberField | LineField | TextField


def field_for(declaration: Declaration) -> Field:
    """The field that edits a setting of that kind."""
    if declaration.choices:
        return ChoiceField(declaration)
    if declaration.kind is bool:
        return SwitchField(declaration)
    if declaration.kind is int:
        return NumberField(declaration)
    return TextField(declaration) if declaration.key in _LONG_TEXTS else LineField(declaration)
