"""What a reading is worth: confirmed, doubtful, repeated, older, or of somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.auth.tokens import Account
from app.usage.limits import (
    Doubt,
    RateLimit,
    RateLimitWindow,
    Source,
    UsageSnapshot,
)
from app.usage.readings import Readings, Verdict, belongs_to, is_older

START = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SESSION, WEEK = 18_000, 604_800
ANN = Account("acc", "u")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def window(
    used: float | None, resets_s: float | None, seconds: int | None = SESSION, **changes: Any
) -> RateLimitWindow:
    """`resets_s` counts from START."""
    resets_at = None if resets_s is None else at(resets_s)
    return RateLimitWindow("codex", used, seconds, resets_at, **changes)


def reading(
    seconds: float, *windows: RateLimitWindow, reached: bool | None = None, **changes: Any
) -> UsageSnapshot:
    """One reading `seconds` after START, a poll unless `source` says otherwise."""
    source = changes.get("source", Source.POLL)
    limit = RateLimit("codex", windows, limit_reached=reached, as_of=at(seconds), source=source)
    return UsageSnapshot(at(seconds), **{"limits": (limit,), "served_at": at(seconds), **changes})


def verdicts(*told: UsageSnapshot) -> list[Verdict]:
    readings = Readings()
    return [readings.accept(one, None).verdict for one in told]


A, C, D = Verdict.ACCEPTED, Verdict.CONFIRMED, Verdict.DOUBTFUL

# --- what is doubted, and what confirms it -------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        # use as usual
        ([(0, 10, 9000), (60, 11, 9000), (120, 30, 9003)], [A, A, A]),
        # sources round differently
        ([(0, 61.5, 9000), (60, 61, 9000), (120, 61.9, 9000)], [A, A, A]),
        # F-U22, peers fact 7: a drop to nothing with the reset where it was
        ([(0, 40, 9000), (60, 0, 9000), (75, 0, 9000)], [A, D, C]),
        ([(0, 40, 9000), (60, 0, 9000), (75, 40, 9000), (135, 41, 9000)], [A, D, A, A]),
        # back from used up
        ([(0, 100, 9000), (60, 99.5, 9000), (75, 99.5, 9000)], [A, D, C]),
        # F-U22: a rise from 0 to 100 at once
        ([(0, 0, 9000), (60, 100, 9000), (75, 100, 9000)], [A, D, C]),
        ([(0, 0, 9000), (60, 100, 9000), (75, 0, 9000)], [A, D, A]),
        # the same rise over an hour is use
        ([(0, 0, 9000), (3600, 100, 9000)], [A, A]),
        # a usual reset
        ([(0, 40, 100), (110, 0, 18_110), (170, 2, 18_110)], [A, A, A]),
        # it may be a little early, clocks differ
        ([(0, 40, 100), (60, 0, 18_060)], [A, A]),
        # the new cycle begins high at once
        ([(0, 40, 100), (110, 70, 18_110), (125, 70, 18_110)], [A, D, C]),
        # peers fact 8: a real reset before its time is accepted once confirmed
        ([(0, 90, 9000), (60, 0, 18_060), (75, 1, 18_060)], [A, D, C]),
        # peers fact 6: the reset moves back
        ([(0, 27, 9000), (60, 99, 2000), (75, 99, 2000)], [A, D, C]),
        # nothing known of the reset
        ([(0, 27, None), (60, 10, 9000), (75, 10, 9000)], [A, D, C]),
        ([(0, 27, 9000), (60, 30, None)], [A, A]),
        # two that agree too close together are one
        ([(0, 40, 9000), (60, 0, 9000), (61, 0, 9000), (75, 0, 9000)], [A, D, D, C]),
        # a third story
        ([(0, 40, 9000), (60, 0, 9000), (75, 100, 9000), (90, 100, 9000)], [A, D, D, C]),
        # what cannot be read says nothing
        ([(0, 40, 9000), (60, None, 9000), (120, 41, 9000)], [A, A, A]),
    ],
)
def test_one_window(
    series: list[tuple[float, float | None, float | None]], expected: list[Verdict]
) -> None:
    """F-U22 and peers facts 6 to 8."""
    assert verdicts(*[reading(s, window(used, resets)) for s, used, resets in series]) == expected


def test_a_doubtful_reading_is_shown_and_says_why() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), ANN)
    judged = readings.accept(reading(60, window(0, 9000)), ANN)
    assert judged.is_news
    assert judged.snapshot is readings.known
    assert judged.snapshot is not None
    assert judged.snapshot.windows[0].used_percent == 0
    assert (judged.snapshot.is_doubtful, judged.snapshot.doubts) == (True, (Doubt.FELL,))
    judged = readings.accept(reading(75, window(0, 9000)), ANN)
    assert judged.snapshot is not None
    assert (judged.snapshot.is_doubtful, judged.snapshot.doubts) == (False, ())


@pytest.mark.parametrize(
    ("before", "after", "doubt"),
    [
        (window(40, 9000), window(10, 9000), Doubt.FELL),
        (window(0, 9000), window(100, 9000), Doubt.JUMPED),
        (window(27, 9000), window(99, 2000), Doubt.RESET_BACK),
        (window(90, 9000), window(0, 18_060), Doubt.RESET_EARLY),
    ],
)
def test_each_doubt_has_a_name(
    before: RateLimitWindow, after: RateLimitWindow, doubt: Doubt
) -> None:
    readings = Readings()
    readings.accept(reading(0, before), None)
    judged = readings.accept(reading(60, after), None)
    assert judged.snapshot is not None
    assert judged.snapshot.doubts == (doubt,)


def test_the_services_own_limit_reached_counts_at_once() -> None:
    """F-U22, F-U23: nothing to confirm."""
    assert verdicts(reading(0, window(0, 9000)), reading(60, window(100, 9000), reached=True)) == [
        A,
        A,
    ]
    assert verdicts(reading(0, window(40, 9000)), reading(60, window(3, 9000), reached=True)) == [
        A,
        A,
    ]


def test_two_records_that_take_turns_never_convince_by_turns() -> None:
    """Peers fact 6: every other reading comes from another record."""
    one, other = window(27, 9000), window(99, 2000)
    told = [reading(60 * n, other if n % 2 else one) for n in range(20)]
    assert verdicts(*told) == [A, *[D, A] * 9, D]


def test_a_record_that_was_refuted_has_to_be_steadier() -> None:
    one, other = window(40, 9000), window(0, 9000)
    told = [one, other, one, other, other, other, other]
    found = verdicts(*[reading(60 * n, w) for n, w in enumerate(told)])
    assert found == [A, D, A, D, D, C, A]


def test_refutations_are_forgotten_with_the_cycle() -> None:
    readings = Readings()
    for seconds, used, resets_s in [
        (0, 40, 9000),
        (60, 0, 9000),
        (120, 40, 9000),
        (9100, 2, 27_100),
        (9160, 40, 27_100),
        (9220, 1, 27_100),
    ]:
        readings.accept(reading(seconds, window(used, resets_s)), None)
    assert readings.accept(reading(9280, window(1, 27_100)), None).verdict is C


def test_each_window_is_judged_for_itself() -> None:
    week = window(7, 500_000, WEEK)
    readings = Readings()
    readings.accept(reading(0, window(40, 9000), week), None)
    readings.accept(reading(60, window(0, 9000), replace(week, used_percent_reported=8)), None)
    judged = readings.accept(
        reading(75, window(41, 9000), replace(week, used_percent_reported=1)), None
    )
    assert judged.verdict is D
    assert judged.snapshot is not None
    assert judged.snapshot.doubts == (Doubt.FELL,)  # of the weekly one now
    assert (
        readings.accept(
            reading(90, window(41, 9000), replace(week, used_percent_reported=8)), None
        ).verdict
        is A
    )


def test_a_window_missing_from_a_reply_is_compared_with_what_it_was_before() -> None:
    """CodexBar's fact 32: a missing window clears no memory."""
    week = window(7, 500_000, WEEK)
    assert verdicts(
        reading(0, window(40, 9000), week),
        reading(60, week),
        reading(120, window(0, 9000), week),
    ) == [A, A, D]


def test_a_doubt_goes_with_its_window() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    readings.accept(reading(60, window(0, 9000)), None)
    judged = readings.accept(reading(120, window(7, 500_000, WEEK)), None)
    assert judged.verdict is A
    assert judged.snapshot is not None
    assert not judged.snapshot.is_doubtful


def test_a_length_that_changes_is_another_window() -> None:
    """F-U11: nothing to compare it with."""
    assert verdicts(reading(0, window(40, 9000)), reading(60, window(2, 9000, 3 * 3600))) == [A, A]


def test_ten_thousand_invented_windows_are_not_all_remembered() -> None:
    readings = Readings()
    for n in range(1000):
        readings.accept(reading(60 * n, window(1, 60 * n + 900, 1000 + n)), None)
    assert len(readings._believed) <= 201


# --- a reply that contradicts itself -------------------------------------------------------------


def test_repeated_keys_are_never_believed() -> None:
    """F-U17: shown, not acted upon, and nothing to compare the next one with."""
    odd: dict[str, Any] = {"is_doubtful": True, "doubts": (Doubt.REPEATED_KEYS,)}
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    for seconds in (60, 75):
        judged = readings.accept(reading(seconds, window(90, 9000), **odd), None)
        assert judged.verdict is D
        assert judged.snapshot is not None
        assert judged.snapshot.is_doubtful
    told = reading(80, window(41, 9000), source=Source.ANSWER)
    judged = readings.accept(told, None)
    assert judged.snapshot is not None
    assert judged.snapshot.doubts == (Doubt.REPEATED_KEYS,)  # of the rest of the picture
    assert readings.accept(reading(90, window(41, 9000)), None).verdict is A


# --- windows that have not begun -----------------------------------------------------------------


def sliding(readings: Readings, told: UsageSnapshot) -> list[bool]:
    judged = readings.accept(told, None)
    assert judged.snapshot is not None
    assert judged.verdict is not D
    return [one.is_sliding for one in judged.snapshot.windows]


def test_a_window_that_moves_on_with_the_clock_has_not_begun() -> None:
    """Peers facts 5 and 12: 1 % used, and the reset is always a whole length ahead."""
    readings = Readings()
    assert sliding(readings, reading(0, window(1, SESSION))) == [False]  # it takes two
    assert sliding(readings, reading(5, window(1, SESSION + 5))) == [False]  # too close to tell
    assert sliding(readings, reading(60, window(1, SESSION + 60))) == [True]
    assert sliding(readings, reading(4000, window(1, SESSION + 4001))) == [True]
    assert sliding(readings, reading(4003, window(1, SESSION + 4003))) == [True]
    # the first use: from now on it has a reset
    assert sliding(readings, reading(4100, window(2, SESSION + 4090))) == [False]
    assert sliding(readings, reading(4200, window(3, SESSION + 4090))) == [False]


def test_one_reading_may_say_so_itself() -> None:
    readings = Readings()
    assert sliding(readings, reading(0, window(0, SESSION, is_sliding=True))) == [True]
    assert sliding(readings, reading(900, window(0, SESSION + 900, is_sliding=True))) == [True]
    assert sliding(readings, reading(1900, window(30, SESSION + 1000))) == [False]


@pytest.mark.parametrize(
    "later", [window(1, SESSION), window(1, None), window(1, 60, None), window(None, SESSION + 60)]
)
def test_a_window_with_a_fixed_reset_does_not_slide(later: RateLimitWindow) -> None:
    readings = Readings()
    readings.accept(reading(0, window(1, SESSION)), None)
    assert sliding(readings, reading(60, later)) == [False]


def test_a_running_cycle_that_seems_not_begun_is_doubted() -> None:
    """Peers facts 5 and 7 together."""
    idle = window(0, SESSION + 60, is_sliding=True)
    assert verdicts(reading(0, window(40, 9000)), reading(60, idle)) == [A, D]
    assert verdicts(reading(0, window(40, None)), reading(60, idle)) == [A, D]


# --- whose, and when -----------------------------------------------------------------------------


def test_a_reply_of_another_account_changes_nothing() -> None:
    """F-U24."""
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), ANN)
    judged = readings.accept(reading(60, window(5, 9000), account_id="other"), ANN)
    assert (judged.verdict, judged.is_news) == (Verdict.OTHER_ACCOUNT, False)
    assert judged.snapshot is readings.known
    assert readings.known is not None
    assert readings.known.windows[0].used_percent == 40


def test_the_same_reply_twice_is_one() -> None:
    """F-U25: out of a cache. A second reply with the same words is none."""
    told = reading(0, window(40, 9000))
    assert verdicts(told, replace(told, fetched_at=at(60))) == [A, Verdict.REPEATED]
    assert verdicts(told, reading(60, window(40, 9000))) == [A, A]
    assert verdicts(told, reading(0, window(41, 9000))) == [A, A]
    unsigned = replace(told, served_at=None)
    assert verdicts(unsigned, unsigned) == [A, A]


def test_a_repeated_reply_confirms_nothing() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    low = reading(60, window(0, 9000))
    readings.accept(low, None)
    again = readings.accept(replace(low, fetched_at=at(75)), None)
    assert again.verdict is Verdict.REPEATED
    assert again.snapshot is not None
    assert again.snapshot.is_doubtful


def test_a_reply_written_before_the_last_one_is_left_out() -> None:
    """F-U25."""
    assert verdicts(reading(60, window(40, 9000)), reading(0, window(30, 9000))) == [
        A,
        Verdict.OLDER,
    ]
    assert Readings().accept(reading(0), None).verdict is A


@pytest.mark.parametrize(
    ("told", "expected", "same"),
    [
        (("", ""), ("a", "u"), True),
        (("a", "u"), ("a", "u"), True),
        (("a", ""), ("a", "u"), True),
        (("a", "u"), ("a", ""), True),
        (("a", "u"), ("", ""), True),
        (("b", "u"), ("a", "u"), False),  # another workspace of the same user
        (("b", ""), ("a", ""), False),
        (("a", "v"), ("a", "u"), False),
        (("", "v"), ("a", "u"), False),
        (("user-u", "user-u"), ("a", "user-u"), True),  # a personal account
        (("user-u", ""), ("a", "user-u"), True),
        (("user-u", "user-u"), ("a", ""), True),
        (("user-v", ""), ("a", "user-u"), False),
        (("user-v", ""), ("a", ""), False),
    ],
)
def test_accounts(told: tuple[str, str], expected: tuple[str, str], same: bool) -> None:
    """F-U24."""
    snapshot = UsageSnapshot(START, account_id=told[0], user_id=told[1])
    assert belongs_to(snapshot, Account(expected[0], expected[1])) is same
    assert belongs_to(snapshot, None)


@pytest.mark.parametrize(
    ("last_s", "new_s", "older"),
    [
        (0, 60, False),
        (0, 0, False),
        (60, 58, False),
        (60, 57, True),
        (None, 0, False),
        (0, None, False),
    ],
)
def test_replies_a_proxy_kept(last_s: float | None, new_s: float | None, older: bool) -> None:
    """F-U25: by the server's `Date`, whatever our clock did in between."""

    def served(seconds: float | None) -> UsageSnapshot:
        return UsageSnapshot(START, served_at=None if seconds is None else at(seconds))

    assert is_older(served(new_s), served(last_s)) is older
    assert not is_older(served(new_s), None)


# --- answers -------------------------------------------------------------------------------------


def answer(seconds: float, *windows: RateLimitWindow, **changes: Any) -> UsageSnapshot:
    return reading(seconds, *windows, source=Source.ANSWER, **changes)


def test_an_answer_moves_what_a_poll_told() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000), window(7, 500_000, WEEK)), None)
    judged = readings.accept(answer(30, window(44.5, 9000)), None)
    assert judged.verdict is A
    assert judged.snapshot is not None
    assert [w.used_percent for w in judged.snapshot.windows] == [44.5, 7]
    assert judged.snapshot.source is Source.ANSWER


def test_an_answer_older_than_the_poll_is_left_out() -> None:
    readings = Readings()
    readings.accept(reading(60, window(40, 9000)), None)
    assert readings.accept(answer(30, window(35, 9000)), None).verdict is Verdict.OLDER
    assert readings.accept(answer(59, window(41, 9000)), None).verdict is A


def test_an_answer_that_tells_credits_alone_is_news() -> None:
    assert Readings().accept(answer(0, limits=()), None).verdict is A


def test_an_answer_is_doubted_and_confirmed_as_a_poll_is() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000), window(7, 500_000, WEEK)), None)
    assert readings.accept(answer(30, window(0, 9000)), None).verdict is D
    # the weekly one alone says nothing about the other
    judged = readings.accept(answer(60, window(8, 500_000, WEEK)), None)
    assert judged.verdict is D
    assert judged.snapshot is not None
    assert judged.snapshot.is_doubtful
    later = reading(75, window(1, 9000), window(8, 500_000, WEEK))
    assert readings.accept(later, None).verdict is C


def test_a_poll_that_has_not_heard_of_the_answer_does_not_undo_it() -> None:
    """Peers facts 10 and 11: the endpoint lags; a drop that was none is not even doubted."""
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    readings.accept(answer(30, window(46, 9000)), None)
    judged = readings.accept(reading(31, window(40, 9001), plan="pro"), None)
    assert judged.verdict is A
    assert judged.snapshot is not None
    assert judged.snapshot.windows[0].used_percent == 46
    assert (judged.snapshot.plan, judged.snapshot.fetched_at) == ("pro", at(31))
    judged = readings.accept(reading(91, window(47, 9000)), None)
    assert judged.verdict is A
    assert judged.snapshot is not None
    assert judged.snapshot.windows[0].used_percent == 47


def test_a_poll_that_never_hears_of_the_answer_is_doubted_then_believed() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    readings.accept(answer(30, window(46, 9000)), None)
    polls = [reading(seconds, window(40, 9000)) for seconds in (60, 120, 180, 195)]
    assert [readings.accept(one, None).verdict for one in polls] == [A, A, D, C]


def test_a_poll_that_says_the_limit_is_reached_lags_in_nothing() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    readings.accept(answer(30, window(46, 9000)), None)
    judged = readings.accept(reading(60, window(40, 9000), reached=True), None)
    assert judged.snapshot is not None
    assert judged.snapshot.is_exhausted


def test_a_poll_older_than_an_answer_keeps_the_answers_windows() -> None:
    readings = Readings()
    readings.accept(reading(0, window(40, 9000)), None)
    readings.accept(answer(30, window(50, 9000)), None)
    judged = readings.accept(reading(20, window(45, 9000), plan="pro"), None)
    assert judged.verdict is A
    assert judged.snapshot is not None
    assert judged.snapshot.plan == "pro"
    assert judged.snapshot.windows[0].used_percent == 50


# --- hostile series ------------------------------------------------------------------------------

steps = st.tuples(
    st.floats(2, 5000),  # seconds since the one before
    st.one_of(st.none(), st.floats(-5, 130)),
    st.one_of(st.none(), st.floats(-90_000, 90_000)),
    st.sampled_from(Source),
    st.sampled_from([None, True, False]),
)


@settings(max_examples=200)
@given(st.lists(steps, max_size=25))
def test_whatever_comes_nothing_is_believed_that_contradicts_what_was(series: list[Any]) -> None:
    """Peers facts 6 to 8: never a fall inside a cycle without two readings that say so."""
    readings = Readings()
    seconds, lows = 0.0, 0
    last: RateLimitWindow | None = None
    for step, used, resets_s, source, reached in series:
        seconds += step
        resets = None if resets_s is None else resets_s
        told = reading(seconds, window(used, resets), reached=reached, source=source)
        judged = readings.accept(told, None)
        assert judged.snapshot is not None
        (shown,) = judged.snapshot.windows
        assert judged.snapshot.is_doubtful is (judged.verdict is D)
        lows = 0 if judged.verdict is A else lows + 1
        if judged.verdict is C:
            assert lows >= 2
        if judged.verdict is A and last is not None and reached is not True:
            same = last.resets_at is not None and last.resets_at == shown.resets_at
            fell = (shown.used_percent or 0.0) < (last.used_percent or 0.0) - 1
            assert not (same and fell and shown.used_percent is not None)
        if judged.verdict is not D and used is not None:
            last = shown
