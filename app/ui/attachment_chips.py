"""The files that go with the next question, each with its name, its size and a way to remove it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.attachments import Attachment
from app.chat.desk import Refused
from app.ui import theme
from app.ui.labels import IconButton, TextLabel
from app.ui.thumbnail import Thumbnail
from app.wording import composing as words
from app.wording.amounts import size

_COLUMNS = 2


class Chip(QFrame):
    """One file; `removed` when it shall not go with the question after all."""

    removed = Signal()

    def __init__(self, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.attachment = attachment
        self.thumbnail = Thumbnail(attachment, parent=self)
        name = words.file_name(attachment.name)
        self.name = TextLabel(name, pixels=theme.CAPTION_PX, elide=True, keeps_end=True)
        self.size_text = TextLabel(
            size(attachment.size),
            colour="faint",
            pixels=theme.CAPTION_PX,
            tabular=True,
        )
        self.remove = IconButton("close", words.remove_file(attachment.name))
        self.remove.setIconSize(QSize(10, 10))
        self.remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 2, 3)
        row.setSpacing(6)
        row.addWidget(self.thumbnail)
        row.addWidget(self.name, 1)
        row.addWidget(self.size_text)
        row.addWidget(self.remove)


class AttachmentChips(QWidget):
    """All of them, two in a row; below them what was refused, in words. Empty: not there."""

    removed = Signal(int)
    refusals_read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(words.files_name())
        self.chips: list[Chip] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.refusals = TextLabel(colour="close", pixels=theme.CAPTION_PX, wrap=True)
        self.read = IconButton("close", words.hide_refusals())
        self.read.setIconSize(QSize(10, 10))
        self.read.clicked.connect(self.refusals_read)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.refusals, 1)
        line.addWidget(self.read, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 2)
        box.setSpacing(6)
        box.addLayout(self._grid)
        box.addLayout(line)
        self.show_files((), ())

    def show_files(self, attachments: tuple[Attachment, ...], refused: tuple[Refused, ...]) -> None:
        """Show these; files that stay keep their chips."""
        if attachments != tuple(chip.attachment for chip in self.chips):
            self._rebuild(attachments)
        sentences = [words.refusal(one.name, one.why, one.most) for one in refused]
        self.refusals.show_text("\n".join(sentences))
        self.refusals.setVisible(bool(refused))
        self.read.setVisible(bool(refused))
        self.setVisible(bool(attachments or refused))

    def _rebuild(self, attachments: tuple[Attachment, ...]) -> None:
        old = {id(chip.attachment): chip for chip in self.chips}
        self.chips = [old.get(id(one)) or self._new_chip(one) for one in attachments]
        for chip in old.values():
            if chip not in self.chips:
                self._grid.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
        width = _COLUMNS if len(self.chips) == 1 else 1  # one alone may show a long name
        for number, chip in enumerate(self.chips):
            self._grid.addWidget(chip, number // _COLUMNS, number % _COLUMNS, 1, width)

    def _new_chip(self, attachment: Attachment) -> Chip:
        chip = Chip(attachment, self)
        chip.removed.connect(partial(self._remove, chip))
        return chip

    def _remove(self, chip: Chip) -> None:
        if chip in self.chips:
            self.removed.emit(self.chips.index(chip))

    def restyle(self) -> None:
        """The language changed."""
        self.setAccessibleName(words.files_name())
        self.read.rename(words.hide_refusals())
        for chip in self.chips:
            chip.remove.rename(words.remove_file(chip.attachment.name))
