"""The panel in a language whose every sentence is 40 % longer: nothing is cut, nothing overlaps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gallery.states import NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot
from support.clipping import Longer, lengthened

from app.ui.labels import TextLabel
from app.ui.panel import Panel
from app.ui.theme import Theme
from app.wording import language


@pytest.fixture(params=["light", "dark"])
def panel(request: pytest.FixtureRequest, qtbot: QtBot, look: Theme) -> Iterator[Panel]:
    look.follow(request.param)
    language.use(Longer(), "de")
    panel = Panel(clock=lambda: NOW, zone=ZONE)
    qtbot.addWidget(panel)
    yield panel
    panel.hide()


def test_words_really_get_longer() -> None:
    assert lengthened("resets in {duration}") == "resetsen ins {duration}"
    assert len(lengthened("Snooze until reset")) >= 1.3 * len("Snooze until reset")


@pytest.mark.parametrize("name", list(PANEL_STATES))
def test_nothing_is_cut_and_nothing_overlaps(panel: Panel, name: str) -> None:
    panel.render(PANEL_STATES[name])
    panel.show_near(QPoint(700, 790))
    QApplication.processEvents()
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.text():
            _assert_whole(panel, label)
    for button in panel.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            corner = button.mapTo(panel, button.rect().bottomRight())
            assert panel.rect().contains(corner), button.text()


def _assert_whole(panel: Panel, label: QLabel) -> None:
    metrics, text = label.fontMetrics(), label.text()
    if label.wordWrap():
        widest = max(metrics.horizontalAdvance(word) for word in text.split())
        assert label.width() >= widest, text
        assert label.height() >= label.heightForWidth(label.width()), text
    else:
        assert label.width() >= metrics.horizontalAdvance(text) - 1, text
    if isinstance(label, TextLabel) and label.elides:
        return  # the account and names of limits: the whole of it stands in the tooltip
    assert "…" not in text or text.rstrip().endswith("…"), text
    if panel.parts.numbers is None or not panel.parts.numbers.bar_scroll.isAncestorOf(label):
        corner = label.mapTo(panel, label.rect().bottomRight())
        assert panel.rect().contains(corner), text


@pytest.mark.parametrize("name", ["fresh", "stale", "warning", "workspace", "many"])
def test_only_what_may_be_cut_is_cut(panel: Panel, name: str) -> None:
    """A long address of an account, and that is all: names of limits fit."""
    panel.render(PANEL_STATES[name])
    panel.show_near(QPoint(700, 790))
    QApplication.processEvents()
    cut = [
        label.whole_text
        for label in panel.findChildren(TextLabel)
        if label.isVisible() and label.elides and label.text() != label.whole_text
    ]
    allowed = ["katharina.bergmann-oberlechner@a-long-company-name.example"]
    assert [text for text in cut if text not in allowed] == []
