"""Larger letters of the system, and languages with longer words: nothing is cut in any window."""

from __future__ import annotations

import pytest
from gallery.render import PARTS
from gallery.windows import settle, show, windows
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from support.clipping import Longer, clipped

from app import catalogues
from app.ui import theme
from app.ui.theme import Theme
from app.wording import language

_WINDOWS = tuple(part for part in PARTS if part not in ("icons", "menus"))


@pytest.fixture
def letters(qapp: QApplication, look: Theme) -> None:
    """Half as large again as what counts as usual; `look` puts the old ones back."""
    font = QFont(qapp.font())
    font.setPointSizeF(theme.USUAL_POINTS * 1.5)
    qapp.setFont(font)
    look.follow("light")


def _clipped(part: str, spoken: str) -> dict[str, list[str]]:
    bad = {}
    for name, window in windows(part, "en" if spoken == "longer" else spoken, "light"):
        show(window)
        settle()
        faults = sorted(set(clipped(window)))
        if faults:
            bad[name] = faults
        window.hide()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return bad


def _speak(spoken: str) -> None:
    if spoken == "longer":
        language.use(Longer(), "de")
    else:
        catalogues.activate(spoken, {}, [])


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize("spoken", ["en", "zh_CN", "longer"])
@pytest.mark.parametrize("part", _WINDOWS)
def test_nothing_is_cut_with_larger_letters(part: str, spoken: str) -> None:
    _speak(spoken)
    assert not _clipped(part, spoken)


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("part", _WINDOWS)
def test_nothing_is_cut_in_a_language_of_longer_words(part: str) -> None:
    _speak("longer")
    assert not _clipped(part, "longer")
