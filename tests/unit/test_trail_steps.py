"""The fixed form of a step in the log."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.trail_steps import LENGTH, Step, plain, steps_in

HEAD = "2026-11-22T13:41:00.123 INFO tidegauge.trail: "
AT = int(datetime(2026, 11, 22, 13, 41).astimezone().timestamp())


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("poll accepted 200 61.2 quiet", Step(AT, "poll", "accepted", 200, 61.2, "quiet")),
        ("poll offline 0 -1.0 no_network", Step(AT, "poll", "offline", 0, -1.0, "no_network")),
        ("crash TypeError 0 -1.0", Step(AT, "crash", "TypeError")),
        (
            "warning shown 0 -1.0 threshold codex/18000 75, exhausted m#2 0",
            Step(AT, "warning", "shown", 0, -1.0, "threshold codex/18000 75, exhausted m#2 0"),
        ),
    ],
)
def test_a_step_is_read_back(line: str, step: Step) -> None:
    assert steps_in([f"{HEAD}{line}\n"]) == (step,)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "poll accepted 200 61.2 quiet",
        f"{HEAD}poll accepted 200 61.2 to ann@example.com",
        f"{HEAD}poll accepted two 61.2 quiet",
        "2026-11-22T13:41:00.123 INFO tidegauge.usage: poll accepted 200 61.2 quiet",
        "2026-13-22T13:41:00.123 INFO tidegauge.trail: poll accepted 200 61.2 quiet",
    ],
)
def test_any_other_line_is_passed_over(line: str) -> None:
    """T-41: the log may hold anything; a diagnosis takes only what has the form."""
    assert steps_in([line, f"{HEAD}poll accepted 200 61.2 quiet"]) == (
        Step(AT, "poll", "accepted", 200, 61.2, "quiet"),
    )


def test_only_the_newest_are_told() -> None:
    lines = [f"{HEAD}poll accepted {status} 1.0 quiet" for status in range(LENGTH + 3)]

    assert [step.status for step in steps_in(lines)] == list(range(3, LENGTH + 3))


def test_a_reason_is_made_plain() -> None:
    assert plain("a<b>\n") == "a-b--"


def test_whatever_is_noted_has_the_form() -> None:
    line = f"{HEAD}crash KeyError 0 -1.0 {plain('<string> 5: ann@example.com')}"

    assert steps_in([line])[0].why == "-string- 5- ann-example.com"
