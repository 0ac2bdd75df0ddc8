"""Random lives of a transcript: whatever happens, no turn overlaps and no hole is seen."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.conversation import Turn, TurnStatus
from app.ui.transcript import Transcript

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SERIES = int(os.environ.get("TIDEGAUGE_LIVES", "3"))
ENDS = (TurnStatus.COMPLETED, TurnStatus.STOPPED, TurnStatus.FAILED)
TEXT = "## Part\n\nSome *words*.\n\n- one\n- two\n\n```\ncode\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n" * 40


class Life:
    """One transcript and what happens to it."""

    def __init__(self, qtbot: QtBot, seed: int) -> None:
        self.chance = Random(seed)
        self.qtbot = qtbot
        self.turns: list[Turn] = []
        self.asked = 0
        self.transcript = Transcript(lambda _turn: None, lambda: NOW)
        qtbot.addWidget(self.transcript)
        self.transcript.resize(420, 500)
        self.transcript.show()

    def ask(self) -> None:
        self.asked += 1
        question = "Why? " * self.chance.randint(1, 40)
        self.turns.append(Turn(f"t{self.asked}", question, asked_at=NOW))

    def grow(self) -> None:
        if self.turns and self.turns[-1].is_open:
            length = len(self.turns[-1].answer) + self.chance.randint(1, 1_500)
            grown = replace(self.turns[-1], answer=TEXT[:length], status=TurnStatus.STREAMING)
            self.turns[-1] = replace(grown, reasoning=grown.reasoning + "x " * (length % 2))

    def end(self) -> None:
        if self.turns:
            self.turns[-1] = replace(self.turns[-1], status=self.chance.choice(ENDS))

    def edit(self) -> None:
        if self.turns:
            del self.turns[self.chance.randrange(len(self.turns)) :]
        self.ask()

    def open_another(self) -> None:
        count = self.chance.choice((0, 3, 300))
        self.turns.clear()
        for _ in range(count):
            self.ask()
            self.turns[-1] = replace(
                self.turns[-1],
                answer=TEXT[: self.chance.randint(0, 3_000)],
                status=TurnStatus.COMPLETED,
            )

    def scroll(self) -> None:
        bar = self.transcript.verticalScrollBar()
        by = self.chance.randint(-300, 300)
        bar.setValue(self.chance.choice((0, bar.maximum(), bar.maximum() // 2, bar.value() + by)))

    def resize(self) -> None:
        self.transcript.resize(self.chance.randint(400, 900), self.chance.randint(200, 900))

    def hide_for_a_while(self) -> None:
        self.transcript.hide()
        self.transcript._leaving.timeout.emit()

    def restyle(self) -> None:
        self.transcript.restyle()

    def select(self) -> None:
        if self.transcript.views:
            self.chance.choice(self.transcript.views).answer.selectAll()

    def unfold(self) -> None:
        if self.transcript.views:
            self.chance.choice(self.transcript.views).thinking.button.click()

    def step(self) -> None:
        usual = (self.ask, self.grow, self.grow, self.grow, self.end, self.scroll, self.scroll)
        seldom = (self.edit, self.open_another, self.resize, self.hide_for_a_while)
        others = (self.restyle, self.select, self.unfold)
        self.chance.choice((*usual, *usual, *seldom, *others))()
        self.transcript.show()
        self.transcript.render_turns(tuple(self.turns))

    def settle(self) -> None:
        self.qtbot.waitUntil(
            lambda: not any(view.answer.has_work for view in self.transcript.views)
        )
        QApplication.processEvents()

    def check(self) -> None:
        bar, room = self.transcript.verticalScrollBar(), self.transcript.viewport().height()
        views = [view for view in self.transcript.views if view.isVisible()]
        for above, below in pairwise(views):
            assert above.geometry().bottom() < below.geometry().top()
        seen = [
            view.geometry()
            for view in views
            if view.geometry().bottom() > 0 and view.geometry().top() < room
        ]
        if self.turns:
            assert seen[0].top() <= 20
            assert seen[-1].bottom() >= room - 25 or bar.value() == bar.maximum()
            assert all(below.top() - above.bottom() == 21 for above, below in pairwise(seen))
        assert len(views) < 40


@pytest.mark.parametrize("seed", range(SERIES))
def test_a_transcript_holds_through_whatever_happens(qtbot: QtBot, seed: int) -> None:
    """F-C06, F-C10"""
    life = Life(qtbot, seed)
    for _ in range(100):
        life.step()
        if life.chance.random() < 0.7:
            life.settle()
            life.check()
