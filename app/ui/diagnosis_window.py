"""The diagnosis as a window: read it, then copy or save it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.state import ShownDiagnosis
from app.ui import icons, theme
from app.ui.closable_window import ClosableWindow
from app.ui.labels import TextLabel, plain, push_button, rule
from app.ui.reading_text import ReadingText
from app.ui.tick_box import TickBox
from app.wording import diagnosis as words
from app.wording import labels, language

FILE_NAME = "tidegauge-diagnosis.json"


class DiagnosisWindow(ClosableWindow):
    """`wished` asks for a diagnosis, with identity or without; it comes back through `render`."""

    wished = Signal(bool)
    copy_requested = Signal(str)
    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale = ""
        self._shown: ShownDiagnosis | None = None
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(QSize(420, 320))
        self.resize(QSize(560, 560))
        self.title = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold)
        self.explanation = TextLabel(colour="secondary", wrap=True)
        self.text = ReadingText(is_code=True)
        self.identity = TickBox()
        self.said = TextLabel(colour="secondary", wrap=True)
        self.copy = push_button("")
        self.save = push_button("")
        self.leave = push_button("", primary=True)
        self.identity.toggled.connect(self._on_identity)
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.text.toPlainText()))
        self.copy.clicked.connect(lambda: self.copy.setText(plain(labels.copied())))
        self.save.clicked.connect(self._choose_file)
        self.leave.clicked.connect(self.close)
        self._lay_out()
        self.render(None)

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.WIDE_GAP)
        body.setSpacing(theme.GAP)
        body.addWidget(self.title)
        body.addWidget(self.explanation)
        body.addWidget(self.text, 1)
        body.addWidget(self.identity)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.copy)
        foot.addWidget(self.save)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.leave)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(body, 1)
        box.addWidget(rule())
        box.addLayout(foot)

    def render(self, shown: ShownDiagnosis | None) -> None:  # type: ignore[override]
        """Show it; None while it is being collected."""
        if language.locale() != self._locale:
            self._locale = language.locale()
            self._retranslate()
        if shown is None or self._shown is None or shown.text != self._shown.text:
            self.copy.setText(plain(words.copy()))
        self._shown = shown
        self.text.show_text(words.collecting() if shown is None else shown.text)
        for button in (self.copy, self.save, self.identity):
            button.setEnabled(shown is not None)
        said = words.saved_as(shown.saved_to) if shown and shown.saved_to else ""
        if shown is not None and shown.has_failed:
            said = words.not_saved()
        self.said.show_text(said, "over" if shown and shown.has_failed else "secondary")

    def _retranslate(self) -> None:
        self.setWindowTitle(words.title())
        self.title.show_text(words.title())
        self.explanation.show_text(words.explanation())
        self.text.setAccessibleName(words.text_name())
        self.identity.setText(plain(words.with_identity()))
        self.copy.setText(plain(words.copy()))
        self.save.setText(plain(words.save()))
        self.leave.setText(plain(labels.close()))

    def _on_identity(self, with_identity: bool) -> None:
        self.wished.emit(with_identity)

    def _choose_file(self) -> None:
        from app.ui.file_dialog import ask_where_to_save  # noqa: PLC0415 - rarely asked for

        ask_where_to_save(self, words.title, FILE_NAME, self.save_requested.emit)
