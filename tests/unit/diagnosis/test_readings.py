"""Readings as JSON values, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.alerts.looks import Look
from app.alerts.memory import AccountMemory, Memory
from app.alerts.replay import ACCOUNT, replayed
from app.alerts.rules import due_alerts
from app.diagnosis.readings import MOST, look_from_json, look_to_json
from app.settings import Settings
from app.usage.limits import (
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    ResetCredit,
    UsageSnapshot,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PERSON = "ann@example.com's own"


def limit(name: str, used: float | None, reached: bool | None = None) -> RateLimit:
    five = RateLimitWindow(name, used, 18_000, NOW + timedelta(hours=2), PERSON)
    other = RateLimitWindow(name, 12.5, None, None, PERSON, twin=2, is_sliding=True)
    return RateLimit(
        name,
        (five, other),
        PERSON,
        allowed=reached is False or None,
        limit_reached=reached,
        as_of=NOW,
        normal_model=PERSON,
    )


USAGE = UsageSnapshot(
    NOW,
    PERSON,
    (limit("codex", 78.0), limit("bengal_fox", None, reached=False), limit(PERSON, 3.0)),
    Credits(has_credits=True, balance=Decimal("4.50"), approx_local_messages=(1, 2)),
    reset_credits=2,
    reset_credit_list=(ResetCredit("r", NOW + timedelta(days=2), NOW, PERSON), ResetCredit("s")),
    account_id=PERSON,
    user_id=PERSON,
    email=PERSON,
    reached_type=PERSON,
    clock_offset_s=-3.5,
    served_at=NOW,
    doubts=(Doubt.JUMPED,),
    kept=(("promo", PERSON),),
)


def looks() -> list[Look]:
    """Two readings, with what was remembered before each."""
    made, memory = [], Memory()
    for minute in (0, 1):
        at = NOW + timedelta(minutes=minute)
        usage = replace(USAGE, fetched_at=at, served_at=at)
        made.append(Look(at, usage, memory.accounts.get(ACCOUNT), minute))
        memory = due_alerts(memory, usage, Settings(), at, ACCOUNT)[1]
    return made


def test_nothing_of_a_person_is_in_it() -> None:
    """T-41: names and free texts of the service are left out, ids that are no ids numbered."""
    told = json.dumps([look_to_json(look) for look in looks()])

    assert "@" not in told
    assert "Ann" not in told.title().replace("Annot", "")
    assert '"limit-2"' in told


def test_the_rules_say_the_same_of_what_comes_back() -> None:
    before = looks()
    back = [look_from_json(json.loads(json.dumps(look_to_json(look)))) for look in before]

    assert [one.at for one in back] == [one.at for one in before]
    assert back[1].before is not None
    assert back[1].given == 1
    for settings in (Settings(), Settings(warn_credits_below=10, warn_runs_out=False)):
        told, again = (
            [
                (
                    [(w.rpartition("/")[2], used, level) for w, used, level in one.levels],
                    [(alert.kind, alert.cycle) for alert in one.due],
                    one.silence,
                )
                for one in replayed(some, settings)
            ]
            for some in (before, back)
        )
        assert again == told


def test_what_is_not_told_stays_untold() -> None:
    bare = Look(NOW, UsageSnapshot(NOW, credits=Credits(unlimited=True)), None)

    assert look_from_json(look_to_json(bare)) == bare._replace(
        usage=replace(bare.usage, reset_credit_list=())
    )
    assert look_from_json(look_to_json(bare._replace(usage=UsageSnapshot(NOW)))).usage == (
        replace(UsageSnapshot(NOW), reset_credit_list=())
    )


def test_a_memory_of_limits_that_are_gone_is_numbered() -> None:
    """What is remembered of a limit the reading does not speak of any more."""
    window = looks()[1].before
    assert window is not None
    gone = Look(NOW, UsageSnapshot(NOW), window)

    told = look_to_json(gone)["memory"]
    assert "@" not in json.dumps(told)
    assert look_from_json(look_to_json(gone)).before is not None
    blocked = replace(
        window, limits={"codex": replace(window.limits["codex"], blocked="codex/18000")}
    )
    told = look_to_json(gone._replace(before=blocked))["memory"]
    assert told["limits"]["codex"]["blocked"] == "codex/18000"


def broken(**changes: object) -> dict[str, Any]:
    return {**look_to_json(looks()[0]), **changes}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        broken(at=True),
        broken(at="now"),
        broken(at=1e300),
        broken(at=9e15),
        broken(limits={}),
        broken(limits=[0]),
        broken(limits=[{}] * (MOST + 1)),
        broken(doubts=["who knows"]),
        broken(credits={"has_credits": True, "unlimited": False, "balance": "much"}),
        broken(clock_offset_s="much"),
        broken(memory=[]),
        broken(limits=[{**look_to_json(looks()[0])["limits"][0], "windows": [{}]}]),
    ],
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        look_from_json(value)


def test_an_empty_memory_comes_back() -> None:
    look = Look(NOW, USAGE, AccountMemory())

    assert look_from_json(look_to_json(look)).before == AccountMemory()
