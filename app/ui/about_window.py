"""The about window: the version, and what the program is made of, with every licence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app import NAME, VERSION
from app.components import Component, licence_texts
from app.state import AppState
from app.ui import icons, theme
from app.ui.closable_window import ClosableWindow
from app.ui.labels import TextLabel, explain, plain, push_button, rule
from app.ui.reading_text import ReadingText
from app.updates.address import project_url
from app.wording import about as words
from app.wording import labels, language, replacement
from app.wording import updates as update_words

_PICTURE_PX = 48


class _Picture(QWidget):
    """An icon at a fixed size, which says nothing to screen readers: the name stands beside it."""

    def __init__(self, icon: QIcon, side: int) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._icon.paint(QPainter(self), self.rect())


class AboutWindow(ClosableWindow):
    """The components come through `show_components`, once they were read."""

    project_requested = Signal()  # its page, in the browser

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale = ""
        self._made_of: Sequence[Component] | None = None
        self._bill = ""
        self._shows_texts = False
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(QSize(380, 320))
        self.resize(QSize(460, 480))
        self.name = TextLabel(NAME, pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold)
        self.version = TextLabel(colour="secondary")
        self.purpose = TextLabel(wrap=True)
        self.licence = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.news = TextLabel(weight=QFont.Weight.Medium, wrap=True)
        self.news.hide()
        self.project = push_button("")
        self.project.setVisible(bool(project_url()))
        self.project.clicked.connect(self.project_requested)
        self.made_of = TextLabel(weight=QFont.Weight.Medium)
        self.text = ReadingText()
        self.switch = push_button("")
        self.leave = push_button("", primary=True)
        self.switch.clicked.connect(self._switch_text)
        self.leave.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._body(), 1)
        box.addWidget(rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        foot.addWidget(self.switch)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        box.addLayout(foot)
        self.retranslate()

    def _body(self) -> QLayout:
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self.name)
        names.addWidget(self.version)
        head = QHBoxLayout()
        head.setSpacing(theme.WIDE_GAP)
        head.addWidget(
            _Picture(icons.application_icon(), _PICTURE_PX), 0, Qt.AlignmentFlag.AlignTop
        )
        head.addLayout(names, 1)
        body = QVBoxLayout()
        body.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.WIDE_GAP)
        body.setSpacing(theme.GAP)
        body.addLayout(head)
        body.addWidget(self.purpose)
        body.addWidget(self.licence)
        body.addWidget(self.news)
        body.addWidget(self.project, 0, Qt.AlignmentFlag.AlignLeft)
        body.addSpacing(theme.UNIT)
        body.addWidget(self.made_of)
        body.addWidget(self.text, 1)
        return body

    def show_components(self, made_of: Sequence[Component], bill: str) -> None:
        """What was read; `bill` is the list that came with a bundle, shown in its place."""
        self._made_of, self._bill = made_of, bill
        self._show_text()

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Tell of a newer version, here or elsewhere, in the language in force."""
        newer = state.updates.newer if state.updates is not None else ""
        news = update_words.available(newer) if newer else ""
        if state.is_replaced:
            news = replacement.restart_to_use_it()
        self.news.show_text(news)
        self.news.setVisible(bool(news))
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        if language.locale() == self._locale:
            return
        self._locale = language.locale()
        self.setWindowTitle(words.title())
        self.version.show_text(words.version(VERSION))
        self.purpose.show_text(words.purpose())
        self.licence.show_text(words.licence())
        self.project.setText(plain(update_words.open_project()))
        explain(self.project, project_url())
        self.made_of.show_text(words.made_of())
        self.text.setAccessibleName(words.text_name())
        self.leave.setText(plain(labels.close()))
        self._show_text()

    def _switch_text(self) -> None:
        self._shows_texts = not self._shows_texts
        self._show_text()

    def _show_text(self) -> None:
        label = words.component_list() if self._shows_texts else words.licence_texts()
        self.switch.setText(plain(label))
        self.switch.setVisible(bool(self._made_of))
        if self._made_of is None:
            self.text.show_text(words.reading())
        elif not self._made_of:
            self.text.show_text(self._bill)
        elif self._shows_texts:
            self.text.show_text(licence_texts(self._made_of))
        else:
            lines = (words.component_line(c.name, c.version, c.licence) for c in self._made_of)
            self.text.show_text("\n".join(lines))
