"""How the panel's parts stand to each other: edges that meet, gaps that repeat."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gallery.states import NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from support.drawn_columns import drawn_columns

from app.alerts.banners import Banner
from app.ui import theme
from app.ui.banner_card import BannerCard
from app.ui.notice_card import NoticeCard, Sign
from app.ui.panel import Panel


@pytest.fixture
def panel(qtbot: QtBot, look: theme.Theme) -> Iterator[Panel]:
    panel = Panel(clock=lambda: NOW, zone=ZONE)
    qtbot.addWidget(panel)
    yield panel
    panel.hide()


def shown(panel: Panel, name: str) -> Panel:
    panel.render(PANEL_STATES[name])
    panel.show_near(QPoint(700, 790))
    return panel


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_the_head_begins_and_ends_where_the_content_does(
    panel: Panel, direction: Qt.LayoutDirection
) -> None:
    panel.setLayoutDirection(direction)
    shown(panel, "fresh")
    numbers = panel.parts.numbers
    assert numbers is not None
    bar = place(numbers.bars[0].bar)
    header = panel.parts.header
    columns = drawn_columns(header.grab().toImage())
    left = place(header).left()
    assert abs(left + columns[0] - bar.left()) <= 2
    assert abs(left + columns[-1] - bar.right()) <= 2


def test_buttons_of_the_head_stand_as_far_apart_whichever_are_there(
    panel: Panel, qtbot: QtBot
) -> None:
    header = shown(panel, "fresh").parts.header
    apart = header.settings.x() - header.refresh.x()
    assert header.refresh.x() - header.swap.x() == apart
    shown(panel, "expired")
    assert not header.refresh.isVisible()
    qtbot.waitUntil(lambda: header.settings.x() - header.swap.x() == apart)


def test_each_note_is_a_paragraph(panel: Panel) -> None:
    numbers = shown(panel, "not-saved").parts.numbers
    assert numbers is not None
    first, second = numbers.notes
    assert first.whole_text == "Part of the reply could not be read."
    assert second.whole_text.endswith("Signed in for this run only: the keyring is locked.")
    assert second.y() - first.geometry().bottom() > theme.UNIT
    shown(panel, "fresh")
    assert not any(note.isVisible() for note in numbers.notes)


@pytest.mark.parametrize("title", ["The service has a problem", "服务出现故障"])
def test_the_sign_stands_in_the_middle_of_the_first_line(qtbot: QtBot, title: str) -> None:
    """Chinese lines are higher than Latin ones."""
    card = BannerCard()
    qtbot.addWidget(card)
    card.show_banner(Banner("k", title))
    card.resize(320, card.heightForWidth(320))
    card.show()
    (sign,) = card.findChildren(Sign)
    middle = card.title.geometry().center().y()
    assert abs(sign.geometry().center().y() - middle) <= 1


def test_a_button_stands_apart_from_the_words_above_it(panel: Panel) -> None:
    numbers = shown(panel, "expired").parts.numbers
    assert numbers is not None
    notice = numbers.notice
    assert isinstance(notice, NoticeCard)
    assert notice.button.y() - notice.text.geometry().bottom() > theme.GAP
    assert notice.height() - notice.button.geometry().bottom() > theme.WIDE_GAP


def test_the_edge_runs_round_the_corners(panel: Panel) -> None:
    """Where contrast is high it is all that tells the panel from a window below it."""
    picture = shown(panel, "fresh").grab().toImage()
    shape, line = panel.mask(), theme.current().colour("line")
    corner = [QPoint(x, y) for x in range(theme.WINDOW_RADIUS) for y in range(theme.WINDOW_RADIUS)]
    beside = [QPoint(1, 0), QPoint(-1, 0), QPoint(0, 1), QPoint(0, -1)]
    edge = [
        at
        for at in corner
        if shape.contains(at) and not all(shape.contains(at + step) for step in beside)
    ]
    assert len(edge) >= theme.WINDOW_RADIUS
    assert {picture.pixelColor(at).name() for at in edge} == {line.name()}


@pytest.mark.parametrize(
    "text",
    [
        "Access was not granted on the sign-in page. Sign in again.",
        "请求失败，请稍后再重试一次。" * 2,
    ],
)
def test_lines_on_an_empty_page_are_much_of_a_length(panel: Panel, text: str) -> None:
    blank = shown(panel, "sign-in-failed").parts.blank
    assert blank is not None
    label = blank.text
    label.resize(round(label.fontMetrics().horizontalAdvance(text) / 1.1), 60)  # and a little more
    label.show_text(text)
    half = label.fontMetrics().horizontalAdvance(text) / 2
    place = label.text_place
    assert half <= place.width() <= 1.3 * half
    assert abs(place.center().x() - label.rect().center().x()) <= 1
    columns = drawn_columns(label.grab().toImage())
    assert columns[0] >= place.left() - 1
    assert columns[-1] <= place.right() + 1


def test_a_single_line_on_an_empty_page_is_in_its_middle(panel: Panel) -> None:
    blank = shown(panel, "starting").parts.blank
    assert blank is not None
    columns = drawn_columns(blank.title.grab().toImage())
    assert abs((columns[0] + columns[-1]) / 2 - blank.title.width() / 2) <= 2
