"""The body of the panel while there are numbers: gauges, further limits, allowances.

What most people never see (faults, rows) is made when it is first needed: the first
opening must not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.gauges import ArcGauge
from app.ui.labels import TextLabel, rule
from app.ui.layouts import needed_height
from app.ui.limit_bar import LimitBar
from app.ui.panel_content import PanelContent
from app.ui.widget_rows import as_many
from app.wording import labels

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from app.ui.allowance_row import AllowanceRow
    from app.ui.notice_card import NoticeCard

_LEAST_BARS_HEIGHT = 84  # two and a half bars: enough to see that they scroll


class _Bars(QScrollArea):
    """The further limits, where they are too many for the screen."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            from app.ui.focus_ring import FocusRing  # noqa: PLC0415 - for who comes by keyboard

            FocusRing(self)


class PanelNumbers(QWidget):
    """`acted` tells the action of a fault's button."""

    acted = Signal(str)
    swapped = Signal()  # between what is used and what is left
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bars: list[LimitBar] = []
        self.rows: list[AllowanceRow] = []
        self.notes: list[TextLabel] = []
        self.notice: NoticeCard | None = None
        self.gauges = (ArcGauge(self), ArcGauge(self))
        self._top = _column(theme.GAP)
        self._gauge_row = QWidget(self)
        row = QHBoxLayout(self._gauge_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for gauge in self.gauges:
            row.addWidget(gauge, 1)
            gauge.dial.pressed.connect(self.swapped)
        self._rule = rule(self)
        self._bar_list = QWidget()
        self._bar_box = QVBoxLayout(self._bar_list)
        self._bar_box.setContentsMargins(0, 0, 0, 0)
        self._bar_box.setSpacing(theme.WIDE_GAP)
        self.bar_scroll = self._scroll_area()
        self._row_box = _column(theme.GAP)
        self._note_box = _column(theme.UNIT)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        box.setSpacing(theme.WIDE_GAP)
        box.addLayout(self._top)
        for widget in (self._gauge_row, self._rule, self.bar_scroll):
            box.addWidget(widget)
        box.addLayout(self._row_box)
        box.addLayout(self._note_box)
        box.addStretch(1)

    def show_content(self, content: PanelContent, *, may_glide: bool) -> None:
        """Fill in `content`; only what differs is touched."""
        self._show_notice(content)
        for gauge, reading in zip(self.gauges, content.gauges, strict=False):
            gauge.show_reading(reading, may_glide=may_glide)
        for index, gauge in enumerate(self.gauges):
            gauge.setVisible(index < len(content.gauges))
        self._gauge_row.setVisible(bool(content.gauges))
        self._rule.setVisible(bool(content.gauges) and bool(content.bars or content.rows))
        self._show_bars(content)
        self._show_rows(content)
        self._show_notes(content)

    def fit_bars(self, missing: int) -> None:
        """Give the bars the height they need, less `missing`: then they scroll."""
        width = theme.scaled(theme.PANEL_WIDTH) - 2 * theme.PADDING
        for bar in self.bars:
            bar.stack(width - theme.WIDE_GAP)  # the same with and without a scroll bar
        wanted = needed_height(self._bar_list, width)
        height = max(min(wanted, _LEAST_BARS_HEIGHT), wanted - max(0, missing))
        self.bar_scroll.setFixedHeight(height)
        scrolls = height < wanted
        beside = theme.WIDE_GAP if scrolls else 0
        is_left = self.isRightToLeft()  # where the scroll bar stands
        self._bar_box.setContentsMargins(
            QMargins(beside if is_left else 0, 0, 0 if is_left else beside, 0)
        )
        policy = Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
        self.bar_scroll.setFocusPolicy(policy)

    @property
    def focus_order(self) -> list[QWidget]:
        """What the Tab key reaches, from above."""
        notice = [self.notice.more, self.notice.button] if self.notice is not None else []
        return [*notice, self.bar_scroll]

    def _scroll_area(self) -> QScrollArea:
        scroll = _Bars(self)
        # Asking for the viewport Qt made has PySide look through every class of Qt for its type:
        # 12 ms and 2 MB.
        viewport = QWidget()
        scroll.setViewport(viewport)
        scroll.setWidget(self._bar_list)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        viewport.setAutoFillBackground(False)
        self._bar_list.setAutoFillBackground(False)
        return scroll

    def _show_notice(self, content: PanelContent) -> None:
        if content.notice is not None:
            self._made_notice().show_notice(content.notice)
        if self.notice is not None:
            self.notice.setVisible(content.notice is not None)

    def _made_notice(self) -> NoticeCard:
        if self.notice is None:
            from app.ui.notice_card import NoticeCard  # noqa: PLC0415 - see above

            self.notice = NoticeCard(self)
            self.notice.pressed.connect(self.acted)
            self.notice.resized.connect(self.resized)
            self._top.addWidget(self.notice)
            self.notice.lower()  # screen readers go by the order of the children
        return self.notice

    def _show_bars(self, content: PanelContent) -> None:
        bars = as_many(self.bars, len(content.bars), self._made_bar)
        for bar, reading in zip(bars, content.bars, strict=False):
            bar.show_reading(reading)
        self.bar_scroll.setAccessibleName(labels.other_limits_name())
        self.bar_scroll.setVisible(bool(content.bars))

    def _made_bar(self) -> LimitBar:
        bar = LimitBar(self._bar_list)
        self._bar_box.addWidget(bar)
        return bar

    def _show_rows(self, content: PanelContent) -> None:
        rows = as_many(self.rows, len(content.rows), self._made_row)
        for row, value in zip(rows, content.rows, strict=False):
            row.show_row(value)

    def _made_row(self) -> AllowanceRow:
        from app.ui.allowance_row import AllowanceRow  # noqa: PLC0415 - see above

        row = AllowanceRow(self)
        self._row_box.addWidget(row)
        return row

    def _show_notes(self, content: PanelContent) -> None:
        notes = as_many(self.notes, len(content.notes), self._made_note)
        for note, text in zip(notes, content.notes, strict=False):
            note.show_text(text)

    def _made_note(self) -> TextLabel:
        note = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True, parent=self)
        self._note_box.addWidget(note)
        return note


def _column(spacing: int) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    return box
