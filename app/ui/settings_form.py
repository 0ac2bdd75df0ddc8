"""The form of the settings window: its sections below each other, as far as they are looked for."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.settings import DECLARATIONS, SECTIONS, Declaration
from app.ui import theme
from app.ui.labels import TextLabel
from app.ui.setting_row import SettingRow
from app.ui.setting_search import matches
from app.wording import settings as words

_HELP = "help"


class _Section(QWidget):
    """A heading, and what stands below it."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, theme.WIDE_GAP, 0, 0)
        self.box.setSpacing(0)
        self.box.addWidget(self.heading)
        self.box.addSpacing(theme.UNIT)


class SettingsForm(QScrollArea):
    """`edited` carries key and value, `reached` the section that stands on top."""

    edited = Signal(str, object)
    reached = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, SettingRow] = {}
        self._others: dict[QWidget, str] = {}  # what is no setting, with its section
        self._content = QWidget()
        self.sections = {section: _Section() for section in (*SECTIONS, _HELP)}
        self.nothing = TextLabel(colour="secondary", wrap=True)
        self.nothing.hide()
        box = QVBoxLayout(self._content)
        box.setContentsMargins(theme.PADDING, 0, theme.PADDING, theme.PADDING)
        box.setSpacing(0)
        box.addWidget(self.nothing)
        for section in self.sections.values():
            box.addWidget(section)
        for declaration in DECLARATIONS:
            self._add_row(declaration)
        box.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._content)
        self.verticalScrollBar().valueChanged.connect(self._tell_section)

    def add(self, section: str, widget: QWidget, *, first: bool = False) -> None:
        """Something that is no setting, at the end of its section or before its settings."""
        box = self.sections[section].box
        self._others[widget] = section
        if isinstance(widget, QPushButton):
            box.addSpacing(theme.UNIT)
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        elif first:
            box.insertWidget(2, widget)
        else:
            box.addWidget(widget)

    def show_section(self, section: str) -> None:
        """Scroll to it."""
        place = self.sections[section].mapTo(self._content, QPoint(0, 0)).y()
        self.verticalScrollBar().setValue(place)

    def look_for(self, query: str) -> set[str]:
        """Show what matches, whole sections by their names; the sections that have any."""
        wanted = query.casefold().strip()
        found = {key for key, row in self.rows.items() if matches(row.declaration, query)}
        for key, row in self.rows.items():
            row.setVisible(key in found)
        held = {self.rows[key].declaration.section for key in found}
        held |= {section for section in self._with_others() if wanted in _label(section)}
        for name, section in self.sections.items():
            section.setVisible(name in held)
        self.nothing.show_text("" if held else words.nothing_found(query))
        self.nothing.setVisible(not held)
        return held

    def _with_others(self) -> set[str]:
        """The sections in which something else than a setting is to be seen."""
        return {section for widget, section in self._others.items() if not widget.isHidden()}

    def retranslate(self) -> None:
        """Say it in the language now in force."""
        for name, section in self.sections.items():
            section.heading.show_text(words.section_label(name))
        for row in self.rows.values():
            row.retranslate()

    def _add_row(self, declaration: Declaration) -> None:
        row = SettingRow(declaration)
        key = declaration.key
        row.edited.connect(lambda value: self.edited.emit(key, value))
        self.rows[key] = row
        self.sections[declaration.section].box.addWidget(row)

    def _tell_section(self, top: int) -> None:
        """The last one that begins at the top or above it; at the end of the form the last."""
        shown = [(name, one) for name, one in self.sections.items() if not one.isHidden()]
        if not shown:
            return
        at_end = top == self.verticalScrollBar().maximum() and top > 0
        passed = [name for name, one in shown if one.y() <= top + theme.PADDING]
        self.reached.emit(shown[-1][0] if at_end else (passed or [shown[0][0]])[-1])


def _label(section: str) -> str:
    return words.section_label(section).casefold()
