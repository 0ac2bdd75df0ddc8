"""What is remembered of looking for updates, and when to look again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.updates.memory import UpdateMemory, from_mapping, is_due, to_mapping, usable_etag

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = UpdateMemory(NOW, "https://x.io/y", 'W/"abc"', "0.2.0", "0.2.0")


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(), False),
        (timedelta(hours=23, minutes=59), False),
        (timedelta(days=1), True),
        (timedelta(days=400), True),
        (timedelta(hours=-23), False),  # the clock was put back a little
        (timedelta(days=-3), True),  # it was wrong by far
    ],
)
def test_once_a_day(ago: timedelta, expected: bool) -> None:
    assert is_due(UpdateMemory(NOW - ago), NOW) is expected


def test_the_first_time_it_is_due() -> None:
    assert is_due(UpdateMemory(), NOW)


def test_it_comes_back_as_it_was_kept() -> None:
    assert from_mapping(to_mapping(WHOLE)) == WHOLE
    assert from_mapping(to_mapping(UpdateMemory())) == UpdateMemory()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"asked_at": 5, "newest": ["0.2"]},
        {"asked_at": "yesterday", "newest": "the best", "told": "9" * 99, "etag": "x\r\ny"},
        {"asked_at": "2026-11-23T12:00:00"},  # of which zone?
    ],
)
def test_a_damaged_file_is_as_good_as_none(value: object) -> None:
    assert from_mapping(value) == UpdateMemory()


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"'])
def test_validators_are_sent_back(etag: str) -> None:
    assert usable_etag(etag) == etag


@pytest.mark.parametrize("etag", ["", "a", '"a\n"', '"é"', '"' + "x" * 300 + '"'])
def test_strange_validators_are_not(etag: str) -> None:
    assert usable_etag(etag) == ""
