"""Asks before a link of an answer is opened: where it leads, in full, decoded (T-53)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.chat.links import Link
from app.ui import theme
from app.ui.labels import TextLabel, push_button
from app.wording import chat as words
from app.wording import labels


class LinkDialog(QDialog):
    """Shown with `open()`; `confirmed` carries the address."""

    confirmed = Signal(str)

    def __init__(self, link: Link, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.setWindowTitle(labels.open_link_title())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(360)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        box.setSpacing(theme.GAP)
        self.heading = TextLabel(
            words.link_leads_to(link),
            pixels=theme.HEADING_PX,
            weight=QFont.Weight.DemiBold,
            wrap=True,
        )
        box.addWidget(self.heading)
        for text, colour in self._remarks():
            box.addWidget(TextLabel(text, colour=colour, wrap=True))
        self.address = self._make_address()
        box.addWidget(self.address)
        box.addLayout(self._buttons())

    def _remarks(self) -> list[tuple[str, str]]:
        remarks = [(words.host_in_ascii(self._link), "close")]
        if self._link.names_other_host:
            remarks.append((words.names_other_host(), "over"))
        if not self._link.is_encrypted:
            remarks.append((words.not_encrypted(), "close"))
        return [(text, colour) for text, colour in remarks if text]

    def _make_address(self) -> QPlainTextEdit:
        address = QPlainTextEdit(self._link.address)
        address.setReadOnly(True)
        address.setFont(theme.text_font())
        address.setTabChangesFocus(True)
        address.setAccessibleName(words.link_address_name())
        address.setObjectName("reading")
        address.setFixedHeight(72)
        address.setWordWrapMode(address.document().defaultTextOption().WrapMode.WrapAnywhere)
        return address

    def _buttons(self) -> QHBoxLayout:
        self.open_button = push_button(labels.open_link(), primary=True)
        self.copy_button = push_button(labels.copy_address())
        self.cancel_button = push_button(labels.cancel())
        self.open_button.clicked.connect(self._confirm)
        self.copy_button.clicked.connect(self._copy)
        self.cancel_button.clicked.connect(self.reject)
        # Enter by habit must not follow a link: the harmless answer has the focus.
        self.cancel_button.setDefault(True)
        self.cancel_button.setFocus()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.open_button)
        return row

    def _confirm(self) -> None:
        self.confirmed.emit(self._link.address)
        self.accept()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._link.address)
        self.accept()
