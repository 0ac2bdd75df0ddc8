"""The widgets of the history window in their places, and how one content fills them."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.history.chart_axis import Span
from app.history.chart_cycle import CycleChart
from app.ui import theme
from app.ui.arrow_fields import ChoiceBox
from app.ui.blank_page import BlankPage
from app.ui.chart_legend import Legend, Mark
from app.ui.chart_view import ChartView
from app.ui.history_content import Chart, HistoryContent
from app.ui.labels import TextLabel, explain, plain, push_button, rule
from app.ui.notice_card import NoticeCard
from app.ui.segments import Segments
from app.wording import charts
from app.wording.amounts import unbroken

USE, CYCLE = "use", "cycle"
_LEAST_CHOICE, _MOST_CHOICE = 150, 280


class HistoryLayout:
    """Creates the widgets of `window`."""

    def __init__(self, window: QWidget) -> None:
        self.limit = ChoiceBox()
        self.limit.setMinimumWidth(_LEAST_CHOICE)
        self.limit.setMaximumWidth(_MOST_CHOICE)
        self.limit.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.limit.setFont(theme.text_font())
        self.limit.setMinimumHeight(28)
        self._limit_name = TextLabel()  # for screen readers: a choice has its name from its label
        self._limit_name.setBuddy(self.limit)
        self.account = TextLabel(colour="secondary", elide=True)
        self.view = Segments((USE, CYCLE))
        self.span = Segments(tuple(span.value for span in Span))
        self.readout = TextLabel(tabular=True, elide=True)
        self.notice = NoticeCard(window)
        self._middle = QWidget(window)
        self.blank = BlankPage(self._middle)
        self.chart = ChartView(window)
        self.legend = Legend(window)
        self.caption = TextLabel(colour="secondary", wrap=True)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.footer = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, elide=True)
        self.csv, self.json = push_button(""), push_button("")
        self.header, self.foot = QWidget(window), QWidget(window)
        self._picture = QWidget(window)
        self._arrange(QVBoxLayout(window))
        views, spans = self.view.buttons.values(), self.span.buttons.values()
        order = (self.limit, *views, self.notice.more, self.notice.button, *spans, self.chart)
        for first, second in pairwise((*order, self.csv, self.json)):
            QWidget.setTabOrder(first, second)

    def _arrange(self, box: QVBoxLayout) -> None:
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        head = QHBoxLayout(self.header)
        head.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.GAP)
        head.setSpacing(theme.GAP)
        self._limit_name.setParent(self.header)
        self._limit_name.hide()
        head.addWidget(self.limit)
        head.addWidget(self.account, 1)
        head.addWidget(self.view)
        box.addWidget(self.header)
        notice = QHBoxLayout()
        notice.setContentsMargins(theme.PADDING, 0, theme.PADDING, 0)
        notice.addWidget(self.notice)
        box.addLayout(notice)
        picture = QVBoxLayout(self._picture)
        picture.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.WIDE_GAP)
        picture.setSpacing(theme.GAP)
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(self.readout, 1)
        line.addWidget(self.span)
        picture.addLayout(line)
        picture.addWidget(self.chart, 1)
        picture.addWidget(self.legend)
        picture.addWidget(self.caption)
        box.addWidget(self._picture, 1)
        middle = QVBoxLayout(self._middle)
        middle.addStretch(1)
        middle.addWidget(self.blank)
        middle.addStretch(1)
        box.addWidget(self._middle, 1)
        below = QVBoxLayout(self.foot)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(rule())
        row = QHBoxLayout()
        row.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP + 1)
        row.setSpacing(theme.GAP)
        row.addWidget(self.footer, 1)
        row.addWidget(self.csv)
        row.addWidget(self.json)
        below.addLayout(row)
        box.addWidget(self.foot)

    def retranslate(self) -> None:
        """Say it in the language now in force."""
        self.limit.setAccessibleName(charts.limit_field())
        self._limit_name.show_text(charts.limit_field())
        views = (charts.use_over_time(), charts.this_cycle())
        self.view.name(charts.view_field(), tuple((word, word) for word in views))
        spans = tuple((charts.span_short(span), charts.span_words(span)) for span in Span)
        self.span.name(charts.span_field(), spans)
        self.chart.setAccessibleName(charts.chart_name())
        for button, text in ((self.csv, charts.save_csv()), (self.json, charts.save_json())):
            button.setText(plain(text))
            explain(button, charts.save_tooltip())

    def show_content(self, content: HistoryContent) -> None:
        """Fill in `content`."""
        has_chart = content.chart is not None
        self.header.setVisible(bool(content.choices))
        self.foot.setVisible(bool(content.choices))
        self._picture.setVisible(has_chart)
        self._middle.setVisible(content.blank is not None)
        self.notice.setVisible(content.notice is not None)
        if content.blank is not None:
            self.blank.show_blank(content.blank)
        if content.notice is not None:
            self.notice.show_notice(content.notice)
        self._show_choices(content)
        self.account.show_text(content.account)
        self.view.show_value(CYCLE if content.wish.is_cycle else USE)
        self.span.show_value(content.wish.span)
        self.span.setVisible(not content.wish.is_cycle)
        self.chart.show_chart(content.chart, content.ticks, content.thresholds)
        self.chart.setAccessibleDescription(f"{content.caption}\n{charts.chart_keys()}")
        self.legend.show_entries(_legend(content.chart))
        self.caption.show_text(unbroken(content.caption))
        self.footer.show_text(content.footer)
        self.csv.setEnabled(content.can_save)
        self.json.setEnabled(content.can_save)

    def _show_choices(self, content: HistoryContent) -> None:
        shown = tuple(
            (self.limit.itemData(place), self.limit.itemText(place))
            for place in range(self.limit.count())
        )
        blocker = QSignalBlocker(self.limit)
        if shown != content.choices:
            self.limit.clear()
            for window_id, name in content.choices:
                self.limit.addItem(name, window_id)
        self.limit.setCurrentIndex(self.limit.findData(content.chosen))
        blocker.unblock()


def _legend(chart: Chart | None) -> dict[Mark, str]:
    """Only the marks that are there."""
    if chart is None:
        return {}
    if isinstance(chart, CycleChart):
        entries = {Mark.USE: charts.legend_left(), Mark.EVEN: charts.legend_even()}
        if chart.projection:
            mark = Mark.PROJECTION if chart.runs_out_at is None else Mark.RUNS_OUT
            entries[mark] = charts.legend_projection()
        if chart.past:
            entries[Mark.PAST] = charts.legend_past()
    else:
        entries = {Mark.USE: charts.legend_used()}
        if chart.shows_cycles and chart.even:
            entries[Mark.EVEN] = charts.legend_even()
        if chart.shows_cycles and chart.resets:
            entries[Mark.RESET] = charts.legend_reset()
    if chart.gaps:
        entries[Mark.GAP] = charts.legend_gap()
    return entries
