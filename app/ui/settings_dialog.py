"""The settings window: one form, made from the declarations; every change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.settings import DECLARATIONS, DEFAULTS, Declaration, Settings
from app.ui import icons, theme
from app.ui.labels import TextLabel, explain, plain, push_button, rule
from app.ui.setting_fields import SwitchField, TextField, field_for
from app.ui.startup_row import StartupRow
from app.wording import about, diagnosis, erasure, labels, language
from app.wording import settings as words
from app.wording.alerts import test_action

_FIELD_WIDTH = 190


class SettingRow(QWidget):
    """Name, description and field of one setting."""

    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self.declaration = declaration
        self.field = field_for(declaration)
        self.field.setFont(theme.text_font())
        self._remark = ""
        self.name = TextLabel(weight=QFont.Weight.Medium, wrap=True)
        self.name.setBuddy(self.field)  # AT-SPI: a choice says what is chosen, its label what of
        self.description = TextLabel(colour="faint", pixels=theme.CAPTION_PX, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.name)
        texts.addWidget(self.description)
        if isinstance(self.field, TextField):
            box: QVBoxLayout | QHBoxLayout = QVBoxLayout(self)
            box.addLayout(texts)
            box.addWidget(self.field)
        else:
            if not isinstance(self.field, SwitchField):
                self.field.setFixedWidth(_FIELD_WIDTH)
            self.field.setMinimumHeight(26)
            box = QHBoxLayout(self)
            box.addLayout(texts, 1)
            box.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        box.setContentsMargins(0, 6, 0, 6)
        box.setSpacing(theme.WIDE_GAP)
        self.retranslate()

    def show_remark(self, remark: str) -> None:
        """What became of it, below its description."""
        if remark != self._remark:
            self._remark = remark
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language now in force."""
        key = self.declaration.key
        self.name.show_text(words.setting_label(key))
        lines = (words.setting_description(key), self._remark)
        self.description.show_text("\n".join(line for line in lines if line))
        self.field.setAccessibleName(words.setting_label(key))
        self.field.setAccessibleDescription(words.setting_description(key))
        self.field.retranslate()


class SettingsDialog(QWidget):
    """`setting_changed` carries key and value; the new settings come back through `render`."""

    setting_changed = Signal(str, object)
    test_requested = Signal()  # of a warning
    diagnosis_requested = Signal()
    about_requested = Signal()
    erasing_requested = Signal()  # of everything, after a question
    looked_at = Signal()  # somebody came to this window: what others keep may have changed

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale = language.locale()
        self._headings: dict[str, TextLabel] = {}
        self.rows: dict[str, SettingRow] = {}
        self.startup = StartupRow()
        self._help = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold)
        self.setWindowIcon(icons.application_icon())
        self.setMinimumWidth(440)
        self.resize(QSize(500, 620))
        self.defaults_button = push_button("")
        self.close_button = push_button("", primary=True)
        self.test_button = push_button("")
        self.test_button.clicked.connect(self.test_requested)
        self.diagnosis_button = push_button("")
        self.about_button = push_button("")
        self.erase_button = push_button("")
        self.erase_button.clicked.connect(self.erasing_requested)
        self.diagnosis_button.clicked.connect(self.diagnosis_requested)
        self.about_button.clicked.connect(self.about_requested)
        self.defaults_button.clicked.connect(self._restore_defaults)
        self.close_button.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._make_form(), 1)
        box.addWidget(rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        foot.addWidget(self.defaults_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        box.addLayout(foot)
        self._retranslate()
        self.render(settings)

    def _make_form(self) -> QScrollArea:
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.PADDING)
        box.setSpacing(0)
        box.addSpacing(theme.GAP)
        box.addWidget(self.startup)
        for section, declarations in groupby(DECLARATIONS, key=_section_of):
            heading = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold)
            self._headings[section] = heading
            box.addSpacing(theme.WIDE_GAP)
            box.addWidget(heading)
            box.addSpacing(theme.UNIT)
            for declaration in declarations:
                box.addWidget(self._make_row(declaration))
            if section == "warnings":
                box.addSpacing(theme.UNIT)
                box.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignLeft)
            if section == "privacy":
                box.addSpacing(theme.UNIT)
                box.addWidget(self.erase_button, 0, Qt.AlignmentFlag.AlignLeft)
        box.addSpacing(theme.WIDE_GAP)
        box.addWidget(self._help)
        box.addSpacing(theme.GAP)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.diagnosis_button)
        buttons.addWidget(self.about_button)
        buttons.addStretch(1)
        box.addLayout(buttons)
        box.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        self._area = area
        return area

    def _make_row(self, declaration: Declaration) -> SettingRow:
        row = SettingRow(declaration)
        row.field.edited.connect(self._emitter(declaration.key))
        self.rows[declaration.key] = row
        return row

    def _emitter(self, key: str) -> Callable[[object], None]:
        return lambda value: self._on_edited(key, value)

    def _on_edited(self, key: str, value: object) -> None:
        if getattr(self._settings, key) != value:
            self.setting_changed.emit(key, value)

    def render(self, settings: Settings) -> None:  # type: ignore[override]
        """Show `settings`; a field being typed in keeps what is typed."""
        self._settings = settings
        for key, row in self.rows.items():
            row.field.show_value(getattr(settings, key))
        self.defaults_button.setEnabled(settings != DEFAULTS)
        if language.locale() != self._locale:
            self._locale = language.locale()
            self._retranslate()

    def _restore_defaults(self) -> None:
        for declaration in DECLARATIONS:
            self._on_edited(declaration.key, declaration.default)

    def _retranslate(self) -> None:
        self.setWindowTitle(labels.settings_title())
        self.defaults_button.setText(plain(words.restore_defaults()))
        self.close_button.setText(plain(labels.close()))
        self.test_button.setText(plain(test_action()))
        self.erase_button.setText(plain(erasure.open_erasing()))
        explain(self.erase_button, erasure.button_description())
        self._help.show_text(about.help_section())
        self.diagnosis_button.setText(plain(diagnosis.open_diagnosis()))
        self.about_button.setText(plain(about.open_about()))
        for section, heading in self._headings.items():
            heading.show_text(words.section_label(section))
        for row in self.rows.values():
            row.retranslate()
        self.startup.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.looked_at.emit()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Into the form from its foot: the area shows by itself only what is left within it."""
        moved = super().focusNextPrevChild(following)
        focused = self.focusWidget()
        if moved and focused is not None and self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused)
        return moved

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(500, 620)


def _section_of(declaration: Declaration) -> str:
    return declaration.section
