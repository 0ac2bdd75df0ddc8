"""Every label and every text on a control of every window, measured as it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from gallery.render import PARTS, SCHEMES, appearance
from gallery.windows import settle, show, windows
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget
from support.painted_text import PaintedText, painted_texts

from app import catalogues
from app.ui import theme
from app.ui.colours import HIGH_LIGHT, LIGHT, Colours
from app.ui.style_sheet import stylesheet
from app.ui.theme import Theme

_WINDOWS = tuple(part for part in PARTS if part != "icons")


@pytest.fixture
def _inter(look: Theme, qapp: QApplication) -> Iterator[None]:
    """The gallery's font; `look` puts the old one back."""
    assert look
    qapp.setFont(QFont("Inter"))
    yield
    qapp.setFont(QFont())


def _texts_of(widget: QWidget) -> list[PaintedText]:
    show(widget)
    settle()
    found = painted_texts(widget)
    widget.hide()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return found


@pytest.mark.usefixtures("_inter")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("part", _WINDOWS)
def test_every_text_of_every_window_reads(part: str, scheme: str, look: Theme) -> None:
    """WCAG 1.4.3 and 1.4.6: disabled and waiting controls too, which it would let off."""
    catalogues.activate("zh_CN" if scheme == "dark" else "en", {}, [])
    look.follow(*appearance(scheme))
    seen, bad = 0, set()
    for name, window in windows(part, "en", scheme):
        texts = _texts_of(window)
        seen += len(texts)
        bad |= {
            f"{name}: {one.text!r} of {one.widget}: {one.colour} on {one.ground}, {one.ratio:.2f}"
            for one in texts
            if not one.reads(look.colours)
        }
    assert seen > 40
    assert not bad, "\n".join(sorted(bad))


def _unreadable(part: str, name: str, colours: Colours) -> set[str]:
    """The kinds of widgets in one window that have a text nobody can read."""
    (window,) = (one for found, one in windows(part, "en", "light") if found == name)
    return {one.widget for one in _texts_of(window) if not one.reads(colours)}


@pytest.mark.usefixtures("_inter", "look")
@pytest.mark.parametrize(
    ("part", "name", "bad", "widgets"),
    [
        ("panel", "fresh", {"secondary": "#8A94A2"}, {"TextLabel", "Badge", "Dial"}),
        ("panel", "fresh", {"ink": "#FFFFFF", "card": "#FEFEFE"}, {"TextLabel", "Dial"}),
        ("chat", "fresh", {"code": "#5A6472"}, {"AnswerView's viewport"}),
        ("history", "week", {"secondary": "#A0A8B4"}, {"ChartView", "TextLabel"}),
    ],
)
def test_a_bad_colour_of_the_palette_is_found(
    part: str, name: str, bad: dict[str, str], widgets: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In labels, in what is painted by hand, in documents."""
    spoilt = replace(LIGHT, **bad)  # type: ignore[arg-type]
    monkeypatch.setattr(theme, "current", lambda: spoilt)
    assert widgets <= _unreadable(part, name, LIGHT)


@pytest.mark.usefixtures("_inter", "look")
def test_a_bad_colour_of_the_style_sheet_is_found(qapp: QApplication) -> None:
    spoilt = replace(LIGHT, ink="#9AA3AF", on_accent="#7FA8E8", faint="#B4BCC6")
    qapp.setStyleSheet(stylesheet(spoilt, theme.BODY_PX, theme.CARD_RADIUS, theme.BUTTON_RADIUS))
    assert {"QPushButton", "ChoiceField", "QLineEdit"} <= _unreadable("settings", "whole", LIGHT)
    assert "QLineEdit" in _unreadable("conversations", "list-empty", LIGHT)


@pytest.mark.usefixtures("_inter", "look")
def test_large_text_may_be_paler_and_high_contrast_asks_for_more() -> None:
    grey = PaintedText("78", "Dial", "#8a8a8a", "#ffffff", is_large=True)
    assert grey.reads(LIGHT)
    assert not replace(grey, is_large=False).reads(LIGHT)
    assert not grey.reads(HIGH_LIGHT)
    assert not replace(grey, colour="#6a6a6a", is_large=False).reads(HIGH_LIGHT)
