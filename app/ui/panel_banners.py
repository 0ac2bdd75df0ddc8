"""Warnings at the top of the panel, above the numbers and above the page in their place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.alerts.banners import Banner
from app.ui import theme
from app.ui.banner_card import BannerCard
from app.ui.widget_rows import as_many

_MOST = 3  # the next one comes when one of these is dismissed


class PanelBanners(QWidget):
    """Made with the first warning; `snoozed` and `dismissed` carry its key."""

    snoozed = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[BannerCard] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, 0)
        self._box.setSpacing(theme.GAP)

    def show_banners(self, banners: tuple[Banner, ...]) -> None:
        """The first ones; without any, nothing is there."""
        self.setVisible(bool(banners))
        cards = as_many(self.cards, len(banners[:_MOST]), self._made_card)
        for card, banner in zip(cards, banners, strict=False):
            card.show_banner(banner)

    @property
    def focus_order(self) -> list[QWidget]:
        """What the Tab key reaches, from above."""
        return [button for card in self.cards for button in (card.snooze, card.dismiss)]

    def _made_card(self) -> BannerCard:
        card = BannerCard(self)
        card.snoozed.connect(self.snoozed)
        card.dismissed.connect(self.dismissed)
        self._box.addWidget(card)
        return card
