"""Every recorded shape of the usage reply, and what a person would say of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.errors import AppError
from app.usage.limits import UsageSnapshot
from app.usage.payload import parse_usage

NOW = datetime(2025, 12, 18, 7, 21, 47, tzinfo=UTC)  # when the example of the notes was written
_FILE = Path(__file__).parents[2] / "support" / "usage-cases.json"
_CASES: dict[str, dict[str, Any]] = {
    case["case"]: case for case in json.loads(_FILE.read_text(encoding="utf-8"))
}

# MAIN and REVIEW stand for what most cases have in common, PRIMARY for the first slot.
_SHORT = {
    "MAIN": "codex: 18000s 2% in 10848s, 604800s 1% in 597648s",
    "REVIEW": "code_review: 604800s 0% in 604800s",
    "PRIMARY": "rate_limit.primary_window",
}
SAID = {
    "seed_example": "team; MAIN; REVIEW",
    "secondary_null": "team; codex: 18000s 10% in 1000s; REVIEW",
    "both_windows_null": "team; codex: no window; REVIEW",
    "rate_limit_null": "team; REVIEW",
    "weekly_in_primary": "team; codex: 604800s 33% in 1000s; REVIEW",
    "limit_reached_100": (
        "team; codex REACHED: 18000s 100% in 1000s, 604800s 40% in 1000s; REVIEW"
    ),
    "used_130": "team; codex: 18000s 130% in 1000s, 604800s 1% in 1000s; REVIEW",
    "used_float_integral": "team; codex: 18000s 61% in 1000s; REVIEW",
    "used_null": "team; codex: 18000s ?% in 1000s; REVIEW; partial without PRIMARY.used_percent",
    "used_missing": (
        "team; codex: 18000s ?% in 1000s; REVIEW; partial without PRIMARY.used_percent"
    ),
    "reset_at_zero": "team; codex: 18000s 10% in 1000s; REVIEW; partial without PRIMARY.reset_at",
    "reset_at_missing": "team; codex: 18000s 10% in 1000s; REVIEW",
    "reset_after_missing": "team; codex: 18000s 10% in 10848s; REVIEW",
    "window_seconds_missing": (
        "team; codex: ?s 10% in 1000s; REVIEW; partial without PRIMARY.limit_window_seconds"
    ),
    "window_seconds_zero": (
        "team; codex: ?s 10% in 1000s; REVIEW; partial without PRIMARY.limit_window_seconds"
    ),
    "window_seconds_90": "team; codex: 90s 10% in 1000s; REVIEW",
    "window_seconds_59": "team; codex: 59s 10% in 1000s; REVIEW",
    "window_seconds_month": "team; codex: 2592000s 10% in 1000s; REVIEW",
    "plan_unknown": "galaxy_brain; MAIN; REVIEW",
    "plan_missing": "no plan; MAIN; REVIEW",
    "plan_upper": "PLUS; MAIN; REVIEW",
    "plan_free": "free; MAIN; REVIEW",
    "plan_plus": "plus; MAIN; REVIEW",
    "plan_pro": "pro; MAIN; REVIEW",
    "plan_prolite": "prolite; MAIN; REVIEW",
    "plan_free_workspace": "free_workspace; MAIN; REVIEW",
    "plan_business": "business; MAIN; REVIEW",
    "plan_education": "education; MAIN; REVIEW",
    "plan_quorum": "quorum; MAIN; REVIEW",
    "plan_enterprise": "enterprise; MAIN; REVIEW",
    "plan_edu": "edu; MAIN; REVIEW",
    "plan_ent26": "ent26; MAIN; REVIEW",
    "plan_sci": "sci; MAIN; REVIEW",
    "credits_balance_string": "team; MAIN; REVIEW; credits 12.50",
    "credits_balance_int": "team; MAIN; REVIEW; credits 12",
    "credits_balance_empty": "team; MAIN; REVIEW; credits ?",
    "credits_unlimited": "team; MAIN; REVIEW; credits unlimited",
    "credits_null": "team; MAIN; REVIEW; credits not told",
    "credits_missing": "team; MAIN; REVIEW; credits not told",
    "credits_no_has_credits": (
        "team; MAIN; REVIEW; credits 1; partial without credits.has_credits"
    ),
    "code_review_set": "team; MAIN; code_review: 604800s 77% in 1000s",
    "code_review_null": "team; MAIN",
    "additional_one": (
        "team; MAIN; REVIEW; "
        "codex_bengalfox “GPT-5.3-Codex-Spark”: 18000s 55% in 1000s, 604800s 5% in 1000s"
    ),
    "additional_same_id_as_main": "team; MAIN; REVIEW; codex-2 “A”: 18000s 9% in 1000s",
    "additional_missing_name": "team; MAIN; REVIEW; codex_a: 18000s 9% in 1000s",
    "additional_empty": "team; MAIN; REVIEW",
    "additional_null": "team; MAIN; REVIEW",
    "additional_not_list": "team; MAIN; REVIEW; partial without additional_rate_limits",
    "rate_limit_reached_type": (
        "team; codex REACHED: 18000s 100% in 1000s; REVIEW; rate_limit_reached"
    ),
    "rate_limit_reached_type_owner": "team; MAIN; REVIEW; workspace_owner_credits_depleted",
    "rate_limit_reached_type_str": "team; MAIN; REVIEW; rate_limit_reached",
    "spend_control_limits": "team; MAIN; REVIEW; no cap, reached=False",
    "promo_and_user": "team; MAIN; REVIEW; of acc-0001/user-1",
    "allowed_missing": "team; codex: 18000s 10% in 1000s; REVIEW",
    "allowed_false_not_reached": "team; codex REACHED: 18000s 3% in 1000s; REVIEW",
    "extra_fields": "team; MAIN; REVIEW; unknown brand_new",
    "empty_object": "not_understood: the reply holds no usage",
    "json_null": "not_understood: the reply holds no usage",
    "http_401": "not_understood: the reply holds no usage",
    "http_404": "not_understood: the reply holds no usage",
    "http_500": "not_understood: the body is not JSON",
    "html_200": "not_understood: the body is not JSON",
    "json_as_text_plain": "team; MAIN; REVIEW",
    "bad_json": "not_understood: the body is not JSON",
    "spend_control_full": "team; MAIN; REVIEW; cap 25/100 25.0% reached=True",
    "ordinary_usage_allowed_false": "team; MAIN; REVIEW",
    "rate_limit_reset_credits": "team; MAIN; REVIEW; 2 resets to redeem",
    "rate_limit_upsell": "team; MAIN; REVIEW",
    "additional_normal_model_slug": (
        "team; MAIN; REVIEW; codex_bengalfox “Spark”: 18000s 55% in 1000s"
    ),
    "account_id_present": "team; MAIN; REVIEW; of acc-0001/user-001",
    "ident_allowed_false": (
        "team; codex REACHED: 18000s 100% in 1000s; REVIEW; of acc-0001/user-001"
    ),
    "ident_allowed_true_reached_true": (
        "team; codex REACHED: 18000s 100% in 1000s; REVIEW; of acc-0001/user-001"
    ),
    "ident_rate_limit_null": "team; REVIEW; of acc-0001/user-001",
    "account_id_only": "team; MAIN; REVIEW; of acc-0001/?",
    "account_id_other": "team; MAIN; REVIEW; of acc-OTHER/user-001",
    "used_percent_0": "team; codex: 18000s 0% in 1000s; REVIEW",
    "reset_at_past": "team; codex: 18000s 50% in 1000s; REVIEW",
    "reset_at_2147483648": "team; codex: 18000s 50% in 1000s; REVIEW",
    "reset_at_string": "team; codex: 18000s 50% in 1000s; REVIEW",
    "primary_empty_object": "team; codex: no window; REVIEW",
}


def say(snapshot: UsageSnapshot) -> str:
    """What a person would say of a snapshot, in one line."""
    parts = [snapshot.plan or "no plan"]
    server_now = snapshot.server_now(NOW)
    for limit in snapshot.limits:
        windows = [
            f"{w.window_seconds or '?'}s "
            f"{'?' if w.used_percent_reported is None else format(w.used_percent_reported, 'g')}% "
            f"in {'?' if w.resets_at is None else int((w.resets_at - server_now).total_seconds())}s"
            for w in limit.windows
        ]
        name = f"{limit.limit_id} “{limit.name}”" if limit.name else limit.limit_id
        state = " REACHED" if limit.is_exhausted else ""
        parts.append(f"{name}{state}: {', '.join(windows) or 'no window'}")
    bought = snapshot.credits
    if bought is None:
        parts.append("credits not told")
    elif bought.unlimited:
        parts.append("credits unlimited")
    elif bought.has_credits:
        parts.append(f"credits {'?' if bought.balance is None else bought.balance}")
    if snapshot.spend_control is not None:
        cap = snapshot.spend_control
        parts.append(
            f"cap {cap.used}/{cap.limit} {cap.used_percent}% reached={cap.reached}"
            if cap.limit is not None
            else f"no cap, reached={cap.reached}"
        )
    if snapshot.reset_credits is not None:
        parts.append(f"{snapshot.reset_credits} resets to redeem")
    if snapshot.reached_type:
        parts.append(snapshot.reached_type)
    if snapshot.account_id:
        parts.append(f"of {snapshot.account_id}/{snapshot.user_id or '?'}")
    if snapshot.is_partial:
        parts.append(f"partial without {', '.join(snapshot.unread)}")
    if snapshot.unknown:
        parts.append(f"unknown {', '.join(snapshot.unknown)}")
    return "; ".join(parts)


def expanded(text: str) -> str:
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    return text


def body_of(case: dict[str, Any]) -> bytes:
    text = case["input_text"] if "input_text" in case else json.dumps(case["input"])
    return str(text).encode()


def test_the_table_covers_every_recorded_case() -> None:
    assert len(SAID) == 80
    assert SAID.keys() == _CASES.keys()


@pytest.mark.parametrize("name", SAID)
def test_each_recorded_reply_reads_as_a_person_would_say_it(name: str) -> None:
    """F-U01…F-U05, F-U07, F-U09, F-U11…F-U16, F-U20, F-U23 in the shapes that were recorded."""
    try:
        said = say(parse_usage(body_of(_CASES[name]), received_at=NOW))
    except AppError as error:
        said = f"{error.fault.kind}: {error.fault.detail}"
    assert said == expanded(SAID[name])
