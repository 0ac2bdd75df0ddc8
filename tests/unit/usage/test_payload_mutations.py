"""Figure 17: one broken field never costs another, whatever it is broken into.

Every mutation spoils one place of a whole reply; everything that does not come from that place
must be read as before. `TIDEGAUGE_MUTATIONS` says how many, `TIDEGAUGE_SEED` which ones.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.payload import parse_usage

MUTATIONS = int(os.environ.get("TIDEGAUGE_MUTATIONS", "5000"))
SEED = int(os.environ.get("TIDEGAUGE_SEED", "17"))
NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
DATE = NOW.strftime("%a, %d %b %Y %H:%M:%S GMT")

Path = tuple[str | int, ...]


# --- a reply in which everything can be told from everything else --------------------------------

# (where, slot, used percent, seconds of the window, seconds to the reset)
WINDOWS: list[tuple[Path, str, float, int, int]] = [
    (("rate_limit",), "primary_window", 11.25, 18_000, 3_601),
    (("rate_limit",), "secondary_window", 12.25, 604_800, 86_402),
    (("code_review_rate_limit",), "primary_window", 13.25, 86_400, 7_203),
    (("additional_rate_limits", 0, "rate_limit"), "primary_window", 14.25, 10_800, 1_804),
    (("additional_rate_limits", 0, "rate_limit"), "secondary_window", 15.25, 2_592_000, 90_005),
    (("additional_rate_limits", 1, "rate_limit"), "primary_window", 16.25, 3_600, 606),
]
NAMES = ("First", "Second")


def whole_reply() -> dict[str, Any]:
    limits: dict[Path, dict[str, Any]] = {}
    for where, slot, used, seconds, left_s in WINDOWS:
        limits.setdefault(where, {"allowed": True, "limit_reached": False})[slot] = {
            "used_percent": used,
            "limit_window_seconds": seconds,
            "reset_after_seconds": left_s,
            "reset_at": int(NOW.timestamp()) + left_s,
        }
    return {
        "user_id": "user-1",
        "account_id": "acc-1",
        "email": "ann@example.com",
        "plan_type": "plus",
        "rate_limit": limits["rate_limit",],
        "code_review_rate_limit": limits["code_review_rate_limit",],
        "additional_rate_limits": [
            {
                "limit_name": NAMES[number],
                "metered_feature": f"feature_{number}",
                "normal_model_slug": f"model-{number}",
                "rate_limit": limits["additional_rate_limits", number, "rate_limit"],
            }
            for number in (0, 1)
        ],
        "credits": {
            "has_credits": True,
            "unlimited": False,
            "overage_limit_reached": False,
            "balance": "12.50",
            "approx_local_messages": [90, 130],
            "approx_cloud_messages": [20, 30],
        },
        "spend_control": {
            "reached": False,
            "individual_limit": {
                "source": "workspace",
                "limit": "100",
                "used": "25",
                "remaining": "75",
                "used_percent": 25,
                "remaining_percent": 75,
                "reset_after_seconds": 777_777,
                "reset_at": int(NOW.timestamp()) + 777_777,
            },
        },
        "rate_limit_reached_type": {"type": "rate_limit_reached"},
        "rate_limit_reset_credits": {"available_count": 2, "applicable_available_count": 1},
        "promo": {"message": "hello"},
        "referral_beacon": None,
        "rate_limit_upsell": {"banner_type": "luna_reserve", "ctas": [1, 2]},
        "model_usage": {"gpt-6.1-sol": {"available": True, "available_at": None}},
    }


# --- what has to be read, and where it comes from ------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """Something the reply says: true of a snapshot unless one of `places` is spoilt."""

    name: str
    places: tuple[Path, ...]
    holds: Callable[[UsageSnapshot], bool]

    def may_be_lost_by(self, spoilt: Path) -> bool:
        return any(
            place[: len(spoilt)] == spoilt or spoilt[: len(place)] == place for place in self.places
        )


def facts() -> list[Fact]:
    found = [
        Fact("account", (("account_id",),), lambda s: s.account_id == "acc-1"),
        Fact("user", (("user_id",),), lambda s: s.user_id == "user-1"),
        Fact("email", (("email",),), lambda s: s.email == "ann@example.com"),
        Fact("plan", (("plan_type",),), lambda s: s.plan == "plus"),
        Fact(
            "reached type",
            (("rate_limit_reached_type", "type"),),
            lambda s: s.reached_type == "rate_limit_reached",
        ),
        Fact(
            "reset credits",
            (("rate_limit_reset_credits", "available_count"),),
            lambda s: s.reset_credits == 2,
        ),
        Fact("promo", (("promo", "message"),), lambda s: "hello" in dict(s.kept)["promo"]),
        Fact(
            "models",
            (("model_usage", "gpt-6.1-sol", "available"),),
            lambda s: "true" in dict(s.kept)["model_usage"],
        ),
    ]
    found += [
        Fact(name, ((block, name),), _has(block, name, value))
        for block, name, value in (
            ("credits", "has_credits", True),
            ("credits", "unlimited", False),
            ("credits", "overage_limit_reached", False),
            ("credits", "balance", Decimal("12.50")),
            ("credits", "approx_local_messages", (90, 130)),
            ("credits", "approx_cloud_messages", (20, 30)),
            ("spend_control", "reached", False),
        )
    ]
    cap = ("spend_control", "individual_limit")
    found += [
        Fact(f"cap {name}", tuple((*cap, key) for key in keys), _has("spend_control", name, value))
        for name, keys, value in (
            ("limit", ("limit",), Decimal(100)),
            ("used", ("used",), Decimal(25)),
            ("remaining", ("remaining",), Decimal(75)),
            ("source", ("source",), "workspace"),
            ("used_percent", ("used_percent",), 25.0),
            (
                "resets_at",
                ("reset_at", "reset_after_seconds"),
                NOW + timedelta(seconds=777_777),
            ),
        )
    ]
    for one in WINDOWS:
        found += _window_facts(*one)
    return found


def _has(block: str, name: str, value: object) -> Callable[[UsageSnapshot], bool]:
    return lambda snapshot: getattr(getattr(snapshot, block), name) == value


def _window_facts(where: Path, slot: str, used: float, seconds: int, left_s: int) -> list[Fact]:
    """Each fact is looked up by the other two fields of the window, so that any one may go."""
    resets_at = NOW + timedelta(seconds=left_s)
    own = (*where, slot)

    def window(snapshot: UsageSnapshot) -> RateLimitWindow | None:
        fields = (used, seconds, resets_at)
        for one in snapshot.windows:
            told = (one.used_percent_reported, one.window_seconds, one.resets_at)
            if sum(a == b for a, b in zip(fields, told, strict=True)) >= 2:
                return one
        return None

    def limit(snapshot: UsageSnapshot) -> RateLimit | None:
        return next((one for one in snapshot.limits if window(snapshot) in one.windows), None)

    def of_window(name: str, value: object) -> Callable[[UsageSnapshot], bool]:
        return lambda snapshot: getattr(window(snapshot), name, None) == value

    def of_limit(name: str, value: object) -> Callable[[UsageSnapshot], bool]:
        return lambda snapshot: getattr(limit(snapshot), name, None) == value

    label = f"{where}/{slot}"
    reset_places = ((*own, "reset_at"), (*own, "reset_after_seconds"))
    made = [
        Fact(f"{label} used", ((*own, "used_percent"),), of_window("used_percent", used)),
        Fact(
            f"{label} length",
            ((*own, "limit_window_seconds"),),
            of_window("window_seconds", seconds),
        ),
        Fact(f"{label} reset", reset_places, of_window("resets_at", resets_at)),
        Fact(f"{label} allowed", ((*where, "allowed"), own), of_limit("allowed", True)),
        Fact(f"{label} flag", ((*where, "limit_reached"), own), of_limit("limit_reached", False)),
    ]
    if where[0] == "additional_rate_limits":
        number = int(where[1])
        entry = where[:2]
        made += [
            Fact(f"{label} name", ((*entry, "limit_name"), own), of_limit("name", NAMES[number])),
            Fact(
                f"{label} id",
                ((*entry, "metered_feature"), own),
                of_limit("limit_id", f"feature_{number}"),
            ),
            Fact(
                f"{label} model",
                ((*entry, "normal_model_slug"), own),
                of_limit("normal_model", f"model-{number}"),
            ),
        ]
    return made


# --- what a place is spoilt into -----------------------------------------------------------------

_LITERALS = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000, "1e-999", "-0.0"]
_LITERALS += ['"\\ud800"', '"\\u0000"', "0." + "1" * 3000, "-" + "8" * 41]
_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 61.5, 1001, 10**12, -(10**12), 10**39, 2**63, 1e308, -1e308),
    *("", " ", "0", "61", " 61 ", "61%", "NaN", "inf", "1e5", "null", "true", "é" * 50, "x" * 9999),
    *("\u202e", "\ud83d\ude00", "<img src=file:x>", "2026-11-22T12:00:00Z", "2026-99-99", "codex"),
    *([], {}, [[]], [None], [1, 2, 3], {"x": {}}, [{}], {"type": 5}, {"used_percent": 5}),
    *("code_review", "feature_1", "feature_0"),  # ids that others have
    {"primary_window": {"used_percent": [], "reset_at": {}}},
    [{"rate_limit": {"primary_window": 5}}, 5, None, {"metered_feature": 7}],
]


def places_of(value: Any, path: Path = ()) -> list[Path]:
    """Every place below the root, blocks as well as single fields."""
    keys: list[str | int] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    found: list[Path] = [path] if path else []
    for key in keys:
        found += places_of(value[key], (*path, key))
    return found


def deep(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


@dataclass(frozen=True)
class Mutation:
    """A spoilt reply; `spoilt` empty if nothing that counts was touched."""

    name: str
    body: bytes
    spoilt: Path


def mutated(chance: random.Random, places: list[Path]) -> Mutation:
    reply, place = whole_reply(), chance.choice(places)
    holder: Any = reply
    for step in place[:-1]:
        holder = holder[step]
    last, spoilt, literal = place[-1], place, ""
    kind = chance.choice(["value", "value", "literal", "gone", "row", "twice", "more", "order"])
    if kind == "value":
        holder[last] = chance.choice(
            [*_values_for(last), deep(chance.randrange(40)), chance.random() * 2000]
        )
    elif kind == "literal":
        literal = chance.choice(_LITERALS)
        holder[last] = "@literal@"
    elif kind == "gone" and isinstance(holder, dict):
        del holder[last]
    elif kind == "row":  # a broken neighbour among the rows
        odd = copy.deepcopy(chance.choice(_VALUES))
        rows = reply["additional_rate_limits"]
        rows.insert(chance.randrange(len(rows) + 1), odd)
        # Of two rows with one name the later one is renumbered, nothing else.
        spoilt = ()
    elif kind == "twice":
        return Mutation(f"{place} twice", _with_twin(reply, chance), ())
    elif kind == "more":
        target = holder if isinstance(holder, dict) else reply
        target[f"new_{chance.randrange(99)}"] = copy.deepcopy(chance.choice(_VALUES))
        spoilt = ()
    else:
        spoilt = ()
        reply = dict(chance.sample(list(reply.items()), len(reply)))
    text = json.dumps(reply).replace('"@literal@"', literal)
    return Mutation(f"{kind} at {place}", text.encode(), spoilt)


def _values_for(key: str | int) -> list[Any]:
    """All of them, but a limit is not given the name of the one behind it: of two that are
    called the same, the later one is numbered (F-U14, a test of its own)."""
    return [one for one in _VALUES if key != "metered_feature" or one != "feature_1"]


def _with_twin(reply: dict[str, Any], chance: random.Random) -> bytes:
    """The reply with one of its blocks standing twice, the true one last (F-U17)."""
    key = chance.choice(list(reply))
    text = json.dumps(reply)
    return f"{{{json.dumps(key)}: {json.dumps(chance.choice(_VALUES))}, {text[1:]}".encode()


# --- the judgement -------------------------------------------------------------------------------


def test_a_whole_reply_is_read_whole() -> None:
    snapshot = parse_usage(json.dumps(whole_reply()).encode(), received_at=NOW, date_header=DATE)
    assert [fact.name for fact in facts() if not fact.holds(snapshot)] == []
    assert not snapshot.is_partial


@pytest.mark.parametrize("part", range(5))
def test_a_broken_field_costs_no_other(part: int) -> None:
    """Figure 17, F-U03…F-U18: 0 exceptions, 0 good fields lost."""
    chance = random.Random(SEED * 1000 + part)
    places, known = places_of(whole_reply()), facts()
    for _ in range(MUTATIONS // 5):
        mutation = mutated(chance, places)
        snapshot = parse_usage(mutation.body, received_at=NOW, date_header=DATE)
        lost = [
            fact.name
            for fact in known
            if not (mutation.spoilt and fact.may_be_lost_by(mutation.spoilt))
            and not fact.holds(snapshot)
        ]
        assert not lost, (mutation.name, lost, mutation.body[:3000])
