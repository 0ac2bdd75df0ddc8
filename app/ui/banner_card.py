"""A warning that only the panel can show: its words, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.alerts.banners import Banner
from app.ui import theme
from app.ui.labels import TextLabel, plain, push_button
from app.ui.notice_card import Sign
from app.wording import alerts as words
from app.wording import labels, language


class BannerCard(QFrame):
    """`snoozed` and `dismissed` carry the key of the warning."""

    snoozed = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._shown: Banner | None = None
        self._locale = ""
        self._sign = Sign(self)
        self.title = TextLabel(weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.snooze = push_button("", parent=self)
        self.dismiss = push_button("", parent=self)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.WIDE_GAP, theme.WIDE_GAP, theme.WIDE_GAP, theme.GAP)
        box.setSpacing(theme.UNIT)
        heading = QHBoxLayout()
        heading.setSpacing(theme.GAP)
        heading.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        heading.addWidget(self.title, 1)
        box.addLayout(heading)
        box.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE_GAP)
        for button, signal in ((self.snooze, self.snoozed), (self.dismiss, self.dismissed)):
            button.setProperty("kind", "quiet")
            button.clicked.connect(lambda _checked, told=signal: self._tell(told))
            row.addWidget(button)
        row.addStretch(1)
        box.addLayout(row)

    def show_banner(self, banner: Banner) -> None:
        """Show `banner`; an equal one in the same language changes nothing."""
        if (banner, language.locale()) == (self._shown, self._locale):
            return
        self._shown, self._locale = banner, language.locale()
        self._sign.colour = "over" if banner.is_critical else "close"
        self._sign.update()
        self.title.show_text(banner.title)
        self._sign.stand_beside(self.title)
        self.text.show_text(banner.text)
        self.text.setHidden(not banner.text)
        self.snooze.setText(plain(words.snooze_action()))
        self.snooze.setHidden(not banner.can_snooze)
        self.dismiss.setText(plain(banner.dismiss or words.dismiss_action()))
        for button in (self.snooze, self.dismiss):
            button.setAccessibleDescription(banner.title)
        self.setAccessibleName(labels.warning_name())
        self.setAccessibleDescription(banner.title)

    def _tell(self, signal: Signal) -> None:
        if self._shown is not None:
            signal.emit(self._shown.key)  # type: ignore[attr-defined]
