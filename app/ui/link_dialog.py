"""Asks before a link of an answer is opened: where it leads, in full, decoded (T-53)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.chat.links import Link
from app.ui import theme
from app.ui.labels import TextLabel, plain, push_button
from app.ui.layouts import needed_height
from app.wording import chat as words
from app.wording import labels


class LinkDialog(QDialog):
    """Shown with `open()`; `confirmed` carries the address."""

    confirmed = Signal(str)

    def __init__(self, link: Link, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(360)
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        box.setSpacing(theme.GAP)
        self.heading = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True)
        box.addWidget(self.heading)
        self._remarks = [
            (words_of, TextLabel(colour=colour, wrap=True)) for words_of, colour in self._chosen()
        ]
        for _words_of, label in self._remarks:
            box.addWidget(label)
        self.address = self._make_address()
        box.addWidget(self.address)
        box.addLayout(self._buttons())
        self.say()

    def say(self) -> None:
        """Tell all of it in the language in force."""
        self.setWindowTitle(labels.open_link_title())
        self.heading.show_text(words.link_leads_to(self._link))
        for words_of, label in self._remarks:
            label.show_text(words_of())
        self.address.setAccessibleName(words.link_address_name())
        self.open_button.setText(plain(labels.open_link()))
        self.copy_button.setText(plain(labels.copy_address()))
        self.cancel_button.setText(plain(labels.cancel()))
        self._fit()

    def _fit(self) -> None:
        """As high as all of it needs; wider where the words of its buttons are longer."""
        self._box.invalidate()
        width = max(self.minimumWidth(), self._box.minimumSize().width())
        self.resize(width, needed_height(self, width))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.say()

    def _chosen(self) -> list[tuple[Callable[[], str], str]]:
        """What there is to be said of the link, and in which colour."""
        remarks: list[tuple[Callable[[], str], str]] = []
        if words.host_in_ascii(self._link):
            remarks.append((lambda: words.host_in_ascii(self._link), "close"))
        if self._link.names_other_host:
            remarks.append((words.names_other_host, "over"))
        if not self._link.is_encrypted:
            remarks.append((words.not_encrypted, "close"))
        return remarks

    def _make_address(self) -> QPlainTextEdit:
        address = QPlainTextEdit(self._link.address)
        address.setReadOnly(True)
        address.setFont(theme.text_font())
        address.setTabChangesFocus(True)
        address.setObjectName("reading")
        address.setFixedHeight(theme.scaled(72))
        address.setWordWrapMode(address.document().defaultTextOption().WrapMode.WrapAnywhere)
        return address

    def _buttons(self) -> QHBoxLayout:
        self.open_button = push_button("", primary=True)
        self.copy_button = push_button("")
        self.cancel_button = push_button("")
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
