"""What went with a question, below its bubble: pictures as small pictures, and all by name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.chat.attachments import Attachment
from app.ui import theme
from app.ui.labels import TextLabel, explain
from app.ui.thumbnail import Thumbnail
from app.wording import composing as words

_SIDE, _SMALL_SIDE, _FEW = 56, 36, 4  # eight pictures fit into the narrowest window


class AttachedFiles(QWidget):
    """Right-aligned, like the question."""

    def __init__(self, attachments: tuple[Attachment, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        few = sum(one.is_image for one in attachments) <= _FEW
        self._side = _SIDE if few else _SMALL_SIDE
        self.pictures: list[Thumbnail] = []
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        for one in attachments:
            if one.is_image:
                self.pictures.append(self._thumbnail(one))
                row.addWidget(self.pictures[-1])
        self._file_names = [one.name for one in attachments]
        self.names = TextLabel(colour="faint", pixels=theme.CAPTION_PX, elide=True)
        self.names.setAlignment(Qt.AlignmentFlag.AlignRight)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.UNIT)
        if self.pictures:
            box.addLayout(row)
        box.addWidget(self.names)
        self.restyle()

    def restyle(self) -> None:
        """The language changed."""
        self.names.show_text(words.files_of_question(self._file_names))

    def _thumbnail(self, attachment: Attachment) -> Thumbnail:
        made = Thumbnail(attachment, self._side, self)
        made.setAccessibleName(words.file_name(attachment.name))
        explain(made, words.file_name(attachment.name))
        return made
