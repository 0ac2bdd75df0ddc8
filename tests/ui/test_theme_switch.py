"""Switching between light and dark while windows are open: no colour of the old theme stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery.chat_states import CHAT_STATES
from gallery.states import NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.chat_window import ChatWindow
from app.ui.colours import DARK, LIGHT, Colours
from app.ui.panel import Panel
from app.ui.theme import Theme


def _panel(name: str) -> QWidget:
    panel = Panel(clock=lambda: NOW, zone=ZONE)
    panel.render(PANEL_STATES[name])
    panel.show_near(QPoint(700, 790))
    return panel


def _chat(name: str) -> QWidget:
    chat = ChatWindow(clock=lambda: NOW, zone=ZONE)
    chat.render(CHAT_STATES[name])
    chat.resize(400, 520)
    chat.show()
    return chat


def _picture(widget: QWidget, qtbot: QtBot) -> QImage:
    """The widget once nothing moves any more: an answer is drawn in steps."""
    pictures: list[QImage] = []
    for _ in range(60):
        qtbot.wait(50)
        pictures.append(widget.grab().toImage())
        if len(pictures) > 5 and all(one == pictures[-1] for one in pictures[-5:]):
            break
    return pictures[-1]


def _share(image: QImage, colour: str) -> float:
    wanted = QColor(colour).rgb()
    places = [(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)]
    return sum(image.pixel(x, y) == wanted for x, y in places) / len(places)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (_panel, "error"),
        (_panel, "signing-in"),
        (_panel, "many"),
        (_chat, "stopped"),
        (_chat, "error"),
    ],
)
def test_a_switched_window_looks_like_a_new_one(
    look: Theme, qtbot: QtBot, make: Callable[[str], QWidget], name: str
) -> None:
    switched = make(name)
    qtbot.addWidget(switched)
    assert _share(_picture(switched, qtbot), LIGHT.background) > 0.3
    for scheme, colours, other in (("dark", DARK, LIGHT), ("light", LIGHT, DARK)):
        look.follow(scheme)
        fresh = make(name)
        qtbot.addWidget(fresh)
        expected = _picture(fresh, qtbot)
        fresh.hide()
        switched.show()
        _assert_alike(_picture(switched, qtbot), expected, colours, other)


def _assert_alike(actual: QImage, expected: QImage, colours: Colours, other: Colours) -> None:
    assert actual.size() == expected.size()
    for token in ("background", "card", "ink", "secondary", "calm", "line"):
        colour = getattr(colours, token)
        assert _share(actual, colour) == pytest.approx(_share(expected, colour), abs=0.012), token
    assert _share(actual, other.ink) <= _share(expected, other.ink) + 0.0005
