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
    from app.ui.panel_banners import PanelBanners


_TOP = 2  # below the header and its rule


class PanelLayout:
    """Creates the widgets of `panel`; `show_content` says whether the height may differ.

    Warnings, numbers and the page that stands in their place are made when they are first shown;
    `on_action` hears the buttons of the latter two, `on_numbers` and `on_banners` are called once.
    """

    def __init__(
        self,
        panel: QWidget,
        on_action: Callable[[str], None],
        on_numbers: Callable[[PanelNumbers], None],
        on_banners: Callable[[PanelBanners], None],
    ) -> None:
        self._content: PanelContent | None = None
        self._panel = panel
        self._on_action = on_action
        self._on_numbers = on_numbers
        self._on_banners = on_banners
        self._box = QVBoxLayout(panel)
        self._box.setContentsMargins(1, 0, 1, 0)
        self._box.setSpacing(0)
        self.header = PanelHeader(panel)
        self.banners: PanelBanners | None = None
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
        if content.banners or self.banners is not None:
            self._made_banners().show_banners(content.banners)
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
            return needed_height(self._panel, theme.scaled(theme.PANEL_WIDTH))
        self.numbers.fit_bars(0)
        height = needed_height(self._panel, theme.scaled(theme.PANEL_WIDTH))
        if height > available and not self.numbers.bar_scroll.isHidden():
            self.numbers.fit_bars(height - available)
            height = needed_height(self._panel, theme.scaled(theme.PANEL_WIDTH))
        return height

    def _made_banners(self) -> PanelBanners:
        if self.banners is None:
            from app.ui.panel_banners import PanelBanners  # noqa: PLC0415 - hardly ever

            self.banners = PanelBanners(self._panel)
            self._on_banners(self.banners)
            self._box.insertWidget(_TOP, self.banners)
            self._read_in_order()
        return self.banners

    def _read_in_order(self) -> None:
        """Screen readers go by the order of the children, not by the places on the screen."""
        for part in (self.blank, self.numbers, self.footer):
            if part is not None:
                part.raise_()

    def _made_blank(self) -> BlankPage:
        if self.blank is None:
            from app.ui.blank_page import BlankPage  # noqa: PLC0415 - few openings show it

            self.blank = BlankPage(self._panel)
            self.blank.pressed.connect(self._on_action)
            self._box.insertWidget(self._box.count() - 1, self.blank, 1)
            self._read_in_order()
        return self.blank

    def _made_numbers(self) -> PanelNumbers:
        if self.numbers is None:
            self.numbers = PanelNumbers(self._panel)
            self.numbers.acted.connect(self._on_action)
            self._on_numbers(self.numbers)
            self._box.insertWidget(self._box.count() - 1, self.numbers, 1)
            self._read_in_order()
        return self.numbers

    def _order_focus(self) -> None:
        """Let the Tab key go from above to below, whatever was made first."""
        header, footer = self.header, self.footer
        order: list[QWidget] = [header.swap, header.refresh, header.settings]
        if self.banners is not None:
            order += self.banners.focus_order
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
