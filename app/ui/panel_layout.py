"""The panel's widgets in their places, and how one `PanelContent` fills them."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.blank_page import BlankPage
from app.ui.gauges import ArcGauge, LimitBar
from app.ui.labels import Badge, IconButton, TextLabel, explain, push_button, rule
from app.ui.layouts import needed_height
from app.ui.markup import plain
from app.ui.notice_card import NoticeCard
from app.ui.panel_content import PanelContent
from app.wording import labels
from app.wording.limits import credits_title

_LEAST_BARS_HEIGHT = 84  # two and a half bars: enough to see that they scroll


class PanelLayout:
    """Creates the widgets of `panel`; `show_content` says whether the height may differ."""

    def __init__(self, panel: QWidget) -> None:
        self._content: PanelContent | None = None
        self._panel = panel
        self._box = QVBoxLayout(panel)
        self._box.setContentsMargins(1, 0, 1, 0)
        self._box.setSpacing(0)
        self._box.addLayout(self._header())
        self._box.addWidget(rule(panel))
        self.blank = BlankPage(panel)
        self.numbers = QWidget(panel)
        self._fill_numbers()
        self._box.addWidget(self.blank, 1)
        self._box.addWidget(self.numbers, 1)
        self.footer_bar = self._footer()
        self._box.addWidget(self.footer_bar)
        order = (self.refresh, self.settings, self.notice.more, self.notice.button, self.chat)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    # --- building ------------------------------------------------------------------------------

    def _header(self) -> QHBoxLayout:
        self.account = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, elide=True)
        self.account.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.plan = Badge()
        self.refresh = IconButton("refresh", "")
        self.settings = IconButton("settings", "")
        row = QHBoxLayout()
        row.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.WIDE_GAP, theme.WIDE_GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self.account)
        row.addWidget(self.plan)
        row.addStretch(1)
        row.addWidget(self.refresh)
        row.addSpacing(-theme.UNIT)
        row.addWidget(self.settings)
        return row

    def _fill_numbers(self) -> None:
        box = QVBoxLayout(self.numbers)
        box.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        box.setSpacing(0)
        self.notice = NoticeCard(self.numbers)
        self.gauges = (ArcGauge(self.numbers), ArcGauge(self.numbers))
        self._gauge_row = QWidget(self.numbers)
        row = QHBoxLayout(self._gauge_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for gauge in self.gauges:
            row.addWidget(gauge, 1)
        self._below_gauges = rule(self.numbers)
        self.bars: list[LimitBar] = []
        self._bar_list = QWidget()
        self._bar_box = QVBoxLayout(self._bar_list)
        self._bar_box.setContentsMargins(0, 0, 0, 0)
        self._bar_box.setSpacing(theme.WIDE_GAP)
        self.scroll = QScrollArea(self.numbers)
        # Asking for the viewport Qt made has PySide look through every class of Qt for its type:
        # 12 ms and 2 MB.
        viewport = QWidget()
        self.scroll.setViewport(viewport)
        self.scroll.setWidget(self._bar_list)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setAccessibleName(labels.other_limits_name())
        viewport.setAutoFillBackground(False)
        self._bar_list.setAutoFillBackground(False)
        self._credits_row = self._credits()
        self.notes = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        box.addWidget(self.notice)
        self._after_notice = _space(box, theme.WIDE_GAP)
        box.addWidget(self._gauge_row)
        self._after_gauges = _space(box, theme.WIDE_GAP)
        box.addWidget(self._below_gauges)
        self._after_rule = _space(box, theme.WIDE_GAP)
        box.addWidget(self.scroll)
        self._after_bars = _space(box, theme.WIDE_GAP)
        box.addWidget(self._credits_row)
        self._after_credits = _space(box, theme.GAP)
        box.addWidget(self.notes)
        box.addStretch(1)

    def _credits(self) -> QWidget:
        holder = QWidget(self.numbers)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        self.credits_title = TextLabel(weight=QFont.Weight.Medium)
        self.credits = TextLabel(tabular=True)
        row.addWidget(self.credits_title)
        row.addStretch(1)
        row.addWidget(self.credits)
        return holder

    def _footer(self) -> QWidget:
        holder = QWidget(self._panel)
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(rule(holder))
        row = QHBoxLayout()
        row.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP + 1)
        row.setSpacing(theme.GAP)
        self.footer = TextLabel(
            colour="secondary", pixels=theme.CAPTION_PX, tabular=True, elide=True
        )
        self.chat = push_button("", primary=True)
        row.addWidget(self.footer, 1)
        row.addWidget(self.chat)
        box.addLayout(row)
        return holder

    # --- filling -------------------------------------------------------------------------------

    def show_content(self, content: PanelContent) -> bool:
        """Fill in `content`. True if the panel may need another height."""
        before, self._content = self._content, content
        self._show_header(content)
        self.blank.setVisible(content.blank is not None)
        self.numbers.setVisible(content.blank is None)
        self.footer_bar.setVisible(content.blank is None or content.can_chat)
        if content.blank is not None:
            self.blank.show_blank(content.blank)
        self._show_numbers(content)
        self.footer.show_text(content.footer, "close" if content.is_stale else "secondary")
        self._show_chat(content)
        return before is None or _shape(before) != _shape(content)

    def _show_header(self, content: PanelContent) -> None:
        self.account.show_text(content.account)
        self.plan.show_text(content.plan)
        self.plan.setVisible(bool(content.plan))
        self.refresh.rename(labels.refresh_tooltip())
        self.refresh.setEnabled(content.can_refresh)
        self.refresh.setVisible(content.can_refresh)
        self.settings.rename(labels.settings_tooltip())

    def _show_chat(self, content: PanelContent) -> None:
        # One primary button per window: what is to be done first, if there is such a thing.
        waits = content.notice is not None and content.notice.button is not None
        waits = waits or (content.blank is not None and bool(content.blank.buttons))
        kind = "plain" if waits else "primary"
        self.chat.setText(plain(labels.chat()))
        explain(self.chat, labels.chat_tooltip())
        self.chat.setEnabled(content.can_chat)
        if self.chat.property("kind") != kind:
            self.chat.setProperty("kind", kind)
            self.chat.style().unpolish(self.chat)
            self.chat.style().polish(self.chat)

    def _show_numbers(self, content: PanelContent) -> None:
        self.notice.setVisible(content.notice is not None)
        self._after_notice.setVisible(content.notice is not None and bool(content.gauges))
        if content.notice is not None:
            self.notice.show_notice(content.notice)
        for index, gauge in enumerate(self.gauges):
            shown = index < len(content.gauges)
            gauge.setVisible(shown)
            if shown:
                gauge.show_reading(content.gauges[index])
        self._gauge_row.setVisible(bool(content.gauges))
        self._show_bars(content)
        has_more = bool(content.bars or content.credits)
        for widget in (self._after_gauges, self._below_gauges, self._after_rule):
            widget.setVisible(bool(content.gauges) and has_more)
        self._credits_row.setVisible(bool(content.credits))
        self._after_bars.setVisible(bool(content.bars and content.credits))
        self.credits_title.show_text(credits_title())
        self.credits.show_text(content.credits)
        explain(self._credits_row, content.credits_detail)
        self.notes.show_text("\n".join(content.notes))
        self.notes.setVisible(bool(content.notes))
        self._after_credits.setVisible(bool(content.notes) and (bool(content.gauges) or has_more))

    def _show_bars(self, content: PanelContent) -> None:
        while len(self.bars) < len(content.bars):
            bar = LimitBar(self._bar_list)
            self._bar_box.addWidget(bar)
            self.bars.append(bar)
        for index, bar in enumerate(self.bars):
            bar.setVisible(index < len(content.bars))
        for bar, reading in zip(self.bars, content.bars, strict=False):
            bar.show_reading(reading)
        self.scroll.setVisible(bool(content.bars))

    def fit(self, available: int) -> int:
        """The height the panel needs; the bars scroll to keep it within `available`."""
        wanted = needed_height(self._bar_list, theme.PANEL_WIDTH - 2 * theme.PADDING)
        self.scroll.setFixedHeight(wanted)
        height = needed_height(self._panel, theme.PANEL_WIDTH)
        if height > available and not self.scroll.isHidden():
            self.scroll.setFixedHeight(max(_LEAST_BARS_HEIGHT, wanted - (height - available)))
            height = needed_height(self._panel, theme.PANEL_WIDTH)
        scrolls = self.scroll.height() < wanted
        self._bar_box.setContentsMargins(0, 0, theme.WIDE_GAP if scrolls else 0, 0)
        self.scroll.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
        )
        return height


def _space(box: QVBoxLayout, height: int) -> QWidget:
    """A gap that can be hidden with what it separates."""
    gap = QWidget()
    gap.setFixedHeight(height)
    box.addWidget(gap)
    return gap


def _shape(content: PanelContent) -> tuple[object, ...]:
    """What the height depends on."""
    return (
        content.blank,
        content.notice,
        tuple(bool(g.pace) for g in content.gauges),
        tuple(g.pace for g in content.gauges),
        len(content.bars),
        bool(content.credits),
        content.notes,
        content.can_chat,
    )
