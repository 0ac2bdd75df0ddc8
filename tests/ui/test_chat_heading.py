"""The head of the chat window: it begins and ends where the conversation below it does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from support.drawn_columns import drawn_columns

from app.ui import theme
from app.ui.chat_heading import ChatHeading


@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_words_and_drawings_keep_the_margin(
    qtbot: QtBot, look: theme.Theme, direction: Qt.LayoutDirection
) -> None:
    heading = ChatHeading(can_pin=True)
    qtbot.addWidget(heading)
    heading.setLayoutDirection(direction)
    heading.title.show_text("Hello")
    heading.resize(theme.CHAT_MIN_WIDTH, heading.sizeHint().height())
    heading.show()
    columns = drawn_columns(heading.grab().toImage())
    assert abs(columns[0] - theme.PADDING) <= 2
    assert abs(theme.CHAT_MIN_WIDTH - 1 - columns[-1] - theme.PADDING) <= 2
