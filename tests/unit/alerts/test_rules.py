"""Which warnings a person gets, reading by reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from unit.alerts.conftest import KEY, SESSION, START, WEEK, Person

from app.alerts.alert import AlertKind, Urgency
from app.alerts.memory import HOUR_S, MOST_WINDOWS, Memory, forgotten, snoozed, still_holds
from app.alerts.rules import due_alerts, lost_memory
from app.settings import Settings, from_mapping
from app.usage.limits import Credits, RateLimit, RateLimitWindow, ResetCredit, UsageSnapshot


def test_each_threshold_once_in_its_cycle(person: Person) -> None:
    assert person.sees(60) == []
    assert person.sees(75) == ["session threshold 75"]
    assert person.sees(79) == []
    assert person.sees(81) == []  # T-57: around 80 nothing happens
    assert person.sees(79) == []
    assert person.sees(90) == ["session threshold 90"]
    assert person.sees(89) == []
    assert person.sees(91) == []


def test_only_the_highest_threshold_is_told(person: Person) -> None:
    assert person.sees(92) == ["session threshold 90"]
    assert person.sees(80) == []


def test_a_first_reading_of_eighty_percent_is_told_once(person: Person) -> None:
    """After a fresh installation, from the second reading on (F-U22)."""
    assert person.reads(person.limit(80)) == []
    assert person.reads(person.limit(80)) == ["session threshold 75"]
    assert person.reads(person.limit(80)) == []


def test_nothing_is_rounded_up(person: Person) -> None:
    """Peers fact 12."""
    assert person.sees(74.99) == []
    assert person.sees(0.9) == []
    assert person.sees(74.999999) == []


def test_a_new_cycle_warns_anew(person: Person) -> None:
    assert person.sees(76) == ["session threshold 75"]
    person.session_over()
    assert person.sees(2) == []
    assert person.sees(20) == []
    assert person.sees(40) == []
    assert person.sees(58) == []
    assert person.sees(76) == ["session threshold 75"]


def test_a_new_cycle_after_a_week_away_warns_at_the_same_percent(person: Person) -> None:
    assert person.sees(10, 80) == ["week threshold 75"]
    person.now += timedelta(days=7)
    person.week_resets = START + timedelta(days=10)
    person.session_resets = person.now + timedelta(hours=4)
    assert person.sees(10, 80) == ["week threshold 75"]


@pytest.mark.parametrize("jitter_s", [-290, -5, 5, 290])
def test_a_jittering_reset_is_the_same_cycle(person: Person, jitter_s: float) -> None:
    """Peers fact 32."""
    assert person.sees(76) == ["session threshold 75"]
    assert person.session_resets is not None
    person.session_resets += timedelta(seconds=jitter_s)
    assert person.sees(78) == []
    person.session_resets -= timedelta(seconds=jitter_s)
    assert person.sees(80) == []


def test_zeros_come_and_go(person: Person) -> None:
    """Peers fact 7: the reset time is the same, so it is no reset."""
    assert person.sees(76) == ["session threshold 75"]
    assert person.sees(0) == []
    assert person.sees(76) == []


def test_a_reset_before_its_time_needs_two_readings(person: Person) -> None:
    """Peers fact 8: somebody redeemed a reset."""
    assert person.sees(76) == ["session threshold 75"]
    person.session_resets = person.now + timedelta(hours=5)
    assert person.reads(person.limit(1), after=0) == []
    assert person.reads(person.limit(1)) == []  # the same reading
    assert person.window().told_percent == 75
    assert person.reads(person.limit(1)) == []
    assert person.window().told_percent == 0


def test_a_reset_that_stays_another_is_followed_without_a_new_cycle(person: Person) -> None:
    """Peers fact 6."""
    assert person.sees(76) == ["session threshold 75"]
    person.session_resets = START + timedelta(hours=2)
    person.sees(78)
    assert person.window().boundary == int(person.session_resets.timestamp())
    assert person.window().told_percent == 75
    person.session_resets = START + timedelta(hours=4)
    person.reads(person.limit(79))
    person.session_resets = START + timedelta(hours=2)
    person.reads(person.limit(80))
    assert person.window().moved_to == 0


def test_a_window_without_a_reset_time(person: Person) -> None:
    """It is the same cycle for as long as it is long, and until its use has fallen."""
    person.session_resets = None
    assert person.sees(76) == ["session threshold 75"]
    person.now += timedelta(hours=6)
    assert person.sees(78) == []
    assert person.sees(1) == []
    assert person.window().told_percent == 0


def test_a_reset_time_that_comes_later_begins_nothing(person: Person) -> None:
    person.session_resets = None
    assert person.sees(76) == ["session threshold 75"]
    person.session_resets = person.now + timedelta(hours=3)
    assert person.sees(78) == []
    assert person.window().boundary == int(person.session_resets.timestamp())


def test_after_the_reset_a_reading_without_a_time_is_not_acted_upon(person: Person) -> None:
    assert person.sees(60) == []
    person.now += timedelta(hours=5)
    person.session_resets = None
    assert person.sees(76) == []


def test_a_reset_beyond_the_windows_length_is_not_waited_for(person: Person) -> None:
    person.session_resets = START + timedelta(days=3000)
    assert person.sees(76) == ["session threshold 75"]
    person.session_resets = START + timedelta(hours=1)
    person.sees(76)
    person.session_over()
    person.sees(2)
    assert person.window().told_percent == 0


def test_an_unreadable_window_is_left_alone(person: Person) -> None:
    """F-U03: the other one warns."""
    assert person.sees(None, 76) == ["week threshold 75"]
    assert person.sees(60, 76) == []
    assert person.sees(None, 76) == []
    assert person.window().used == 6000


def test_a_window_that_has_not_begun_says_nothing(person: Person) -> None:
    """Peers fact 5; and with it the old cycle is over."""

    def waiting() -> RateLimit:
        limit = person.limit(0)
        session = replace(limit.windows[0], is_sliding=True)
        return replace(limit, windows=(session, limit.windows[1]))

    assert person.reads(waiting()) == []
    assert f"codex/{SESSION}" not in person.memory.accounts[KEY].windows
    assert person.sees(76) == ["session threshold 75"]
    person.reads(waiting(), after=0)
    person.reads(waiting())
    person.reads(waiting())
    person.session_resets = person.now + timedelta(hours=5)
    assert person.sees(70) == []
    assert person.sees(76) == ["session threshold 75"]


@pytest.mark.parametrize(
    "fields", [{"is_doubtful": True}, {"clock_offset_s": 0.0, "fetched_at": START}]
)
def test_doubtful_and_old_data_change_nothing(person: Person, fields: dict[str, object]) -> None:
    """Figure 18."""
    person.sees(60)
    person.now += timedelta(hours=1)
    before = person.memory.accounts[KEY].windows
    snapshot = UsageSnapshot(person.now, limits=(person.limit(95),), served_at=person.now)
    assert person.looks(replace(snapshot, **fields)) == []  # type: ignore[arg-type]
    assert person.memory.accounts[KEY].windows == before


def test_a_limit_that_an_answer_did_not_speak_of_is_not_judged_anew(person: Person) -> None:
    person.reaches_them = False
    assert person.sees(76) == ["session threshold 75"]
    old = replace(person.limit(76), as_of=person.now)
    person.now += timedelta(hours=1)
    assert person.reads(old) == []


def test_what_was_not_delivered_stays_due(person: Person) -> None:
    person.reaches_them = False
    assert person.sees(76) == ["session threshold 75"]
    assert person.sees(91) == ["session threshold 90", "session threshold 90"]
    person.reaches_them = True
    assert person.sees(91) == ["session threshold 90"]


def test_a_limit_that_is_reached_and_comes_back(person: Person) -> None:
    assert person.reads(person.limit(100, limit_reached=True)) == ["session exhausted"]
    assert person.sees(100, limit_reached=True) == []
    assert person.last == ()
    person.session_over()
    assert person.reads(person.limit(0, limit_reached=False, allowed=True)) == []
    told = person.reads(person.limit(0, limit_reached=False, allowed=True))
    assert told == ["session available"]
    assert person.sees(1, limit_reached=False, allowed=True) == []


def test_by_percent_alone_a_limit_is_reached_at_the_second_reading(person: Person) -> None:
    """F-U22."""
    assert person.sees(85) == ["session threshold 75"]
    assert person.reads(person.limit(100), after=0) == ["session threshold 90"]
    assert person.reads(person.limit(100)) == []  # the same reading
    assert person.reads(person.limit(100)) == ["session exhausted"]


def test_a_hundred_percent_that_is_allowed_is_not_reached(person: Person) -> None:
    """F-U23: credits go on."""
    assert person.sees(100, allowed=True, limit_reached=False) == ["session threshold 90"]


def test_the_flags_speak_of_the_fullest_window(person: Person) -> None:
    """F-U23."""
    assert person.sees(3, 40, allowed=False) == ["week exhausted"]
    assert person.sees(3, 58) == ["week available"]
    assert person.sees(3, 76) == ["week threshold 75"]  # it was not full itself


def test_a_limit_without_windows_is_not_told(person: Person) -> None:
    assert person.reads(RateLimit("codex", limit_reached=True, as_of=person.now)) == []
    assert person.reads(RateLimit("codex", as_of=person.now)) == []


def test_a_blocked_window_without_a_number_is_not_told(person: Person) -> None:
    windows = (RateLimitWindow("codex", None, SESSION, None),)
    limit = RateLimit("codex", windows, limit_reached=True, as_of=person.now)
    assert person.reads(limit) == []


def test_both_full_and_no_reset_known_the_longer_one_is_told(person: Person) -> None:
    """Figure 18, found in a full run: the shorter one's reset would have opened nothing."""
    person.session_resets = person.week_resets = None
    told = person.sees(100, 100)

    assert [one for one in told if "exhausted" in one] == ["week exhausted"]


def test_blocked_by_the_weekly_limit(person: Person) -> None:
    """Peers fact 9: a session that resets opens nothing."""
    assert person.sees(100, 100, limit_reached=True) == ["week exhausted"]
    person.session_over()
    assert person.sees(0, 100, limit_reached=True) == []
    person.now += timedelta(days=3)
    person.session_resets = person.now + timedelta(hours=5)
    person.week_resets = person.now + timedelta(days=7)
    assert person.sees(0, 0) == ["week available"]


def test_a_reply_without_the_full_window_opens_nothing(person: Person) -> None:
    assert person.sees(100) == ["session exhausted"]
    rest = person.limit(100)
    week_only = replace(rest, windows=rest.windows[1:])
    assert person.reads(week_only) == []
    assert person.reads(replace(week_only, as_of=person.now)) == []
    assert not still_blocked_is_free(person)


def test_the_flags_may_speak_of_a_missing_window(person: Person) -> None:
    assert person.sees(95) == ["session threshold 90"]
    rest = person.limit(100, limit_reached=True)
    assert person.reads(replace(rest, windows=rest.windows[1:])) == []


def still_blocked_is_free(person: Person) -> bool:
    return person.memory.accounts[KEY].limits["codex"].free > 0


def test_what_opened_long_ago_or_is_filling_again_is_no_news(person: Person) -> None:
    assert person.sees(100) == ["session exhausted"]
    person.now += timedelta(days=5)
    person.session_resets = person.now + timedelta(hours=5)
    assert person.sees(1) == []
    assert person.sees(100) == ["session exhausted"]
    person.session_resets = person.now + timedelta(hours=5)
    assert person.sees(80) == []


def test_it_will_run_out_early_once_and_never_at_the_beginning(person: Person) -> None:
    person.settings = Settings()
    person.session_resets = START + timedelta(hours=5)
    assert person.sees(15) == []  # of five hours, two minutes are gone
    person.now = START + timedelta(minutes=30)
    assert person.sees(30) == []  # it has to stay so
    person.now += timedelta(minutes=10)
    assert person.sees(40) == ["session runs_out"]
    assert person.last == ()
    assert person.sees(45) == []


def test_around_even_use_nothing_runs_out(person: Person) -> None:
    """Hysteresis: what swings around even use is neither."""
    person.settings = Settings()
    person.session_resets = START + timedelta(hours=2)
    assert person.sees(62) == []
    person.now += timedelta(minutes=10)
    assert person.sees(64) == []
    assert person.window().over_since is None
    person.sees(74)
    person.sees(74)
    over_since = person.window().over_since
    assert over_since is not None
    person.now += timedelta(minutes=3)
    person.sees(72)  # between the two
    assert person.window().over_since == over_since
    person.sees(50)
    assert person.window().over_since is None


def test_missing_the_reset_by_minutes_is_no_warning(person: Person) -> None:
    person.settings = Settings()
    person.session_resets = START + timedelta(minutes=50)
    assert person.sees(70) == []
    person.sees(74)
    person.now += timedelta(minutes=20)
    person.sees(74)
    assert person.sees(74) == []


def test_a_threshold_says_that_it_runs_out_too(person: Person) -> None:
    person.settings = Settings()
    person.session_resets = START + timedelta(hours=3)
    person.sees(60)
    person.now += timedelta(minutes=6)
    assert person.reads(person.limit(76)) == ["session threshold 75"]
    assert person.last[0].moment is not None
    person.now += timedelta(minutes=6)
    assert person.sees(80) == []  # both were told


def test_snoozed_until_the_reset(person: Person) -> None:
    person.sees(60)
    person.reads(person.limit(76))
    (alert,) = person.last
    person.memory = snoozed(person.memory, [alert])
    assert not still_holds(person.memory, alert, person.now)
    assert person.sees(95, 76) == ["week threshold 75"]
    assert person.sees(100, 76, limit_reached=True) == []
    person.session_over()
    assert person.sees(1, 76) == ["session available"]


def test_a_snooze_of_what_is_over_does_nothing(person: Person) -> None:
    person.sees(60)
    person.reads(person.limit(76))
    (alert,) = person.last
    before = person.memory
    assert snoozed(before, [replace(alert, cycle=1)]) == before
    assert snoozed(before, [replace(alert, kind=AlertKind.AVAILABLE)]) == before
    assert snoozed(before, [replace(alert, account_key="b")]) == before


def test_four_an_hour(person: Person) -> None:
    """T-57."""
    names = [f"feature-{n}" for n in range(8)]
    told = 0
    for name in names:
        window = RateLimitWindow(name, 80, WEEK, START + timedelta(days=3))
        for _reading in range(2):
            limit = RateLimit(name, (window,), as_of=person.now)
            told += len(person.reads(limit))
    assert told == 4
    person.now += timedelta(seconds=HOUR_S)
    limits = [
        RateLimit(
            name, (RateLimitWindow(name, 80, WEEK, START + timedelta(days=3)),), as_of=person.now
        )
        for name in names
    ]
    assert len(person.reads(*limits)) == 4  # the others, in one summary


@pytest.mark.parametrize(
    ("switch", "percent"),
    [("warn_thresholds", 80), ("warn_exhausted", 100), ("warnings", 100), ("warnings", 80)],
)
def test_every_rule_has_its_switch(person: Person, switch: str, percent: float) -> None:
    person.settings, _refused = from_mapping({switch: False})
    told = person.sees(percent) + person.sees(percent)
    assert not [one for one in told if switch == "warnings" or switch[5:14] in one]


def test_switches_of_pace_and_return(person: Person) -> None:
    person.settings = Settings(warn_runs_out=False, warn_available=False)
    person.session_resets = START + timedelta(hours=4)
    person.sees(40)
    person.now += timedelta(minutes=10)
    assert person.sees(45) == []
    assert person.reads(person.limit(100, limit_reached=True)) == ["session exhausted"]
    person.session_over()
    assert person.sees(0) == []


def test_credits_run_low_once_per_purchase(person: Person) -> None:
    def buys(balance: str | None, *, has: bool = True, unlimited: bool = False) -> list[str]:
        amount = None if balance is None else Decimal(balance)
        held = Credits(has, unlimited, amount)
        return [*person.reads(credits=held), *person.reads(credits=held)]

    assert buys("20") == []
    assert buys(None) == []
    assert buys("4.99") == ["credits_low"]
    assert buys("0", has=False) == []
    assert buys("3", unlimited=True) == []
    assert buys("30") == []
    assert buys("1") == ["credits_low"]
    assert person.last == () or person.last[0].urgency is Urgency.NORMAL
    held = Credits(True, balance=Decimal(1))
    snapshot = UsageSnapshot(person.now, credits=held, served_at=person.now)
    person.looks(snapshot, after=0)
    assert person.looks(snapshot) == []


def test_who_never_had_credits_does_not_run_out_of_them(person: Person) -> None:
    for _reading in range(3):
        assert person.reads(credits=Credits(False, balance=Decimal(0))) == []


def test_a_saved_reset_expires(person: Person) -> None:
    def saved(*days: float) -> tuple[ResetCredit, ...]:
        return tuple(ResetCredit(str(d), START + timedelta(days=d)) for d in days)

    assert person.reads(reset_credit_list=saved(5)) == []
    assert person.reads(reset_credit_list=(ResetCredit("x"),)) == []
    assert person.reads(reset_credit_list=saved(2, 2.01, 5)) == ["reset_credit"]
    assert person.last[0].amount == 2
    assert still_holds(person.memory, person.last[0], person.now)
    assert not still_holds(person.memory, person.last[0], START + timedelta(days=3))
    assert person.reads(reset_credit_list=saved(2, 5)) == []
    person.settings = Settings(warn_reset_credit=False)
    assert person.reads(reset_credit_list=saved(1)) == []


def test_signing_in_is_asked_for_once(person: Person) -> None:
    assert person.looks(None, needs_sign_in=True) == ["sign_in"]
    assert still_holds(person.memory, person.last[0], person.now)
    assert person.looks(None, needs_sign_in=True) == []
    assert person.looks(None, needs_sign_in=None) == []
    assert person.looks(None, needs_sign_in=True) == []
    assert person.looks(None, needs_sign_in=False) == []
    person.settings = Settings(warn_sign_in=False)
    assert person.looks(None, needs_sign_in=True) == []


def test_nobody_is_warned_of_nobody(person: Person) -> None:
    assert due_alerts(Memory(), None, Settings(), START, "") == ((), Memory())


def test_after_a_lost_memory_nothing_is_told_twice_but_that_a_limit_is_reached() -> None:
    person = Person(memory=lost_memory(START))
    held = Credits(True, balance=Decimal(1))
    saved = (ResetCredit("x", START + timedelta(days=1)),)
    for _reading in range(3):
        limit = person.limit(80)
        assert person.reads(limit, credits=held, reset_credit_list=saved) == []
    assert person.sees(91) == ["session threshold 90"]
    other = Person(memory=lost_memory(START))
    assert other.sees(100) == ["session exhausted"]
    signed_out = Person(memory=lost_memory(START))
    assert signed_out.looks(None, needs_sign_in=True) == []
    much_later = Person(memory=lost_memory(START - timedelta(days=40)))
    assert much_later.sees(80) == ["session threshold 75"]


def test_accounts_do_not_know_of_each_other(person: Person) -> None:
    """WC#203: another account re-arms nothing."""
    assert person.sees(76) == ["session threshold 75"]
    snapshot = UsageSnapshot(person.now, limits=(person.limit(76),), served_at=person.now)
    person.looks(snapshot, key="b" * 16)
    again = replace(snapshot, limits=(replace(snapshot.limits[0], as_of=person.now),))
    assert person.looks(again, key="b" * 16) == ["session threshold 75"]
    assert person.sees(77) == []
    assert set(forgotten(person.memory, KEY).accounts) == {"b" * 16}


def test_the_most_pressing_comes_first(person: Person) -> None:
    person.reaches_them = False
    person.reads(person.limit(10, 80, limit_reached=False))
    window = RateLimitWindow("review", 100, WEEK, START + timedelta(days=3))
    review = RateLimit("review", (window,), limit_reached=True, as_of=person.now)
    told = person.reads(person.limit(10, 80, limit_reached=False), review)
    assert told == ["week exhausted", "week threshold 75"]
    assert [alert.urgency for alert in person.last] == [Urgency.CRITICAL, Urgency.NORMAL]
    assert person.last[0].can_snooze


def test_only_so_many_limits_are_remembered(person: Person) -> None:
    limits = [
        RateLimit(name, (RateLimitWindow(name, 80, WEEK, None),), as_of=person.now)
        for name in (f"feature-{n}" for n in range(MOST_WINDOWS + 5))
    ]
    person.reads(*limits)
    assert len(person.memory.accounts[KEY].windows) == MOST_WINDOWS
    assert len(person.memory.accounts[KEY].limits) == MOST_WINDOWS
