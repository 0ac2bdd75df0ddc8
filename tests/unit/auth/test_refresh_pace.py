"""How often the token endpoint may be asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.refresh_pace import (
    LONGEST_REMEMBERED_WAIT,
    POSTS_PER_SPAN,
    SPAN,
    RefreshHistory,
    RefreshPace,
    RefreshRecord,
    record_from_json,
    record_to_json,
)
from app.errors import Fault, FaultKind

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_the_first_post_waits_for_nothing() -> None:
    assert RefreshPace().wait_s(NOW) == 0


def test_thirty_seconds_between_two_posts() -> None:
    """F-T10, F-N16"""
    pace = RefreshPace().after_post(NOW)
    assert pace.wait_s(NOW) == 30
    assert pace.wait_s(later(29)) == 1
    assert pace.wait_s(later(30)) == 0


def test_an_unknown_outcome_is_asked_about_once_after_five_seconds() -> None:
    """F-T07"""
    pace = RefreshPace().after_post(NOW, is_outcome_known=False)
    assert pace.wait_s(NOW) == 5
    pace = pace.after_post(later(5), is_outcome_known=False)
    assert pace.wait_s(later(5)) == 30
    pace = pace.after_post(later(35), is_outcome_known=False)
    assert pace.wait_s(later(35)) == 5


def test_the_servers_wish_lengthens_the_wait_but_never_shortens_it() -> None:
    assert RefreshPace().after_post(NOW, retry_after_s=300).wait_s(NOW) == 300
    assert RefreshPace().after_post(NOW, retry_after_s=1).wait_s(NOW) == 30


def test_a_clock_set_back_frees_the_next_post() -> None:
    pace = RefreshPace().after_post(NOW, retry_after_s=3600)
    assert pace.wait_s(NOW - timedelta(days=2)) == 0


@given(st.lists(st.tuples(st.floats(0, 120), st.booleans()), min_size=20, max_size=80))
def test_never_more_than_six_posts_in_ten_minutes(steps: list[tuple[float, bool]]) -> None:
    """Figure 7"""
    pace, now, posts = RefreshPace(), NOW, []
    for pause, is_outcome_known in steps:
        now += timedelta(seconds=pause)
        if pace.wait_s(now) == 0:
            posts.append(now)
            pace = pace.after_post(now, is_outcome_known=is_outcome_known)
    for first, seventh in zip(posts, posts[POSTS_PER_SPAN:], strict=False):
        assert seventh - first >= SPAN


def test_of_two_paces_the_one_with_the_later_post_counts() -> None:
    """F-T04: processes keep one pace together."""
    first = RefreshPace().after_post(NOW)
    second = RefreshPace().after_post(later(1))
    assert first.newer(second) is second
    assert second.newer(first) is second
    assert first.newer(RefreshPace()) is first
    assert RefreshPace().newer(first) is first


@pytest.mark.parametrize("fault", [None, FaultKind.INTERRUPTED])
def test_a_record_comes_back_as_it_was_written(fault: FaultKind | None) -> None:
    """F-T05, F-T12: the pace outlives the process."""
    pace = RefreshPace().after_post(NOW, is_outcome_known=False).after_post(later(7))
    record = RefreshRecord(pace, fault)
    assert record_from_json(record_to_json(record, "a"), "a") == record
    assert record_from_json(record_to_json(record, "a"), "b") == RefreshRecord()
    assert record_from_json(record_to_json(RefreshRecord(), "a"), "a") == RefreshRecord()


@pytest.mark.parametrize(
    "change",
    [
        {"posts": 7},
        {"posts": []},
        {"posts": [True, "x", None, -1, 1e300]},
        {"not_before": "soon"},
        {"owner": 3},
    ],
)
def test_a_record_nobody_wrote_is_empty(change: dict[str, object]) -> None:
    written = json.loads(record_to_json(RefreshRecord(RefreshPace().after_post(NOW)), "a"))
    assert record_from_json(json.dumps(written | change).encode(), "a") == RefreshRecord()


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{"])
def test_what_is_no_record_is_empty(body: bytes) -> None:
    assert record_from_json(body, "a") == RefreshRecord()


def test_no_file_makes_the_program_wait_for_years() -> None:
    record = RefreshRecord(RefreshPace((NOW,), later(1e8)), FaultKind.OFFLINE)
    read = record_from_json(record_to_json(record, "a"), "a")
    assert read.pace.not_before == NOW + LONGEST_REMEMBERED_WAIT


def test_a_history_follows_what_others_did_later() -> None:
    """F-T04, F-T05: a post whose process died is known to its successor."""
    dead, successor = RefreshHistory(), RefreshHistory()
    successor.follow(dead.begun(NOW))
    assert successor.wait_s(NOW) == 5
    assert successor.fault == Fault(FaultKind.INTERRUPTED, "the last refresh, by another process")
    successor.succeeded(later(5))
    successor.follow(dead.begun(NOW))
    dead.follow(successor.record)
    for history in (successor, dead):
        assert (history.wait_s(later(5)), history.fault) == (30, None)


def test_a_history_knows_what_was_posted() -> None:
    """F-T07, F-T15: no connection is no post."""
    history = RefreshHistory()
    history.failed(NOW, Fault(FaultKind.OFFLINE))
    history.failed(NOW, Fault(FaultKind.PROXY_SIGN_IN))  # once mended, nobody has to wait
    assert history.wait_s(NOW) == 0
    assert history.record == RefreshRecord(RefreshPace(), FaultKind.PROXY_SIGN_IN)
    history.failed(NOW, Fault(FaultKind.TIMED_OUT))
    assert history.wait_s(NOW) == 5
    history.failed(later(5), Fault(FaultKind.SERVER_ERROR, retry_after_s=90))
    assert history.wait_s(later(5)) == 90
    assert str(history.record.fault) == "server_error"
