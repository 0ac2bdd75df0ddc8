from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.history.runs import GAP_S, Reading, Record, Run, following, record_of, window_number
from app.usage.limits import Credits, RateLimit, RateLimitWindow, UsageSnapshot

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = round(NOW.timestamp())
ACCOUNT = "0123456789abcdef"
RESETS = AT + 3600


def snapshot(*windows: RateLimitWindow, **changes: object) -> UsageSnapshot:
    plain = UsageSnapshot(NOW, limits=(RateLimit("codex", windows),), served_at=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


def window(used: float | None = 12.5, **changes: object) -> RateLimitWindow:
    plain = RateLimitWindow("codex", used, 18_000, NOW + timedelta(hours=1))
    return replace(plain, **changes)  # type: ignore[arg-type]


def only_reading(record: Record | None) -> Reading:
    assert record is not None
    (reading,) = record.readings
    return reading


def test_a_reading_holds_whole_seconds_and_basis_points() -> None:
    record = record_of(ACCOUNT, snapshot(window(33.333)))

    assert only_reading(record) == Reading("codex/18000", "", AT, 3333, RESETS, 0)
    assert record is not None
    assert record.is_dated


@pytest.mark.parametrize("used", [None, float("nan"), float("inf"), -float("inf"), 1e300], ids=str)
def test_what_is_no_finite_number_is_not_kept_but_its_neighbour_is(used: float | None) -> None:
    week = window(50.0, window_seconds=604_800)

    assert only_reading(record_of(ACCOUNT, snapshot(window(used), week))).used == 5000


def test_a_window_with_an_endless_name_is_not_kept() -> None:
    assert record_of(ACCOUNT, snapshot(window(limit_id="x" * 500))) is None


@pytest.mark.parametrize(
    "unwanted",
    [
        (ACCOUNT, snapshot(window(), is_doubtful=True)),
        ("", snapshot(window())),
        (ACCOUNT, snapshot()),
    ],
    ids=["doubtful", "nobody's", "empty"],
)
def test_nothing_is_kept_of(unwanted: tuple[str, UsageSnapshot]) -> None:
    assert record_of(*unwanted) is None


def test_a_window_that_has_not_begun_is_in_no_cycle() -> None:
    """Its reset moves on with every reading (peers fact 5)."""
    reading = only_reading(record_of(ACCOUNT, snapshot(window(0.0, is_sliding=True))))

    assert reading.resets_at is None
    assert reading.is_sliding


def test_times_are_the_services_and_the_skew_is_kept() -> None:
    """F-U26: the client's clock is two days behind."""
    behind = NOW - timedelta(days=2)
    record = record_of(
        ACCOUNT, snapshot(window(), fetched_at=behind, clock_offset_s=2 * 86_400, served_at=None)
    )

    reading = only_reading(record)
    assert (reading.at, reading.skew) == (AT, 172_800)
    assert record is not None
    assert not record.is_dated


def test_a_limit_told_earlier_than_the_rest_keeps_its_time() -> None:
    """An answer's headers speak of one limit; the others stand as they were."""
    earlier = RateLimit("codex", (window(),), as_of=NOW - timedelta(minutes=3))

    reading = only_reading(record_of(ACCOUNT, snapshot(limits=(earlier,))))

    assert reading.at == AT - 180


@pytest.mark.parametrize(
    ("bought", "value"),
    [
        (Credits(balance=Decimal("12.50")), "12.50"),
        (Credits(unlimited=True), "unlimited"),
        (Credits(), None),
    ],
)
def test_plan_and_credits_are_facts(bought: Credits, value: str | None) -> None:
    record = record_of(ACCOUNT, snapshot(plan="plus", credits=bought, reset_credits=2))

    assert record is not None
    facts = dict(record.facts)
    assert facts.pop("plan") == "plus"
    assert facts.pop("reset_credits") == "2"
    assert facts == ({"credits": value} if value else {})


# --- runs ----------------------------------------------------------------------------------------

LAST = Run(7, AT - 600, AT, 11, 1250, RESETS, 0)
NEXT = Reading("codex/18000", "", AT + 60, 1250, RESETS, 0)


def test_the_first_reading_begins_the_first_run() -> None:
    assert following(None, NEXT) == Run(1, AT + 60, AT + 60, 1, 1250, RESETS, 0)


@pytest.mark.parametrize("jitter", [0, 299, -299])
def test_an_equal_reading_prolongs_the_run(jitter: int) -> None:
    """Reset times jitter (peers fact 32); history that is the same is one row (fact 27)."""
    reading = replace(NEXT, resets_at=RESETS + jitter, skew=-2)

    assert following(LAST, reading) == replace(LAST, last_at=AT + 60, readings=12)


@pytest.mark.parametrize(
    "changes",
    [
        {"used": 1300},
        {"resets_at": RESETS + 3600},
        {"skew": 172_800},
        {"at": AT + GAP_S + 1},
        {"at": AT - 3600},
        {"is_sliding": True, "resets_at": None},
    ],
    ids=["other use", "other cycle", "other skew", "after a gap", "clock set back", "not begun"],
)
def test_anything_else_begins_a_new_run(changes: dict[str, int]) -> None:
    """Order is told by the sequence number, so a clock set back loses nothing (F-M04)."""
    reading = replace(NEXT, **changes)  # type: ignore[arg-type]

    assert following(LAST, reading) == Run(
        8, reading.at, reading.at, 1, reading.used, reading.resets_at, reading.skew
    )


@pytest.mark.parametrize("at", [AT, AT - 2])
def test_the_same_reply_seen_twice_tells_nothing_new(at: int) -> None:
    """F-U25"""
    assert following(LAST, replace(NEXT, at=at)) is None


def test_a_reset_that_is_not_told_once_does_not_end_the_cycle() -> None:
    assert following(LAST, replace(NEXT, resets_at=None)) == replace(
        LAST, last_at=AT + 60, readings=12
    )


def test_a_reset_that_is_due_and_not_told_ends_it() -> None:
    last = replace(LAST, resets_at=AT + 30)

    run = following(last, replace(NEXT, resets_at=None))

    assert run is not None
    assert (run.seq, run.resets_at) == (8, None)


def test_a_window_whose_reset_was_unknown_begins_a_run_when_it_is_told() -> None:
    run = following(replace(LAST, resets_at=None), NEXT)

    assert run is not None
    assert (run.seq, run.resets_at) == (8, RESETS)


def test_the_number_of_a_window_follows_from_its_names() -> None:
    numbers = {window_number(ACCOUNT, f"codex/{n}") for n in range(100)}

    assert window_number(ACCOUNT, "codex/18000") == 2_102_793_964
    assert len(numbers) == 100
    assert all(0 < number < 2**31 for number in numbers)
