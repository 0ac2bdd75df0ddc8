"""What a poll and a chat answer tell becomes one picture; the newer one wins, limit by limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.usage.limits import (
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    ResetCredit,
    Source,
    SpendControl,
    UsageSnapshot,
)
from app.usage.merging import is_newer, limit_like, merged, place_of

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SESSION, WEEK = 18_000, 604_800


def window(used: float | None, seconds: int | None = SESSION, **changes: Any) -> RateLimitWindow:
    values = {"resets_at": NOW + timedelta(hours=2), **changes}
    return RateLimitWindow("codex", used, seconds, **values)


def limit(*windows: RateLimitWindow, limit_id: str = "codex", **changes: Any) -> RateLimit:
    return RateLimit(limit_id, windows, **changes)


def told(source: Source, after_s: float, *limits: RateLimit, **changes: Any) -> UsageSnapshot:
    moment = NOW + timedelta(seconds=after_s)
    stamped = tuple(replace(one, as_of=moment, source=source) for one in limits)
    values = {"limits": stamped, "served_at": moment, **changes}
    return UsageSnapshot(moment, source=source, **values)


def poll(after_s: float, *limits: RateLimit, **changes: Any) -> UsageSnapshot:
    return told(Source.POLL, after_s, *limits, **changes)


def answer(after_s: float, *limits: RateLimit, **changes: Any) -> UsageSnapshot:
    return told(Source.ANSWER, after_s, *limits, **changes)


def used(snapshot: UsageSnapshot) -> list[float | None]:
    return [one.used_percent for one in snapshot.windows]


# --- an answer into what a poll told -------------------------------------------------------------


def test_the_first_reading_is_all_there_is() -> None:
    first = answer(0, limit(window(5)))
    assert merged(None, first) is first


def test_an_answer_erases_nothing_that_only_a_poll_tells() -> None:
    before = poll(
        0,
        limit(window(40), window(7, WEEK), allowed=True, limit_reached=False),
        limit(window(8, WEEK), limit_id="code_review"),
        plan="plus",
        credits=Credits(True, False, Decimal(12), (90, 130), (20, 30), False),
        spend_control=SpendControl(False),
        reset_credits=2,
        reset_credit_list=(ResetCredit("a"),),
        account_id="acc",
        user_id="u",
        email="ann@example.com",
        unread=("x",),
        unknown=("y",),
        kept=(("promo", "{}"),),
        clock_offset_s=-7.0,
    )
    after = merged(
        before,
        answer(
            30,
            limit(window(44.5)),
            credits=Credits(True, False, Decimal("9.99")),
            clock_offset_s=-8.0,
        ),
    )
    assert used(after) == [44.5, 7, 8]
    assert [one.source for one in after.limits] == [Source.ANSWER, Source.POLL]
    assert [one.as_of for one in after.limits] == [NOW + timedelta(seconds=30), NOW]
    assert after.credits == Credits(True, False, Decimal("9.99"), (90, 130), (20, 30), False)
    assert (after.limits[0].allowed, after.limits[0].limit_reached) == (True, False)
    assert (after.fetched_at, after.source) == (NOW + timedelta(seconds=30), Source.ANSWER)
    assert after.clock_offset_s == -8.0
    for kept in (
        "plan",
        "spend_control",
        "reset_credits",
        "reset_credit_list",
        "account_id",
        "user_id",
        "email",
        "unread",
        "unknown",
        "kept",
    ):
        assert getattr(after, kept) == getattr(before, kept)


def test_an_answer_without_a_date_keeps_the_known_offset() -> None:
    before = poll(0, limit(window(40)), clock_offset_s=-7.0)
    assert merged(before, answer(30, limit(window(41)), served_at=None)).clock_offset_s == -7.0


def test_an_answer_about_another_limit_does_not_make_the_plans_numbers_younger() -> None:
    before = poll(0, limit(window(40)), limit(window(8), limit_id="spark"))
    after = merged(before, answer(30, limit(window(9), limit_id="spark"), clock_offset_s=-8.0))
    assert used(after) == [40, 9]
    assert (after.fetched_at, after.source, after.served_at) == (NOW, Source.POLL, NOW)
    assert after.clock_offset_s == -8.0
    assert after.limits[1].source is Source.ANSWER


def test_words_of_an_answer_join_those_kept_for_diagnostics() -> None:
    before = poll(0, limit(window(40)), kept=(("promo", "1"), ("model_usage", "2")))
    after = merged(before, answer(30, limit(window(41)), kept=(("promo", "3"),)))
    assert after.kept == (("promo", "3"), ("model_usage", "2"))


def test_an_answer_may_tell_the_plan_and_why_it_refuses() -> None:
    before = poll(0, limit(window(40)), plan="plus", reached_type="")
    after = merged(before, answer(30, plan="pro", reached_type="rate_limit_reached"))
    assert (after.plan, after.reached_type) == ("pro", "rate_limit_reached")
    assert used(after) == [40]


def test_windows_are_told_apart_by_length_not_by_slot() -> None:
    """An answer that tells the weekly window first."""
    before = poll(0, limit(window(40), window(7, WEEK)))
    after = merged(before, answer(30, limit(window(9, WEEK))))
    assert used(after) == [40, 9]


def test_minutes_are_rounded_up_by_the_service() -> None:
    before = poll(0, limit(window(40, 90)))
    after = merged(before, answer(30, limit(window(50, 120))))
    assert [(w.window_id, w.used_percent) for w in after.windows] == [("codex/90", 50)]


def test_a_window_the_poll_did_not_have_is_added_in_its_place() -> None:
    before = poll(0, limit(window(7, WEEK), name="Main"))
    after = merged(before, answer(30, limit(window(40))))
    assert [w.window_id for w in after.windows] == ["codex/18000", "codex/604800"]
    assert after.windows[0].limit_name == "Main"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([window(40)], [12]),  # there is only one it can be
        ([window(40), window(7, WEEK)], [40, 7]),  # nobody knows which
        ([], [12]),
    ],
)
def test_a_window_without_a_length(known: list[RateLimitWindow], expected: list[float]) -> None:
    after = merged(poll(0, limit(*known)), answer(30, limit(window(12, None))))
    assert used(after) == expected


def test_a_window_without_a_reset_keeps_the_one_it_had() -> None:
    before = poll(0, limit(window(40, is_sliding=True)))
    after = merged(before, answer(30, limit(window(41, resets_at=None))))
    (found,) = after.windows
    assert (found.resets_at, found.is_sliding) == (NOW + timedelta(hours=2), True)
    after = merged(before, answer(30, limit(window(41))))
    assert not after.windows[0].is_sliding


@pytest.mark.parametrize(
    ("now", "flags"),
    [
        (window(41), (True, False)),
        (window(100), (None, None)),  # "allowed" was said of another number
        (window(10), (None, None)),
        (window(2, resets_at=NOW + timedelta(hours=7)), (None, None)),
    ],
)
def test_flags_hold_as_long_as_the_numbers_they_came_with(
    now: RateLimitWindow, flags: tuple[bool | None, bool | None]
) -> None:
    before = poll(0, limit(window(40), allowed=True, limit_reached=False))
    (found,) = merged(before, answer(30, limit(now))).limits
    assert (found.allowed, found.limit_reached) == flags


@pytest.mark.parametrize(
    ("used", "told", "kept"),
    [
        (3, (False, True), (None, None)),  # of the window that was missing
        (100, (True, False), (None, None)),
        (3, (True, False), (True, False)),
    ],
)
def test_flags_may_have_spoken_of_a_window_that_was_missing(
    used: float, told: tuple[bool, bool], kept: tuple[bool | None, bool | None]
) -> None:
    """Figure 18, found in a full run: what an answer says of it tells for itself."""
    before = poll(0, limit(window(40, seconds=WEEK), allowed=told[0], limit_reached=told[1]))
    (found,) = merged(before, answer(30, limit(window(used), window(40, seconds=WEEK)))).limits
    assert (found.allowed, found.limit_reached) == kept


def test_flags_that_an_answer_tells_win() -> None:
    before = poll(0, limit(window(40), allowed=True, limit_reached=False))
    (found,) = merged(before, answer(30, limit(limit_reached=True))).limits
    assert (found.allowed, found.limit_reached, len(found.windows)) == (None, True, 1)


def test_headers_cannot_tell_a_hyphen_from_an_underscore() -> None:
    before = poll(0, limit(window(3), limit_id="gpt-reserve", name="Reserve"))
    after = merged(before, answer(30, limit(window(4), limit_id="gpt_reserve")))
    (found,) = after.limits
    assert (found.limit_id, found.name, found.windows[0].used_percent) == (
        "gpt-reserve",
        "Reserve",
        4,
    )


def test_a_limit_that_only_answers_tell_of_comes_last_and_stays() -> None:
    extra = limit(window(88), limit_id="extra", name="Extra")
    before = merged(poll(0, limit(window(40))), answer(30, extra, limit(window(41))))
    assert [one.limit_id for one in before.limits] == ["codex", "extra"]
    after = merged(before, poll(60, limit(window(42))))
    assert [one.limit_id for one in after.limits] == ["codex", "extra"]
    over = merged(before, poll(3 * 3600, limit(window(42))))
    assert [one.limit_id for one in over.limits] == ["codex"]


def test_a_limit_that_the_poll_no_longer_tells_is_gone() -> None:
    extra = limit(window(88), limit_id="extra")
    after = merged(poll(0, limit(window(40)), extra), poll(60, limit(window(42))))
    assert [one.limit_id for one in after.limits] == ["codex"]


def test_the_main_limit_stays_first() -> None:
    before = poll(0, limit(window(8), limit_id="extra"))
    after = merged(before, answer(30, limit(window(41))))
    assert [one.limit_id for one in after.limits] == ["codex", "extra"]


def test_doubts_are_those_of_the_newer_reading() -> None:
    before = poll(0, limit(window(40)), is_doubtful=True, doubts=(Doubt.FELL,))
    after = merged(before, answer(30, limit(window(41))))
    assert (after.is_doubtful, after.doubts) == (False, ())


# --- the newer wins ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known_s", "told_s", "newer"),
    [(0, 30, True), (30, 30, True), (31, 30, True), (33, 30, False), (None, 30, True)],
)
def test_newer_by_the_services_clock(known_s: float | None, told_s: float, newer: bool) -> None:
    """`Date` counts whole seconds, so two seconds are the same moment."""
    known = limit(as_of=None if known_s is None else NOW + timedelta(seconds=known_s))
    assert is_newer(limit(as_of=NOW + timedelta(seconds=told_s)), known) is newer
    assert is_newer(limit(), known)
    assert is_newer(limit(), None)


def test_a_poll_out_of_a_cache_does_not_undo_an_answer() -> None:
    before = merged(poll(0, limit(window(40))), answer(60, limit(window(50))))
    after = merged(before, poll(30, limit(window(45)), plan="pro"))
    assert (used(after), after.plan) == ([50], "pro")


def test_an_answer_older_than_the_poll_changes_no_limit() -> None:
    before = poll(60, limit(window(40)))
    assert used(merged(before, answer(30, limit(window(35))))) == [40]


# --- two windows of one length -------------------------------------------------------------------


def weekly(used_percent: float, days: float, twin: int) -> RateLimitWindow:
    return window(used_percent, WEEK, resets_at=NOW + timedelta(days=days), twin=twin)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([weekly(11, 1, 1), weekly(51, 4, 2)], {1: 11, 2: 51}),
        # the first one was reset, so that it ends last now: it is still the first one
        ([weekly(51, 4, 1), weekly(0, 8, 2)], {1: 0, 2: 51}),
        # both were reset
        ([weekly(0, 8, 1), weekly(1, 11, 2)], {1: 0, 2: 1}),
    ],
)
def test_two_weekly_windows_keep_their_numbers(
    later: list[RateLimitWindow], expected: dict[int, float]
) -> None:
    """F-U11: series never change places."""
    before = poll(0, limit(weekly(10, 1, 1), weekly(50, 4, 2)))
    after = merged(before, poll(60, limit(*later)))
    assert {w.twin: w.used_percent for w in after.windows} == expected


def test_a_second_weekly_window_that_is_new_takes_the_free_number() -> None:
    after = merged(
        poll(0, limit(weekly(10, 1, 1))), poll(60, limit(weekly(11, 1, 1), weekly(2, 4, 2)))
    )
    assert {w.twin: w.used_percent for w in after.windows} == {1: 11, 2: 2}


def test_an_answer_finds_the_right_one_of_two_by_its_reset() -> None:
    known = [weekly(10, 1, 1), weekly(50, 4, 2)]
    assert place_of(weekly(51, 4, 1), known) == 1
    assert place_of(weekly(51, 6, 2), known) == 1  # neither reset fits: by number
    assert place_of(window(1, 60), known) is None


def test_limit_like_ignores_case_and_hyphens() -> None:
    known = (limit(limit_id="GPT-Reserve"),)
    assert limit_like("gpt_reserve", known) is known[0]
    assert limit_like("codex", known) is None
    assert limit_like("codex", ()) is None


def test_what_a_poll_tells_of_credits_is_all_there_is() -> None:
    bought = Credits(True)
    assert merged(poll(0, credits=bought), poll(60)).credits is None
    assert merged(poll(0), answer(60, credits=bought)).credits == bought
    assert merged(poll(0, credits=bought), answer(60)).credits == bought
    kept = merged(poll(0, credits=Credits(True, balance=Decimal(5))), answer(60, credits=bought))
    assert kept.credits == Credits(True, balance=Decimal(5))
