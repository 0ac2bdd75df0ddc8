"""What delivery notes down: given, over, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from unit.alerts.conftest import KEY, START, Person

from app.alerts.alert import Alert, AlertKind, Urgency
from app.alerts.banners import Banner
from app.alerts.memory import (
    MOST_ACCOUNTS,
    AccountMemory,
    Memory,
    essence,
    given,
    recent,
    still_holds,
    with_account,
)
from app.settings import Settings


def test_nothing_given_changes_nothing() -> None:
    assert given(Memory(), (), START) == Memory()


def test_what_cannot_be_marked_still_counts_for_the_hour(person: Person) -> None:
    person.sees(60)
    person.reads(person.limit(76))
    (alert,) = person.last
    of_somebody_else = replace(alert, account_key="b")
    of_another_cycle = replace(alert, cycle=1)
    of_no_limit = Alert(AlertKind.AVAILABLE, KEY, "codex/9")
    of_an_unknown_one = replace(alert, kind=AlertKind.EXHAUSTED, limit=None)
    before = person.memory
    for one in (of_somebody_else, of_another_cycle, of_no_limit):
        after = given(before, [one], START)
        assert after.accounts == before.accounts
        assert len(after.given_at) == len(before.given_at) + 1
    after = given(before, [of_an_unknown_one], START)
    assert after.accounts[KEY].windows["codex/18000"].told_exhausted
    gone = replace(alert, kind=AlertKind.AVAILABLE)
    account = replace(before.accounts[KEY], limits={})
    assert given(Memory({KEY: account}), [gone], START).accounts[KEY].limits == {}


def test_a_clock_set_back_forgives_nothing() -> None:
    """F-M04."""
    memory = given(Memory(), [Alert(AlertKind.SIGN_IN)], START)
    assert recent(memory, START - timedelta(minutes=59)) == memory.given_at
    assert recent(memory, START + timedelta(minutes=61)) == ()


def test_only_so_many_accounts_are_remembered() -> None:
    memory = Memory()
    for number in range(MOST_ACCOUNTS + 3):
        memory = with_account(memory, f"{number}", AccountMemory(at=number))
    assert len(memory.accounts) == MOST_ACCOUNTS
    assert "2" not in memory.accounts


def test_the_last_numbers_are_no_reason_to_write(person: Person) -> None:
    person.sees(60)
    before = person.memory
    person.sees(61)
    assert person.memory != before
    assert essence(person.memory) == essence(before)
    person.sees(76)
    assert essence(person.memory) != essence(before)


def test_what_is_over_is_known(person: Person) -> None:
    person.sees(60)
    person.reads(person.limit(76))
    (filling,) = person.last
    person.settings = Settings(warn_thresholds=False)
    person.reads(person.limit(100, limit_reached=True))
    (reached,) = person.last
    assert still_holds(person.memory, reached, person.now)
    assert not still_holds(person.memory, filling, person.now)
    person.session_over()
    person.sees(0)
    person.sees(0)
    available = replace(reached, kind=AlertKind.AVAILABLE, cycle=person.window().cycle)
    assert not still_holds(person.memory, reached, person.now)
    assert still_holds(person.memory, available, person.now)
    low = Alert(AlertKind.CREDITS_LOW, KEY)
    assert not still_holds(person.memory, low, person.now)
    assert still_holds(person.memory, Alert(AlertKind.TEST), person.now)
    assert not still_holds(person.memory, replace(low, account_key="b"), person.now)
    assert not still_holds(person.memory, replace(filling, window_id="x"), person.now)
    assert not still_holds(person.memory, replace(filling, limit=None), person.now)
    assert still_holds(person.memory, Alert(AlertKind.RESET_CREDIT, KEY), person.now)


def test_an_alert_has_a_key_and_a_topic(person: Person) -> None:
    person.sees(60)
    person.reads(person.limit(76))
    (alert,) = person.last
    assert alert.topic == f"{KEY}/codex/18000"
    assert alert.key == f"{KEY}/codex/18000/{alert.cycle}/threshold/75"
    assert Alert(AlertKind.SIGN_IN, KEY).topic == f"{KEY}/sign_in"
    assert not Alert(AlertKind.SIGN_IN, KEY).can_snooze
    assert Alert(AlertKind.AVAILABLE).urgency is Urgency.LOW


def test_a_banner_is_a_value() -> None:
    assert Banner("key", "title") == Banner("key", "title", "", False, False)
