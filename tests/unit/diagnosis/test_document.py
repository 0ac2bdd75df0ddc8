"""The golden file of what a diagnosis may hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.alerts.looks import Look
from app.alerts.memory import AccountMemory
from app.auth.token_marks import TokenMarks
from app.auth.tokens import Account
from app.diagnosis.document import (
    MASKED,
    Facts,
    FileFact,
    SignInFact,
    changed_settings,
    document,
)
from app.settings import DECLARATIONS, Settings, from_mapping
from app.trail_steps import Step
from app.usage.limits import Credits, RateLimit, RateLimitWindow, ResetCredit, UsageSnapshot

GOLDEN = Path(__file__).with_name("diagnosis.json")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "sentinel-secret ann@sentinel.example /home-of-sentinel"
WINDOW = RateLimitWindow("codex", 78.0, 18_000, NOW + timedelta(hours=2), SECRET)
USAGE = UsageSnapshot(
    NOW,
    SECRET,
    (RateLimit("codex", (WINDOW,), SECRET, as_of=NOW, normal_model=SECRET),),
    Credits(has_credits=True),
    reset_credit_list=(ResetCredit(SECRET, NOW + timedelta(days=1), None, SECRET, SECRET),),
    account_id=SECRET,
    user_id=SECRET,
    email=SECRET,
    reached_type=SECRET,
    unread=(SECRET,),
    unknown=(SECRET,),
    kept=((SECRET, SECRET),),
    served_at=NOW,
)
NAMES = {"secret": SECRET, "hostname": SECRET, "user": SECRET}
FACTS = Facts(
    NOW,
    "window",
    Settings(
        proxy=SECRET,
        chat_instructions=SECRET,
        chat_model=SECRET,
        language="zh_CN",
        warn_first_percent=60,
        hide_identity=True,
    ),
    versions={"tidegauge": "1.2.3", "httpx": "1", **NAMES},
    system={"system": "Linux", "python": "3.12.1", "desktop": "x" * 200, **NAMES},
    qt={"version": "6.9.0", "platform": "xcb", "tray": "shown", **NAMES},
    services={"session_bus": "answers", "notifications": "running", **NAMES},
    is_replaced=True,
    instance="this one",
    sign_in=SignInFact("signed_in", 2, fault="", tokens=TokenMarks(60, 3600, "0a1b", "2c3d")),
    poll_fault="offline",
    next_poll_in_s=42,
    history="keeping",
    notes=("value_reset",),
    files=(FileFact("settings.toml", 120, "0600"), FileFact("tidegauge.log")),
    steps=(Step(1_795_348_800, "poll", "offline", 0, 12.5, "back_off"),),
    looks=(Look(NOW, USAGE, AccountMemory(), 1),),
)
WHO = Account("acc-sentinel", "user-sentinel", "ann@sentinel.example", "sentinelplan")


def test_the_fields_of_a_diagnosis_are_these_and_no_others() -> None:
    """T-41: whoever adds one, adds it here as well, where it is looked at."""
    assert json.loads(json.dumps(document(FACTS))) == json.loads(GOLDEN.read_text("utf-8"))


def test_no_secret_and_no_identity_unless_asked() -> None:
    """T-41"""
    assert "sentinel" not in json.dumps(document(FACTS))
    told: dict[str, Any] = document(FACTS, WHO)
    assert told.pop("identity") == {
        "email": "ann@sentinel.example",
        "plan": "sentinelplan",
        "account_id": "acc-sentinel",
        "user_id": "user-sentinel",
    }
    assert told == document(FACTS)


def test_what_was_typed_freely_is_only_said_to_be_set() -> None:
    """A proxy's address holds a password, instructions anything."""
    typed = {one.key: SECRET for one in DECLARATIONS if one.kind is str and not one.choices}
    told = changed_settings(from_mapping(typed)[0])

    assert told == dict.fromkeys(typed, MASKED)
    assert changed_settings(Settings()) == {}


def test_without_facts_it_says_so() -> None:
    bare = document(Facts(NOW, "command", Settings()))

    assert bare["sign_in"]["tokens"] is None
    assert (bare["readings"], bare["steps"], bare["files"]) == ([], [], [])
