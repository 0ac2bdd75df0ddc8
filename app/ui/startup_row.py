"""The one line of the settings window that belongs to the system: starting with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.autostart.state import Autostart, AutostartStatus
from app.desktop.file_watch import FileWatch
from app.ui import theme
from app.ui.row_texts import ROW_MARGINS, RowTexts
from app.ui.switch import Switch
from app.wording import autostart as words

_SETTLED = (AutostartStatus.ON, AutostartStatus.OFF)


class StartupRow(QWidget):
    """Hidden until the system has told how it is; `switched` carries what is wanted.

    `changed` says that somebody else may have switched it, while the row can be seen.
    """

    switched = Signal(bool)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._found: Autostart | None = None
        self.switch = Switch()
        self.switch.toggled.connect(self._on_toggled)
        self._watch: FileWatch | None = None
        texts = RowTexts()
        self.name, self.description = texts.name, texts.description
        box = QHBoxLayout(self)
        box.setContentsMargins(*ROW_MARGINS)
        box.setSpacing(theme.WIDE_GAP)
        box.addLayout(texts, 1)
        box.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def render(self, found: Autostart | None) -> None:  # type: ignore[override]
        """Show what the system told; where that is not simply on or off, say it."""
        self._found = found
        self.setVisible(found is not None)
        if found is None:
            return
        blocker = QSignalBlocker(self.switch)
        self.switch.setChecked(found.status is AutostartStatus.ON)
        blocker.unblock()
        is_settled = found.status in _SETTLED and not found.refusal
        said = words.switch_description() if is_settled else words.autostart_words(found)
        self.name.show_text(words.switch_label())
        self.description.show_text(said, "faint" if is_settled else "close")
        self.switch.setAccessibleName(words.switch_label())
        self.switch.setAccessibleDescription(said)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._found is not None and self._found.file and self._watch is None:
            self._watch = FileWatch(Path(self._found.file), self.changed.emit)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _on_toggled(self, on: bool) -> None:
        """The switch shows what holds, also where the system refuses: its answer moves it."""
        self.render(self._found)
        self.switched.emit(on)

    def retranslate(self) -> None:
        """Say it in the language now in force."""
        self.render(self._found)
