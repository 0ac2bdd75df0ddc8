"""12 or 24 hours, in every window and tooltip, as the setting says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from gallery.chat_states import CHAT_STATES
from gallery.conversation_states import conversation_states, conversation_window
from gallery.dialog_states import sign_in_states
from gallery.history_states import history_states
from gallery.states import BANNERS, NOW, PANEL_STATES, ZONE
from gallery.windows import settle, show
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from support.shown_words import shown_words

from app import catalogues
from app.embedded_window import Obstacle
from app.state import AppState
from app.ui.chat_window import ChatWindow
from app.ui.history_window import HistoryWindow
from app.ui.panel import Panel
from app.ui.sign_in_dialog import SignInDialog
from app.ui.theme import Theme
from app.wording.tray import tray_tooltip, tray_tooltip_short

_TIME = re.compile(r"(?<![\d:])(\d{1,2}):\d\d(?!:?\d)")
_HALF_DAY = re.compile(r"\d ?[ap]m|上午|下午")


def _of(state: AppState, clock: str) -> AppState:
    return replace(state, settings=replace(state.settings, clock=clock))


def _windows(part: str, clock: str) -> Iterator[QWidget]:
    window: Panel | ChatWindow | HistoryWindow | SignInDialog
    if part == "panel":
        for state in PANEL_STATES.values():
            window = Panel(clock=lambda: NOW, zone=ZONE)
            window.render(_of(state, clock))
            yield window
    elif part == "chat":
        for state in CHAT_STATES.values():
            window = ChatWindow(clock=lambda: NOW, zone=ZONE)
            window.render(_of(state, clock))
            yield window
    elif part == "history":
        for _name, state in history_states():
            window = HistoryWindow(clock=lambda: NOW, zone=ZONE)
            window.render(_of(state, clock))
            yield window
    elif part == "conversations":
        yield conversation_window(_of(conversation_states()["list"], clock))
    else:
        for session, _here in sign_in_states(NOW).values():
            window = SignInDialog(clock=lambda: NOW, zone=ZONE, obstacle=Obstacle.NONE)
            window.render(_of(AppState(session=session), clock))
            yield window


def _told(part: str, clock: str) -> set[str]:
    told = set()
    for window in _windows(part, clock):
        show(window)
        settle()
        # Rows of the list are painted only; elsewhere what is painted is told as a text as well.
        told |= {
            text
            for place, text in shown_words(window)
            if part == "conversations" or "painted" not in place
        }
        window.hide()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return told - {banner.text for banner in BANNERS}  # worded by whoever gives warnings


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("part", ["panel", "chat", "history", "conversations", "sign-in"])
def test_every_time_of_day_follows_the_setting(part: str, language: str, look: Theme) -> None:
    catalogues.activate(language, {"LANG": "en_US.UTF-8"})  # whose own clock has 12 hours
    look.follow("light")
    try:
        for clock in ("12h", "24h"):
            told = [text for text in _told(part, clock) if _TIME.search(text)]
            halves = [text for text in told if _HALF_DAY.search(text)]
            hours = [int(hour) for text in told for hour in _TIME.findall(text)]
            assert (halves == told) if clock == "12h" else not halves
            assert clock == "24h" or all(1 <= hour <= 12 for hour in hours)
            assert told or part == "sign-in"
    finally:
        catalogues.activate("en", {})
        look.follow("light")


@pytest.mark.parametrize("tooltip", [tray_tooltip, tray_tooltip_short])
def test_the_icon_s_tooltip_follows_it(tooltip: object) -> None:
    assert callable(tooltip)
    for clock, is_half in (("12h", True), ("24h", False)):
        told = tooltip(_of(PANEL_STATES["warning"], clock), NOW, ZONE)
        assert bool(_HALF_DAY.search(told)) is is_half
