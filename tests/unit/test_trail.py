"""What the program did lately: kept short, logged in one form, read back from the log."""

from __future__ import annotations

import logging

import pytest

from app.redaction import redacted
from app.trail import Trail
from app.trail_steps import LENGTH, LOGGER, Step


def test_steps_are_kept_in_order_and_the_oldest_go() -> None:
    trail = Trail(now=lambda: 1_700_000_000.9)
    for status in range(LENGTH + 5):
        trail.note("poll", "accepted", status=status)

    assert [step.status for step in trail.steps] == list(range(5, LENGTH + 5))
    assert trail.steps[0] == Step(1_700_000_000, "poll", "accepted", 5)


def test_whatever_a_reason_holds_it_stays_one_plain_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """T-35, T-41: names of limits come from the service."""
    caplog.set_level(logging.INFO, LOGGER)
    trail = Trail(now=lambda: 1.0)
    trail.note("warning", "shown", why="threshold ann@example.com\n\x1b[31m" + "x" * 200)

    (message,) = caplog.messages
    assert message == redacted(message)
    assert "@" not in message
    assert len(trail.steps[0].why) == 120
