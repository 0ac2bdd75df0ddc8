"""The panel's parts in their places, and how one `PanelContent` fills them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.labels import rule
from app.ui.layouts import needed_height
from app.ui.panel_content import PanelContent
from app.ui.panel_footer import PanelFooter
from app.ui.panel_header import PanelHeader
from app.ui.panel_numbers import PanelNumbers

if TYPE_CHECKING:
    from app.ui.blank_page import BlankPage


class PanelLayout:
    """Creates the widgets of `panel`; `show_content` says whether the height may differ.

    Numbers and the page that stands in their place are made when they are first shown;
    `on_action` hears the buttons of both, `on_numbers` is called once with the former.
    """

    def __init__(
        self,
        panel: QWidget,
        on_action: Callable[[str], None],
        on_numbers: Callable[[PanelNumbers], None],
    ) -> None:
        self._content: PanelContent | None = None
        self._panel = panel
        self._on_action = on_action
        self._on_numbers = on_numbers
        self._box = QVBoxLayout(panel)
        self._box.setContentsMargins(1, 0, 1, 0)
        self._box.setSpacing(0)
        self.header = PanelHeader(panel)
        self.blank: BlankPage | None = None
        self.numbers: PanelNumbers | None = None
        self.footer = PanelFooter(panel)
        self._box.addWidget(self.header)
        self._box.addWidget(rule(panel))
        self._box.addWidget(self.footer)

    def show_content(self, content: PanelContent, *, may_glide: bool) -> bool:
        """Fill in `content`. True if the panel may need another height."""
        before, self._content = self._content, content
        self.header.show_content(content)
        if content.blank is not None:
            self._made_blank().show_blank(content.blank)
        else:
            self._made_numbers().show_content(content, may_glide=may_glide)
        if self.blank is not None:
            self.blank.setVisible(content.blank is not None)
        if self.numbers is not None:
            self.numbers.setVisible(content.blank is None)
        self.footer.setVisible(content.blank is None or content.can_chat)
        self.footer.show_content(content)
        has_changed = before is None or _shape(before) != _shape(content)
        if has_changed:
            self._order_focus()
        return has_changed

    def fit(self, available: int) -> int:
        """The height the panel needs; the bars scroll to keep it within `available`."""
        if self.numbers is None or self.numbers.isHidden():
            return needed_height(self._panel, theme.PANEL_WIDTH)
        self.numbers.fit_bars(0)
        height = needed_height(self._panel, theme.PANEL_WIDTH)
        if height > available and not self.numbers.bar_scroll.isHidden():
            self.numbers.fit_bars(height - available)
            height = needed_height(self._panel, theme.PANEL_WIDTH)
        return height

    def _made_blank(self) -> BlankPage:
        if self.blank is None:
            from app.ui.blank_page import BlankPage  # noqa: PLC0415 - few openings show it

            self.blank = BlankPage(self._panel)
            self.blank.pressed.connect(self._on_action)
            self._box.insertWidget(2, self.blank, 1)
            self.footer.raise_()  # read last
        return self.blank

    def _made_numbers(self) -> PanelNumbers:
        if self.numbers is None:
            self.numbers = PanelNumbers(self._panel)
            self.numbers.acted.connect(self._on_action)
            self._on_numbers(self.numbers)
            self._box.insertWidget(2, self.numbers, 1)
            self.footer.raise_()
        return self.numbers

    def _order_focus(self) -> None:
        """Let the Tab key go from above to below, whatever was made first."""
        header, footer = self.header, self.footer
        order: list[QWidget] = [header.swap, header.refresh, header.settings]
        if self.blank is not None:
            order += self.blank.focus_order
        if self.numbers is not None:
            order += self.numbers.focus_order
        for first, second in pairwise([*order, footer.history, footer.chat]):
            QWidget.setTabOrder(first, second)


def _shape(content: PanelContent) -> tuple[object, ...]:
    """What the height depends on."""
    return (
        content.blank,
        content.notice,
        content.banners,
        tuple((bool(g.clock), g.pace, len(g.countdown)) for g in content.gauges),
        tuple((b.name, len(b.text)) for b in content.bars),
        content.rows,
        content.notes,
        len(content.footer),
        content.can_chat,
    )
