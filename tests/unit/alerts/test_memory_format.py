"""The memory on disk: what goes out comes back, and nothing else comes in."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.memory import (
    AccountMemory,
    CreditsMemory,
    LimitMemory,
    Memory,
    WindowMemory,
)
from app.alerts.memory_format import from_json, to_json

WINDOW = WindowMemory(
    1000, 900, 1000, 1000, 7600, 7600, 950, 75, False, True, False, True, 940, 1, 1
)
FULL = Memory(
    {
        "aaaa": AccountMemory(
            5,
            {"codex/18000": WINDOW, "codex/604800": replace(WINDOW, boundary=None)},
            {"codex": LimitMemory(950, 2, 0, "codex/18000", 1000)},
            CreditsMemory(950, 1, True, False),
            (1, 2),
            True,
        )
    },
    (10, 20),
    30,
)


def test_everything_comes_back() -> None:
    assert from_json(json.loads(json.dumps(to_json(FULL)))) == FULL
    assert from_json(json.loads(json.dumps(to_json(Memory())))) == Memory()


def _without(path: str) -> Any:
    value = json.loads(json.dumps(to_json(FULL)))
    block = value
    *parents, last = path.split("/")
    for name in parents:
        block = block[name.replace("|", "/")]
    return value, block, last


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        ("version", 2),
        ("accounts", []),
        ("accounts", {str(n): asdict(AccountMemory()) for n in range(17)}),
        ("accounts/aaaa", None),
        ("accounts/aaaa/at", "5"),
        ("accounts/aaaa/at", True),
        ("accounts/aaaa/at", 1 << 60),
        ("accounts/aaaa/windows", {"x": {}}),
        ("accounts/aaaa/windows", {"x" * 301: asdict(WINDOW)}),
        ("accounts/aaaa/windows/codex|18000/boundary", 1.5),
        ("accounts/aaaa/windows/codex|18000/is_snoozed", 0),
        ("accounts/aaaa/limits/codex/blocked", 7),
        ("accounts/aaaa/credits", None),
        ("accounts/aaaa/expiries_told", list(range(33))),
        ("accounts/aaaa/sign_in_told", None),
        ("given_at", "10"),
        ("given_at", [1.5]),
        ("lost_until", None),
    ],
)
def test_anything_else_is_refused(path: str, bad: object) -> None:
    value, block, last = _without(path)
    block[last] = bad

    with pytest.raises(ValueError, match=r"."):
        from_json(value)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_no_value_crashes_the_reader(value: object) -> None:
    for candidate in (value, {"version": 1, "accounts": value}):
        with pytest.raises(ValueError, match=r"."):
            from_json(candidate)
