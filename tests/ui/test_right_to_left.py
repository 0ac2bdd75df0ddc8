"""In a language that runs from right to left every window is its own mirror image.

The language is made up (`support.pseudo_words`); none is shipped. Each window is laid out twice
with the same words, once in each direction, and compared widget by widget. What keeps its
direction is said below: charts, code, addresses, and answers, which have directions of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from gallery.chat_states import CHAT_STATES
from gallery.render import LEFTWARDS
from gallery.states import NOW, PANEL_STATES, ZONE
from gallery.windows import settle, show, windows
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget
from support.pseudo_words import PseudoWords, leftwards, speak_leftwards

from app.auth.tokens import Account
from app.ui.answer_view import AnswerView
from app.ui.chart_view import ChartView
from app.ui.chat_window import ChatWindow
from app.ui.code_card import CardButton
from app.ui.labels import TextLabel
from app.ui.panel import Panel
from app.ui.panel_header import PanelHeader
from app.ui.theme import Theme
from app.ui.thinking_line import ThinkingLine
from app.wording import accounts, language
from app.wording.language import tr

_NEAR_PX = 17  # margins that differ at the two sides, and scroll bars, are not mirrored by Qt


_Layout = dict[str, tuple[int, list[tuple[str, QRect]]]]


@pytest.fixture
def mirrored(look: Theme) -> Iterator[None]:
    speak_leftwards()
    look.follow("light")
    yield
    _turn_back(look)


def _turn_back(look: Theme) -> None:
    language.use(NullTranslations(), "en")
    look.follow("light")


def _places(window: QWidget) -> list[tuple[str, QRect]]:
    """Where each widget stands in `window`, in the order in which they were made."""
    show(window)
    settle()
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window and not _has_own_direction(widget):
            text = widget.text() if isinstance(widget, QLabel | QToolButton) else ""
            rect = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
            found.append((f"{type(widget).__name__} {text!r}", rect))
    return found


def _has_own_direction(widget: QWidget) -> bool:
    above: QWidget | None = widget
    while above is not None:
        if isinstance(above, CardButton):
            return True
        above = above.parentWidget()
    return type(widget) is QWidget  # viewports and pages: their content counts


def _gone(window: QWidget) -> None:
    window.hide()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _laid_out(look: Theme, locale: str, part: str = "") -> _Layout:
    language.use(PseudoWords(leftwards), locale)
    look.follow("light")
    found = {}
    for name, window in windows(LEFTWARDS, locale, "light"):
        if name.startswith(part):
            places = _places(window)  # shown, it has its width
            found[name] = (window.width(), places)
        _gone(window)
    return found


def _unmirrored(usual: _Layout, mirror: _Layout) -> list[str]:
    wrong = []
    for name, (width, places) in usual.items():
        others = mirror[name][1]
        if len(places) != len(others):
            wrong.append(f"{name}: {len(places)} and {len(others)} widgets")
            continue
        for (kind, here), (_, there) in zip(places, others, strict=True):
            at_left = abs(width - here.right() - 1 - there.left()) <= _NEAR_PX
            at_right = abs(width - here.left() - 1 - there.right()) <= _NEAR_PX
            if not at_left and not at_right:
                wrong.append(f"{name}: {kind} from {here.left()} to {there.left()} of {width}")
    return wrong


def test_every_window_mirrors(look: Theme) -> None:
    usual = _laid_out(look, "en")
    assert sum(len(places) for _, places in usual.values()) > 900
    wrong = _unmirrored(usual, _laid_out(look, "he"))
    _turn_back(look)
    assert not wrong, "\n".join(wrong)


def test_a_part_that_does_not_mirror_is_found(look: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = _laid_out(look, "en", "panel-")
    made = PanelHeader.__init__

    def stubborn(header: PanelHeader, parent: QWidget) -> None:
        made(header, parent)
        header.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    monkeypatch.setattr(PanelHeader, "__init__", stubborn)

    wrong = _unmirrored(usual, _laid_out(look, "he", "panel-"))
    _turn_back(look)

    assert wrong


def test_time_runs_from_left_to_right(mirrored: None) -> None:
    """As on printed charts in such languages; its labels stand where they stood."""
    chart = ChartView()

    assert not chart.isRightToLeft()


def test_names_keep_their_order_in_a_sentence(mirrored: None) -> None:
    """T-54: isolated, so that nothing around them moves."""
    ann = Account("acc-4711", "user-1", "ann@example.com", "plus")

    said = accounts.remove_text(ann, others=0)

    assert "\u2068\u2068ann@example.com\u2069 · " in said
    assert tr("{n} %").format(n=12) == "\u206812\u2069 %"


def test_a_name_alone_stands_with_the_rest(mirrored: None) -> None:
    """Qt would put it at the left, because its letters run from there."""
    label = TextLabel("ann@example.com")

    assert label.text() == "\u200fann@example.com"
    assert label.whole_text == label.accessibleName() == "ann@example.com"
    label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert label.text() == "ann@example.com"
    prose = TextLabel("Some English reasoning.", prose=True)
    assert prose.text() == prose.whole_text


@pytest.mark.parametrize("name", ["fresh", "right-to-left"])
def test_answers_and_code_have_directions_of_their_own(mirrored: None, name: str) -> None:
    """F-C09: each block by its own first letter, code from the left whatever it says."""
    chat = ChatWindow(clock=lambda: NOW, zone=ZONE)
    chat.resize(420, 700)
    chat.render(CHAT_STATES[name])
    show(chat)
    settle()
    (answer,) = chat.findChildren(AnswerView)
    block = answer.document().begin()
    directions = {}
    while block.isValid():
        directions[block.text()[:9]] = block.textDirection()
        block = block.next()

    if name == "fresh":
        assert set(directions.values()) == {Qt.LayoutDirection.LeftToRight}
    else:
        assert directions["شرح مختصر"] == Qt.LayoutDirection.RightToLeft
    chat.composer.field.setPlainText("שלום\nhello")
    written = chat.composer.field.document()
    assert written.firstBlock().textDirection() == Qt.LayoutDirection.RightToLeft
    assert written.lastBlock().textDirection() == Qt.LayoutDirection.LeftToRight
    _gone(chat)


def test_addresses_run_from_the_left(mirrored: None) -> None:
    panel = Panel(clock=lambda: NOW, zone=ZONE)
    panel.render(PANEL_STATES["signing-in"])
    show(panel)
    (address,) = panel.findChildren(QLineEdit)

    assert address.text().startswith("https://")
    assert address.layoutDirection() == Qt.LayoutDirection.RightToLeft  # and yet
    address.home(False)
    assert address.cursorRect().left() < address.width() // 2
    assert panel.isRightToLeft()
    _gone(panel)


def test_what_unfolds_points_to_where_reading_goes_on(mirrored: None) -> None:
    line = ThinkingLine()

    assert line.button.arrowType() is Qt.ArrowType.LeftArrow
    line.button.click()
    assert line.button.arrowType() is Qt.ArrowType.DownArrow


def test_windows_turn_round_with_the_language(look: Theme, qapp: QApplication) -> None:
    panel = Panel(clock=lambda: NOW, zone=ZONE)
    panel.render(PANEL_STATES["fresh"])
    show(panel)
    assert not panel.isRightToLeft()
    speak_leftwards()
    look.follow("light")
    assert panel.isRightToLeft()
    language.use(NullTranslations(), "en")
    look.follow("light")
    assert not panel.isRightToLeft()
    assert not qapp.isRightToLeft()
    _gone(panel)
