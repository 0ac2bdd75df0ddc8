"""Every recorded reply of the chat backend, over real sockets, with the outcome it has here.

The table of outcomes, with the official client's beside them and the reason of each, is
support/chat-behaviours.md.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.chat_backend import Backend, chat_with, recorded, recorded_cases, send_recorded
from support.chat_behaviours import outcome_of, row_of, rows_of_table

from app.chat.conversation import TurnStatus
from app.errors import FaultKind
from app.simulator.server import Simulator

CASES = recorded_cases()
ROWS = rows_of_table()


def test_every_recorded_case_has_an_outcome_and_a_reason() -> None:
    assert list(ROWS) == list(recorded())
    assert all(why for _, why in ROWS.values())


@pytest.mark.parametrize("case", CASES)
async def test_the_outcome_is_the_reviewed_one(case: str, simulator: Simulator) -> None:
    """F-C03, F-C07, F-C12…F-C18, F-C22, F-C26, F-C27, F-H02…F-H05, F-H09, F-H13, F-H14, F-H16."""
    outcome = await outcome_of(case, simulator)

    assert row_of(case, outcome) == ROWS[case][0]
    expected = {None: TurnStatus.COMPLETED, FaultKind.ANSWER_CUT: TurnStatus.CUT}
    fault = outcome.turn.fault
    assert outcome.turn.status is expected.get(fault.kind if fault else None, TurnStatus.FAILED)
    assert outcome.posts <= 3


async def test_what_is_told_about_a_reached_limit() -> None:
    backend = Backend(lambda peer, _: send_recorded(peer, CASES["429_usage_limit_reached"][0]))
    async with chat_with(backend) as chat:
        fault = (await chat.ask()).fault
    assert fault is not None
    assert fault.resets_at == datetime(2026, 11, 22, 16, 16, 29, tzinfo=UTC)
    assert (fault.plan, fault.message) == ("plus", "The usage limit has been reached")


@pytest.mark.parametrize(
    ("case", "waits"),
    [
        ("500", [0.5, 1.0]),
        ("503_retry_after", [1.0, 1.0]),
        ("429_rate_limit_retry_after", [2.0]),
        ("failed_rate_limit_exceeded", [1.898]),
        ("ok", []),
    ],
)
async def test_how_long_is_waited(case: str, waits: list[float]) -> None:
    """F-H13, F-H16: the server's own wish, else a little longer each time."""
    backend = Backend(lambda peer, _: send_recorded(peer, CASES[case][0]))
    async with chat_with(backend) as chat:
        await chat.ask()
    assert chat.waits == waits


async def test_the_model_that_really_answered_is_shown() -> None:
    backend = Backend(lambda peer, _: send_recorded(peer, CASES["model_reroute_header"][0]))
    async with chat_with(backend) as chat:
        assert (await chat.ask()).model == "gpt-5.5-other"
