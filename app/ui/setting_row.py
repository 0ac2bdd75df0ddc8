"""One row of the settings window: name, description and field of one setting, and its way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.settings import Declaration
from app.ui import theme
from app.ui.labels import IconButton, TextLabel
from app.ui.row_texts import ROW_MARGINS, RowTexts
from app.ui.setting_fields import NumberField, SwitchField, TextField, field_for
from app.wording import settings as words

_FIELD_WIDTH = 190
_LONG_VALUES = ("network",)  # addresses and paths


class SettingRow(QWidget):
    """`edited` carries the new value; the field's own, or the default."""

    edited = Signal(object)

    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self.declaration = declaration
        self.field = field_for(declaration)
        self.field.setFont(theme.text_font())
        self.field.edited.connect(self.edited)
        self._remark = ""
        self._tells_refusal = False
        self._is_refused = False  # what was typed last
        if isinstance(self.field, NumberField):
            self.field.refused.connect(self._note_refusal)
        self._texts = RowTexts()
        self.name, self.description = self._texts.name, self._texts.description
        self.name.setBuddy(self.field)  # AT-SPI: a choice says what is chosen, its label what of
        self.remark = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.remark.hide()
        self.back = IconButton("undo", words.back_to_default(declaration.key))
        self.back.clicked.connect(lambda: self.edited.emit(declaration.default))
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(policy)
        self.back.hide()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        self._texts.addWidget(self.remark)
        first = QHBoxLayout()
        first.setSpacing(theme.GAP)
        top = Qt.AlignmentFlag.AlignTop
        first.addLayout(self._texts, 1)
        first.addWidget(self.back, 0, top)
        box = QVBoxLayout(self)
        box.setContentsMargins(*ROW_MARGINS)
        box.setSpacing(theme.GAP)
        box.addLayout(first)
        if isinstance(self.field, TextField) or self.declaration.section in _LONG_VALUES:
            box.addWidget(self.field)
        else:
            if isinstance(self.field, SwitchField):
                self.field.setMinimumHeight(26)
            else:
                self.field.setFixedWidth(_FIELD_WIDTH)
            first.addWidget(self.field, 0, top)

    def show_value(self, value: object) -> None:
        """Show what holds, and whether there is a way back."""
        self.field.show_value(value)
        self.back.setVisible(value != self.declaration.default)

    def show_remark(self, remark: str, *, is_refusal: bool = False) -> None:
        """What became of it, below its description; in amber, that it was not taken."""
        if (remark, is_refusal) != (self._remark, self._tells_refusal):
            self._remark, self._tells_refusal = remark, is_refusal
            self.retranslate()

    def _note_refusal(self, is_refused: bool) -> None:
        if is_refused != self._is_refused:
            self._is_refused = is_refused
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language now in force."""
        key = self.declaration.key
        description = words.setting_description(key)
        self.name.show_text(words.setting_label(key))
        self.description.show_text(description)
        remark = words.bounds(self.declaration) if self._is_refused else self._remark
        is_amber = self._is_refused or self._tells_refusal
        self.remark.show_text(remark, "close" if is_amber else "secondary")
        self.remark.setVisible(bool(remark))
        self.field.setAccessibleName(words.setting_label(key))
        said = (description, remark)
        self.field.setAccessibleDescription("\n".join(line for line in said if line))
        self.back.rename(words.back_to_default(key))
        self.field.retranslate()
