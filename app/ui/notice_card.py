"""A card with the last fault in words; technical details only when asked for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.labels import TextLabel, plain, push_button
from app.ui.panel_content import Notice
from app.wording import labels

_SIGN_PX = 16
_ANY_WIDTH = 4096  # pixels: wider than a title, so that it takes one line


class Sign(QWidget):
    """The warning sign beside a title; the words say it too. `colour` names a token."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = "close"
        self.setFixedSize(QSize(_SIGN_PX, _SIGN_PX))

    def stand_beside(self, title: TextLabel) -> None:
        """As high as the first line of `title`, which differs from script to script."""
        self.setFixedHeight(max(_SIGN_PX, title.heightForWidth(_ANY_WIDTH)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.icon("warning", theme.current().colour(self.colour)).paint(painter, self.rect())
        painter.end()


class NoticeCard(QFrame):
    """`pressed` tells the action of its button; `resized` that the details opened or closed."""

    pressed = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._shown: Notice | None = None
        self.title = TextLabel(weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.detail = TextLabel(colour="faint", pixels=theme.CAPTION_PX, wrap=True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail.hide()
        self.more = push_button("", parent=self)
        self.more.setProperty("kind", "quiet")
        self.button = push_button("", primary=True, parent=self)
        self.more.clicked.connect(self._toggle_detail)
        self.button.clicked.connect(self._press)
        box = self._box = QVBoxLayout(self)
        box.setSpacing(theme.UNIT)
        heading = QHBoxLayout()
        heading.setSpacing(theme.GAP)
        self._sign = Sign(self)
        heading.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        heading.addWidget(self.title, 1)
        box.addLayout(heading)
        box.addWidget(self.text)
        box.addWidget(self.detail)
        self._row = QHBoxLayout()
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self._row.addWidget(self.button)
        box.addLayout(self._row)

    def show_notice(self, notice: Notice) -> None:
        """Show `notice`; an equal one changes nothing and leaves open details open."""
        if notice == self._shown:
            return
        self._shown = notice
        self.title.show_text(notice.title)
        self._sign.stand_beside(self.title)
        self.text.show_text(notice.text)
        self.detail.show_text(notice.detail)
        self.detail.hide()
        self.more.setText(plain(labels.details()))
        self.more.setVisible(bool(notice.detail))
        has_button = notice.button is not None
        self.button.setVisible(has_button)
        if notice.button is not None:
            self.button.setText(plain(notice.button.label))
        # A quiet button has room of its own around its words.
        self._row.setContentsMargins(0, theme.UNIT if has_button else 0, 0, 0)
        below = theme.GAP if notice.detail and not has_button else theme.WIDE_GAP
        self._box.setContentsMargins(theme.WIDE_GAP, theme.WIDE_GAP, theme.WIDE_GAP, below)

    def _toggle_detail(self) -> None:
        opens = self.detail.isHidden()
        self.detail.setVisible(opens)
        self.more.setText(plain(labels.hide_details() if opens else labels.details()))
        self.resized.emit()

    def _press(self) -> None:
        if self._shown is not None and self._shown.button is not None:
            self.pressed.emit(str(self._shown.button.action))
