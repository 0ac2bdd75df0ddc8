"""The line of the settings window that says who is signed in, and signs in and out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.state import SessionState
from app.ui import theme
from app.ui.labels import plain, push_button
from app.ui.row_texts import ROW_MARGINS, RowTexts
from app.wording import labels
from app.wording import settings as words
from app.wording.accounts import add_account, full_name, whose


class AccountRow(QWidget):
    """`sign_in_requested` as well for one account more."""

    sign_in_requested = Signal()
    sign_out_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._session = SessionState()
        texts = RowTexts()
        self.name, self.who = texts.name, texts.description
        self.sign_in = push_button("")
        self.sign_out = push_button("")
        self.sign_in.clicked.connect(self.sign_in_requested)
        self.sign_out.clicked.connect(self.sign_out_requested)
        box = QHBoxLayout(self)
        box.setContentsMargins(*ROW_MARGINS)
        box.setSpacing(theme.GAP)
        box.addLayout(texts, 1)
        for button in (self.sign_in, self.sign_out):
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()

    def render(self, session: SessionState) -> None:  # type: ignore[override]
        """Show who is in front, as it may be shown."""
        if session != self._session:
            self._session = session
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language now in force."""
        session = self._session
        account = session.account
        self.name.show_text(words.signed_in_as() if account else words.not_signed_in())
        told = (whose(session.accounts, account) or full_name(account)) if account else ""
        self.who.show_text(told)
        self.who.setVisible(account is not None)
        self.sign_in.setText(plain(add_account() if account else labels.sign_in()))
        self.sign_out.setText(plain(labels.sign_out_asking()))
        self.sign_out.setVisible(account is not None)
