"""A card with the last fault in words; technical details only when asked for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.labels import TextLabel, plain, push_button
from app.ui.panel_content import Notice
from app.wording import labels


class Sign(QWidget):
    """The warning sign beside a title; the words say it too. `colour` names a token."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = "close"
        self.setFixedSize(QSize(16, 16))

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
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.WIDE_GAP, theme.WIDE_GAP, theme.WIDE_GAP, theme.WIDE_GAP)
        box.setSpacing(theme.UNIT)
        heading = QHBoxLayout()
        heading.setSpacing(theme.GAP)
        heading.addWidget(Sign(self), 0, Qt.AlignmentFlag.AlignTop)
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
        self.text.show_text(notice.text)
        self.detail.show_text(notice.detail)
        self.detail.hide()
        self.more.setText(plain(labels.details()))
        self.more.setVisible(bool(notice.detail))
        self.button.setVisible(notice.button is not None)
        if notice.button is not None:
            self.button.setText(plain(notice.button.label))

    def _toggle_detail(self) -> None:
        opens = self.detail.isHidden()
        self.detail.setVisible(opens)
        self.more.setText(plain(labels.hide_details() if opens else labels.details()))
        self.resized.emit()

    def _press(self) -> None:
        if self._shown is not None and self._shown.button is not None:
            self.pressed.emit(str(self._shown.button.action))
