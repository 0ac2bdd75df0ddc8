"""The head of the panel: whose numbers these are, and what can be done with them."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.labels import ICON_ROOM, Badge, IconButton, TextLabel
from app.ui.panel_content import PanelContent
from app.wording import labels


class PanelHeader(QWidget):
    """Account and plan left; used or left, refresh and settings right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.account = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, elide=True)
        self.account.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.plan = Badge()
        self.swap = IconButton("swap", "")
        self.refresh = IconButton("refresh", "")
        self.settings = IconButton("settings", "")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.UNIT)
        for button in (self.swap, self.refresh, self.settings):
            buttons.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self.account)
        row.addWidget(self.plan)
        row.addStretch(1)
        row.addLayout(buttons)
        row.addSpacing(-ICON_ROOM)

    def show_content(self, content: PanelContent) -> None:
        """Fill in `content`; only what differs is touched."""
        self.account.show_text(content.account)
        self.account.show_more(content.account_detail)
        self.plan.show_text(content.plan)
        self.plan.setVisible(bool(content.plan))
        is_used = content.shows == "used"
        self.swap.rename(labels.show_left() if is_used else labels.show_used())
        self.swap.setVisible(bool(content.gauges or content.bars))
        asks = content.is_refreshing
        self.refresh.rename(labels.refresh_running() if asks else labels.refresh_tooltip())
        self.refresh.show_busy(asks)
        self.refresh.setEnabled(content.can_refresh)
        self.refresh.setVisible(content.can_refresh)
        self.settings.rename(labels.settings_tooltip())
