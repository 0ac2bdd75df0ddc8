"""What a person would say of a usage reply, in the program's own words.

`PYTHONPATH=. python tests/support/usage_words.py` prints the table of usage-cases.md anew:
read what changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.errors import AppError
from app.usage.limits import RateLimitWindow, UsageSnapshot
from app.usage.payload import parse_usage
from app.wording.allowances import (
    doubt_words,
    reached_words,
    reset_credits_title,
    reset_credits_words,
    spend_cap_title,
    spend_reset,
    spend_words,
)
from app.wording.faults import describe
from app.wording.limits import (
    credits_detail,
    credits_title,
    credits_words,
    limit_reached,
    no_limit_reported,
    percent_words,
    plan_name,
    resets_in,
    window_name,
)
from app.wording.pace import hindrance

FOLDER = Path(__file__).parent
TABLE = FOLDER / "usage-cases.md"
NOW = datetime(2025, 12, 18, 7, 21, 47, tzinfo=UTC)  # when the example of the notes was written


def cases() -> dict[str, dict[str, Any]]:
    """Every case by name: those recorded with the official client, and our own."""
    return {
        case["case"]: case
        for name in ("usage-cases.json", "more-usage-cases.json")
        for case in json.loads((FOLDER / name).read_text("utf-8"))
    }


def body_of(case: dict[str, Any]) -> bytes:
    return str(case["input_text"] if "input_text" in case else json.dumps(case["input"])).encode()


def said_of(case: dict[str, Any]) -> str:
    """One line of sentences about the reply of `case`, as of `NOW`."""
    try:
        snapshot = parse_usage(body_of(case), received_at=NOW)
    except AppError as error:
        return f"{describe(error.fault, NOW, UTC).title}."
    return " ".join(f"{sentence}." for sentence in _sentences(snapshot))


def table() -> dict[str, str]:
    """The reviewed sentences by case."""
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
    return {name.strip("`"): said for name, said in cells}


def _sentences(snapshot: UsageSnapshot) -> Iterator[str]:
    now = snapshot.server_now(NOW)
    yield plan_name(snapshot.plan) or "No plan told"
    if not snapshot.windows and snapshot.spend_control is None:
        yield no_limit_reported().rstrip(".")
    for limit in snapshot.limits:
        yield from (_of_window(one, snapshot, now) for one in limit.windows)
        if limit.normal_model:
            yield f"In place of {limit.normal_model}"
    reason = reached_words(snapshot.reached_type)
    if reason or snapshot.is_exhausted:
        yield (reason or limit_reached().capitalize()).rstrip(".")
    yield from _allowances(snapshot, now)
    if snapshot.account_id:
        yield f"Of account {snapshot.account_id}, user {snapshot.user_id or 'not told'}"
    if snapshot.is_doubtful:
        yield doubt_words(snapshot.doubts).rstrip(".")
    if snapshot.unread:
        yield f"Not readable: {', '.join(snapshot.unread)}"
    if snapshot.unknown:
        yield f"Not known to this version: {', '.join(snapshot.unknown)}"


def _of_window(window: RateLimitWindow, snapshot: UsageSnapshot, now: datetime) -> str:
    notes = [percent_words(window.used_percent), resets_in(window, now)]
    if why := hindrance(window, snapshot):
        notes.append(why)
    return f"{window_name(window, snapshot)}: {', '.join(notes)}"


def _allowances(snapshot: UsageSnapshot, now: datetime) -> Iterator[str]:
    if credits_words(snapshot.credits):
        details = credits_detail(snapshot.credits).splitlines()
        yield f"{credits_title()}: {', '.join([credits_words(snapshot.credits), *details])}"
    if spend_words(snapshot.spend_control):
        reset = spend_reset(snapshot.spend_control, now, UTC)
        words = [word for word in (spend_words(snapshot.spend_control), reset) if word]
        yield f"{spend_cap_title()}: {', '.join(words)}"
    if snapshot.reset_credits:
        yield f"{reset_credits_title()}: {reset_credits_words(snapshot.reset_credits)}"


if __name__ == "__main__":
    for name, case in cases().items():
        print(f"| `{name}` | {said_of(case)} |")
