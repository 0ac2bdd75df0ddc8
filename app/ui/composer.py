"""Where a question is written: the field, its files, what is being edited, and the one button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.chat.attachments import Attachment
from app.chat.desk import Refused
from app.ui import icons, pictures, theme
from app.ui.attachment_chips import AttachmentChips
from app.ui.labels import IconButton, TextLabel, explain, plain, push_button
from app.ui.question_field import QuestionField
from app.wording import composing as words
from app.wording import labels


class Composer(QWidget):
    """The framed field with its hint and the one button, which sends or stops."""

    message_submitted = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    editing_left = Signal()
    attach_requested = Signal()  # a file is to be chosen
    files_offered = Signal(list)  # of paths
    picture_encoded = Signal(bytes)  # a pasted picture, as PNG
    file_removed = Signal(int)
    refusals_read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_answering = False
        self._is_open = True
        self._shift_sends = False
        self._is_editing = False
        self._is_drop_near = False
        self.chips = AttachmentChips(self)
        self.field = QuestionField(self)
        self.hint = TextLabel(colour="faint", pixels=theme.CAPTION_PX, elide=True)
        self.attach = IconButton("attach", words.attach_files(), self)
        self.button = push_button("", primary=True)
        self.button.setIconSize(QSize(12, 12))
        self._connect()
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.attach)
        row.addWidget(self.hint, 1)
        row.addWidget(self.button)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 10, 9, 8)  # the picture, not its button, stands below the text
        box.setSpacing(4)
        texts = QVBoxLayout()
        texts.setContentsMargins(6, 0, 0, 0)
        texts.setSpacing(4)
        for widget in (self._make_strip(), self.chips, self.field):
            texts.addWidget(widget)
        box.addLayout(texts)
        box.addLayout(row)
        self.restyle()

    def _make_strip(self) -> QWidget:
        """What says that an earlier question is being edited, and the way out of it."""
        self.strip = QWidget(self)
        self.strip_text = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.leave = IconButton("close", words.cancel_editing())
        self.leave.setIconSize(QSize(10, 10))
        self.leave.clicked.connect(self.editing_left)
        row = QHBoxLayout(self.strip)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(6)
        row.addWidget(self.strip_text, 1)
        row.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignTop)
        self.strip.hide()
        return self.strip

    def _connect(self) -> None:
        self.button.clicked.connect(self._on_button)
        self.attach.clicked.connect(self.attach_requested)
        self.field.entered.connect(self.submit)
        self.field.textChanged.connect(self._on_text)
        self.field.files_offered.connect(self.files_offered)
        self.field.picture_offered.connect(self._on_picture)
        self.chips.removed.connect(self.file_removed)
        self.chips.refusals_read.connect(self.refusals_read)
        self.field.installEventFilter(self)

    def restyle(self) -> None:
        """Take over the words, the font and the colours now in force."""
        self.field.restyle()
        self.chips.restyle()
        self.attach.rename(words.attach_files())
        self.leave.rename(words.cancel_editing())
        self._show_hint()
        self._update_button()

    # --- showing -----------------------------------------------------------------------------

    def show_state(self, *, is_answering: bool, is_open: bool) -> None:
        """Offer Stop while an answer comes; take no question while `is_open` is False."""
        self._is_answering = is_answering
        self._is_open = is_open
        self.field.setEnabled(is_open)
        self.attach.setEnabled(is_open)
        self._update_button()

    def show_send_key(self, *, with_shift: bool) -> None:
        """Whether Shift+Enter sends, or Enter."""
        if with_shift != self._shift_sends:
            self._shift_sends = with_shift
            self.field.show_send_key(with_shift=with_shift)
            self._show_hint()

    def show_editing(self, sentence: str) -> None:
        """Say what sending will replace; empty: it is a new question."""
        self._is_editing = bool(sentence)
        self.strip_text.show_text(sentence)
        self.strip.setVisible(self._is_editing)
        self._update_button()

    def show_files(self, attachments: tuple[Attachment, ...], refused: tuple[Refused, ...]) -> None:
        """The files that go with the question, and those that do not."""
        self.chips.show_files(attachments, refused)
        self._update_button()

    def show_drop(self, is_near: bool) -> None:
        """Files are being dragged over the window, or no longer."""
        self._is_drop_near = is_near
        self._show_hint()
        self.update()

    def _show_hint(self) -> None:
        keys = words.shift_enter_sends() if self._shift_sends else labels.enter_sends()
        self.hint.show_text(words.drop_here() if self._is_drop_near else keys)

    # --- wishes ------------------------------------------------------------------------------

    def submit(self) -> None:
        """Send the draft, if there is one and the way is free; otherwise it stays."""
        text = self.field.toPlainText().strip()
        if text and self._is_open and not self._is_answering:
            self.field.clear()
            self.message_submitted.emit(text)

    def _on_button(self) -> None:
        if self._is_answering:
            self.stop_requested.emit()
        else:
            self.submit()

    def _on_text(self) -> None:
        self._update_button()
        self.draft_changed.emit(self.field.toPlainText())

    def _on_picture(self, picture: QImage) -> None:
        pictures.encode_later(picture, self._on_encoded)

    def _on_encoded(self, content: bytes) -> None:
        if content:
            self.picture_encoded.emit(content)

    def _update_button(self) -> None:
        stops = self._is_answering
        text = labels.stop() if stops else words.resend() if self._is_editing else labels.send()
        kind = "plain" if stops else "primary"
        self.button.setText(plain(text))
        self.button.setAccessibleName(text)
        explain(self.button, text)
        if self.button.property("kind") != kind:
            self.button.setProperty("kind", kind)
            weight = QFont.Weight.Medium if stops else QFont.Weight.DemiBold
            self.button.setFont(theme.text_font(theme.BODY_PX, weight))
            self.button.style().polish(self.button)
        over = theme.current().colour("over")
        self.button.setIcon(icons.icon("stop", over, 12) if stops else QIcon())
        has_text = bool(self.field.toPlainText().strip())
        self.button.setEnabled(stops or (self._is_open and has_text))

    # --- events ------------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        is_lit = self.field.hasFocus() or self._is_drop_near
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colours.colour("card"))
        width = 1.5 if is_lit else 1.0
        painter.setPen(QPen(colours.colour("calm" if is_lit else "line"), width))
        frame = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(frame, theme.FIELD_RADIUS, theme.FIELD_RADIUS)
        painter.end()
