"""The pages on which a sign-in asks: is this the account, and shall another sign-in end?"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Way
from app.ui import theme
from app.ui.labels import TextLabel, plain, push_button
from app.ui.sign_in_pages import Page, ProgressPage
from app.wording import labels, limits
from app.wording import sign_in as words
from app.wording.accounts import workspace
from app.wording.joining import valued


class AccountPage(Page):
    """Somebody has signed in: who it is, before anything is stored."""

    confirmed = Signal()
    another_requested = Signal()
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.PADDING)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnStretch(1, 1)
        self.rows: list[tuple[TextLabel, TextLabel]] = []
        for row in range(3):
            name = TextLabel(colour="secondary")
            value = TextLabel(weight=QFont.Weight.DemiBold, elide=True)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            self.rows.append((name, value))
        self.is_first = False
        self._revealed: Account | None = None
        self._told: tuple[SignInProgress, Account, Account | None] | None = None
        self.use = push_button("", primary=True)
        self.another = push_button("")
        self.keep = push_button("")
        self.reveal = push_button("")
        self.reveal.clicked.connect(self._reveal)
        self.use.clicked.connect(self.confirmed)
        self.another.clicked.connect(self.another_requested)
        self.keep.clicked.connect(self.cancel_requested)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.another)
        foot.addStretch(1)
        foot.addWidget(self.keep)
        foot.addWidget(self.use)
        self.box.addSpacing(theme.UNIT)
        self.box.addLayout(grid)
        self.box.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addStretch(1)
        self.box.addSpacing(theme.GAP)
        self.box.addLayout(foot)

    def show_account(
        self,
        progress: SignInProgress,
        new: Account,
        old: Account | None,
        *,
        is_hidden: bool = False,
    ) -> None:
        """`new` has signed in; `old` is in use until now, None if nobody is.

        `is_hidden`: who it is shows once somebody asks for it, and for this sign-in only (T-41).
        """
        self._told = (progress, new, old)
        is_hidden = is_hidden and new != self._revealed
        self.is_first = old is None
        is_borrowed = progress.way is Way.CODEX
        if is_borrowed:
            self.say(words.borrow_title(), words.borrow_text())
        else:
            self.say(_title(progress, old), words.who_it_is(old, is_known=progress.is_known))
        shown = (
            (words.account_label(), words.hidden() if is_hidden else limits.account_name(new)),
            (words.plan_label(), "" if is_hidden else limits.plan_name(new.plan)),
            (words.workspace_label(), "" if is_hidden else workspace(new)),
        )
        for (name, value), (label, text) in zip(self.rows, shown, strict=True):
            name.show_text(label)
            value.show_text(text)
            value.setAccessibleName(valued(label, text))
            for widget in (name, value):
                widget.setVisible(bool(text))
        self.reveal.setText(plain(words.reveal()))
        self.reveal.setVisible(is_hidden)
        self.use.setText(plain(words.use_this_account()))
        self.another.setText(plain(words.use_another_account()))
        self.another.setVisible(not is_borrowed)
        self.keep.setText(plain(labels.cancel()))
        self.keep.setAccessibleDescription(words.keep(old))

    def forget(self) -> None:
        """Nobody looks any more: who the next one is, is hidden again."""
        self._told = self._revealed = None

    def _reveal(self) -> None:
        if self._told is not None:
            progress, new, old = self._told
            self._revealed = new
            self.show_account(progress, new, old)


class ElsewherePage(ProgressPage):
    """Another window or terminal has a sign-in under way: it may be ended (F-L09)."""

    replace_requested = Signal()

    def fill(self) -> None:
        self.end_other = push_button("", primary=True)
        self.end_other.clicked.connect(self.replace_requested)
        self.foot.addWidget(self.end_other)

    def show_progress(self, progress: SignInProgress) -> None:
        super().show_progress(progress)
        self.say(words.elsewhere_title(), words.elsewhere_text())
        self.end_other.setText(plain(words.end_other()))


def _title(progress: SignInProgress, old: Account | None) -> str:
    if old is None:
        return words.first_account_title()
    return words.known_account_title() if progress.is_known else words.other_account_title()
