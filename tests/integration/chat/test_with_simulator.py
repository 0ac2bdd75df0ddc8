"""The chat against the stand-in service, signed in: the whole way of an answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.chat.conversation import Conversation, TurnStatus
from app.chat.models import listed
from app.chat.turn import TurnRunner
from app.demo import demo_surroundings
from app.program import Program, open_program
from app.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    with demo_surroundings(Settings()) as surroundings:
        async with open_program(surroundings) as program:
            await program.sign_in(program.wish(Settings(redirect_host="127.0.0.1")))
            yield program


async def test_two_turns_of_a_conversation(program: Program) -> None:
    told: list[Conversation] = []
    runner = TurnRunner(program.chat, told.append)
    first = await runner.run(Conversation(), "list the steps", Settings())
    second = await runner.run(first, "你好", Settings())
    assert [turn.status for turn in second.turns] == [TurnStatus.COMPLETED] * 2
    assert all(turn.answer and turn.usage and turn.model for turn in second.turns)
    assert second.turns[0].fault is None
    assert len(told) > 4  # it was seen to grow


async def test_the_list_of_models(program: Program) -> None:
    models = listed(await program.chat.models())
    assert models
    assert await program.chat.models(reload=True) is not None


def test_nothing_of_an_answers_way_is_loaded_before_a_question() -> None:
    """Many days see no question: the resident program holds what a conversation is, no more."""
    script = (
        "import sys; import app.intents, app.program, app.state, app.wording.faults\n"
        "print(*(name for name in sys.modules if name.startswith('app.chat.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(done.stdout.split()) <= {"app.chat.conversation", "app.chat.events"}
