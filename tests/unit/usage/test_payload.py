"""One broken field never costs its neighbours: the rows F-U01…F-U26, each with its outcome."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import AppError, FaultKind
from app.usage.limits import ResetCredit, UsageSnapshot
from app.usage.payload import ADDITIONAL_LIMITS, parse_reset_credits, parse_usage

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def window(**changes: Any) -> dict[str, Any]:
    return {
        "used_percent": 40,
        "limit_window_seconds": 18_000,
        "reset_after_seconds": 3600,
        "reset_at": EPOCH + 3600,
        **changes,
    }


def reply(primary: Any = None, **changes: Any) -> dict[str, Any]:
    """A reply with a good weekly window in the second slot."""
    weekly = window(
        used_percent=7,
        limit_window_seconds=604_800,
        reset_after_seconds=86_400,
        reset_at=EPOCH + 86_400,
    )
    return {
        "plan_type": "plus",
        "rate_limit": {
            "allowed": True,
            "limit_reached": False,
            "primary_window": primary,
            "secondary_window": weekly,
        },
        **changes,
    }


def read(value: object, date: str | None = None) -> UsageSnapshot:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return parse_usage(body, received_at=NOW, date_header=date)


def read_window(**changes: Any) -> Any:
    """The window with `changes`; the weekly one beside it is checked on the way."""
    snapshot = read(reply(window(**changes)))
    weekly = [w for w in snapshot.windows if w.window_seconds == 604_800]
    assert [w.used_percent for w in weekly] == [7]
    return next((w for w in snapshot.windows if w.window_seconds != 604_800), None)


def date_of(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


# --- what is there, what is not ------------------------------------------------------------------


def test_no_rate_limit_still_shows_the_account() -> None:
    """F-U01."""
    for rate_limit in (None, "absent"):
        value = {"plan_type": "plus", "email": "ann@example.com", "rate_limit": rate_limit}
        if rate_limit == "absent":
            del value["rate_limit"]
        snapshot = read(value)
        assert (snapshot.windows, snapshot.plan) == ((), "plus")
        assert snapshot.email == "ann@example.com"


@pytest.mark.parametrize("missing", [None, {}, "absent"])
def test_a_missing_window_leaves_the_other_alone(missing: Any) -> None:
    """F-U02."""
    value = reply(missing)
    if missing == "absent":
        del value["rate_limit"]["primary_window"]
    snapshot = read(value)
    assert [w.window_id for w in snapshot.windows] == ["codex/604800"]
    assert not snapshot.is_partial


@pytest.mark.parametrize("broken", ["text", 5, True, [], [1], {"used_percent": []}, {"x": 1}])
def test_a_malformed_window_leaves_the_good_one(broken: Any) -> None:
    """F-U03."""
    snapshot = read(reply(broken))
    assert [w.window_id for w in snapshot.windows] == ["codex/604800"]
    assert snapshot.is_partial


# --- used percent --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (61.5, 61.5),  # F-U04
        ("61", 61.0),
        (" 61 ", 61.0),
        ("61%", None),
        ("", None),
        (None, None),  # F-U05
        (True, None),
        ([], None),
        ({}, None),
        (-5, -5.0),  # F-U07
        (130, 130.0),
        (1000, 1000.0),
        (1001, None),
        (1e6, None),
        (-1001, None),
        (int("9" * 40), None),  # F-U08
    ],
)
def test_used_percent(sent: Any, known: float | None) -> None:
    found = read_window(used_percent=sent)
    assert found.used_percent_reported == known
    assert found.used_percent == (None if known is None else min(100.0, max(0.0, known)))
    assert found.resets_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_are_none_cost_only_their_field(literal: str) -> None:
    """F-U06, F-U08."""
    body = json.dumps(reply(window(used_percent="HERE"))).replace('"HERE"', literal).encode()
    snapshot = read(body)
    assert snapshot.windows[0].used_percent is None
    assert snapshot.windows[1].used_percent == 7
    assert snapshot.unread == ("rate_limit.primary_window.used_percent",)


# --- reset times ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reset_at", "after", "left_s"),
    [
        (EPOCH + 600, 600, 600),
        (EPOCH + 600, None, 600),
        (None, 600, 600),
        (0, 600, 600),
        (-4, 600, 600),
        (EPOCH - 3 * 86_400, 600, 600),
        (EPOCH - 60, None, -60),  # due, and not said to be over yet
        (EPOCH - 3 * 86_400, None, None),
        (EPOCH + 70 * 86_400, None, None),
        ((EPOCH + 600) * 1000, None, 600),  # milliseconds
        (str(EPOCH + 600), None, 600),
        ("2026-11-22T12:10:00Z", None, 600),
        ("2026-11-22T13:10:00+01:00", None, 600),
        ("2026-11-22T12:10:00", None, 600),
        ("tomorrow", 600, 600),
        ("tomorrow", None, None),
        (2**31 + 5, 600, 600),
        (10**20, None, None),
        (True, None, None),
        (None, None, None),
        (EPOCH + 600, -5, 600),
        (EPOCH + 600, 10**12, 600),
        (EPOCH + 600, 700, 600),  # within the tolerance the fixed moment holds
        (EPOCH + 600, 900, 900),  # F-U10
    ],
)
def test_reset_times(reset_at: Any, after: Any, left_s: float | None) -> None:
    """F-U09, F-U10."""
    snapshot = read(reply(window(reset_at=reset_at, reset_after_seconds=after)), date=date_of(NOW))
    found = next(w for w in snapshot.windows if w.window_seconds == 18_000)
    remaining = found.resets_in(snapshot.server_now(NOW))
    assert (None if remaining is None else remaining.total_seconds()) == left_s


def test_a_yearly_window_may_reset_a_year_ahead() -> None:
    year = 365 * 86_400
    found = read_window(
        limit_window_seconds=year, reset_at=EPOCH + year - 60, reset_after_seconds=None
    )
    assert found.resets_at == NOW + timedelta(seconds=year - 60)


def test_without_a_date_the_body_tells_the_skew() -> None:
    """F-U10: our clock is two days fast; moments stay, countdowns are right."""
    value = reply(window(reset_at=EPOCH - 2 * 86_400 + 3600))
    value["rate_limit"]["secondary_window"] = None
    snapshot = read(value)
    assert snapshot.clock_offset_s == -2 * 86_400
    assert snapshot.windows[0].resets_in(snapshot.server_now(NOW)) == timedelta(hours=1)
    assert snapshot.served_at is None


def test_an_incredible_skew_of_the_body_is_not_believed() -> None:
    value = {"rate_limit": {"primary_window": window(reset_at=4_000_000_000)}}
    snapshot = read(value)
    assert snapshot.clock_offset_s == 0
    assert snapshot.windows[0].resets_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("days", [-2, 2])
def test_countdowns_are_right_with_a_wrong_clock(days: int) -> None:
    """F-U26, to two seconds."""
    server_now = NOW + timedelta(days=days)
    moment = int(server_now.timestamp()) + 3600
    value = {"rate_limit": {"primary_window": window(reset_at=moment)}}
    snapshot = read(value, date=date_of(server_now))
    left = snapshot.windows[0].resets_in(snapshot.server_now(NOW))
    assert left is not None
    assert abs(left.total_seconds() - 3600) <= 2
    assert snapshot.clock_offset_s == pytest.approx(days * 86_400, abs=1)
    assert snapshot.served_at == server_now + timedelta(milliseconds=500)


@pytest.mark.parametrize("date", ["rubbish", "", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_useless_date_is_no_date(date: str) -> None:
    snapshot = read(reply(window()), date=date)
    assert (snapshot.clock_offset_s, snapshot.served_at) == (0, None)


# --- lengths and identity ------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, -1, None, 1e12, "long", True])
def test_a_window_without_a_length_is_still_shown(seconds: Any) -> None:
    """F-U12."""
    found = read_window(limit_window_seconds=seconds)
    assert (found.window_seconds, found.used_percent) == (None, 40)


def test_windows_are_known_by_length_not_by_slot() -> None:
    """F-U11: swapped slots give the same windows in the same order."""
    plain = reply(window())
    swapped = reply(plain["rate_limit"]["secondary_window"])
    swapped["rate_limit"]["secondary_window"] = window()
    assert read(plain).windows == read(swapped).windows
    assert [w.window_id for w in read(plain).windows] == ["codex/18000", "codex/604800"]


def test_two_windows_of_one_length_keep_apart() -> None:
    """F-U11."""
    snapshot = read(reply(window(limit_window_seconds=604_800)))
    assert [w.window_id for w in snapshot.windows] == ["codex/604800", "codex/604800#2"]
    assert [w.used_percent for w in snapshot.windows] == [40, 7]
    swapped = reply(snapshot_slot := reply(window())["rate_limit"]["secondary_window"])
    swapped["rate_limit"]["secondary_window"] = window(limit_window_seconds=604_800)
    assert snapshot_slot["used_percent"] == 7
    assert read(swapped).windows == snapshot.windows  # the one that ends first comes first


@pytest.mark.parametrize(
    ("changes", "slides"),
    [
        ({"used_percent": 0, "reset_after_seconds": 18_000, "reset_at": EPOCH + 18_000}, True),
        ({"used_percent": 0, "reset_after_seconds": 18_000, "reset_at": None}, True),
        ({"used_percent": 0, "reset_after_seconds": None, "reset_at": EPOCH + 18_001}, True),
        ({"used_percent": 0, "reset_after_seconds": 17_990, "reset_at": EPOCH + 17_990}, False),
        ({"used_percent": 1, "reset_after_seconds": 18_000, "reset_at": EPOCH + 18_000}, False),
        ({"used_percent": 0, "reset_after_seconds": None, "reset_at": None}, False),
        ({"used_percent": 0, "limit_window_seconds": None}, False),
    ],
)
def test_a_window_that_has_not_begun(changes: dict[str, Any], slides: bool) -> None:
    """Peers fact 5: unused, and all of it still ahead."""
    assert read_window(**changes).is_sliding is slides


# --- texts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("prolite", "prolite"),
        ("PLUS", "PLUS"),
        (None, ""),
        (7, "7"),
        (True, ""),
        ([], ""),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\ud800plus", "plus"),
        ("one\n\ttwo", "one two"),
        ("\u202egalaxy\u200b", "galaxy"),
        ("x" * 10_240, "x" * 39 + "…"),
    ],
)
def test_plan_names(sent: Any, shown: str) -> None:
    """F-U08, F-U13, T-54."""
    snapshot = read(reply(plan_type=sent))
    assert snapshot.plan == shown
    assert len(snapshot.windows) == 1


# --- further limits and blocks -------------------------------------------------------------------


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "limit_name": "Spark",
        "metered_feature": "codex_spark",
        "rate_limit": {"primary_window": window()},
        **changes,
    }


@pytest.mark.parametrize("count", [0, 1, 50, 10_000])
def test_many_additional_limits_are_cut(count: int) -> None:
    """F-U14."""
    entries = [entry(metered_feature=f"f{n}") for n in range(count)]
    snapshot = read(reply(additional_rate_limits=entries))
    shown = min(count, ADDITIONAL_LIMITS)
    assert [limit.limit_id for limit in snapshot.other_limits] == [f"f{n}" for n in range(shown)]
    assert snapshot.is_partial == (count > ADDITIONAL_LIMITS)


def test_a_broken_additional_limit_is_left_out() -> None:
    """F-U14: duplicated and missing names get stable ids of their own."""
    entries = [
        entry(),
        5,
        entry(),
        entry(metered_feature=None),
        entry(metered_feature=None, limit_name=None),
        entry(metered_feature="code_review"),
        entry(rate_limit=None),
        entry(rate_limit=[]),
    ]
    value = reply(additional_rate_limits=entries)
    ids = [limit.limit_id for limit in read(value).other_limits]
    assert ids == ["codex_spark", "codex_spark-2", "Spark", "limit", "code_review-2"]
    assert ids == [limit.limit_id for limit in read(value).other_limits]
    assert read(value).unread == (
        "additional_rate_limits[1]",
        "additional_rate_limits[7].rate_limit",
    )


@pytest.mark.parametrize(
    "block",
    [
        "code_review_rate_limit",
        "additional_rate_limits",
        "credits",
        "spend_control",
        "rate_limit_reached_type",
        "rate_limit_reset_credits",
    ],
)
@pytest.mark.parametrize("broken", [5, True, "text", [[]], {"primary_window": 1}, {"type": []}])
def test_optional_blocks_fail_alone(block: str, broken: Any) -> None:
    """F-U15."""
    snapshot = read(reply(window(), **{block: broken}))
    assert [w.window_id for w in snapshot.main_windows] == ["codex/18000", "codex/604800"]


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("12.50", Decimal("12.50")),
        (12, Decimal(12)),
        (12.5, Decimal("12.5")),
        (0, Decimal(0)),
        (None, None),
        ("", None),
        ("NaN", None),
        ("1,000", None),
        (True, None),
    ],
)
def test_credit_balances(sent: Any, known: Decimal | None) -> None:
    """F-U15."""
    found = read(reply(credits={"has_credits": True, "unlimited": False, "balance": sent})).credits
    assert found is not None
    assert (found.balance, found.has_credits) == (known, True)


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ([10, 20], (10, 20)),
        ([20, 10], (10, 20)),
        (["10", 20.0], (10, 20)),
        (15, (15, 15)),
        ([15], (15, 15)),
        (None, None),
        ([], None),
        ([1, 2, 3], None),
        ([1, None], None),
        ([-1, 2], None),
        ("many", None),
    ],
)
def test_approximate_messages(sent: Any, known: tuple[int, int] | None) -> None:
    found = read(reply(credits={"has_credits": True, "approx_local_messages": sent})).credits
    assert found is not None
    assert found.approx_local_messages == known


def test_the_cap_of_a_workspace() -> None:
    cap = {
        "source": "member",
        "limit": "100",
        "used": "25.5",
        "remaining": "74.5",
        "used_percent": 25.5,
        "reset_after_seconds": 600,
        "reset_at": EPOCH + 600,
    }
    found = read(reply(spend_control={"reached": False, "individual_limit": cap})).spend_control
    assert found is not None
    assert found.limit == 100
    assert (found.used, found.remaining) == (Decimal("25.5"), Decimal("74.5"))
    assert (found.used_percent, found.source, found.reached) == (25.5, "member", False)
    assert found.resets_at == NOW + timedelta(minutes=10)


@pytest.mark.parametrize("spelling", ["reset_at", "resets_at"])
def test_the_reset_of_a_cap_has_two_spellings(spelling: str) -> None:
    """Peers fact 14."""
    cap = {"limit": "100", spelling: EPOCH + 600}
    found = read(reply(spend_control={"individual_limit": cap})).spend_control
    assert found is not None
    assert found.resets_at == NOW + timedelta(minutes=10)


def test_a_cap_may_tell_what_is_left_instead_of_what_is_used() -> None:
    cap = {"limit": "100", "remaining_percent": 75}
    found = read(reply(spend_control={"individual_limit": cap})).spend_control
    assert found is not None
    assert found.used_percent == 25


def test_an_additional_limit_may_stand_in_for_another_model() -> None:
    found = read(reply(additional_rate_limits=[entry(normal_model_slug="gpt-5.6-luna")]))
    assert found.other_limits[0].normal_model == "gpt-5.6-luna"
    found = read(reply(additional_rate_limits=[entry(normal_model_slug=["x"])]))
    assert found.other_limits[0].normal_model == ""
    assert found.is_partial


# --- resets that may be redeemed -----------------------------------------------------------------


def credit(**changes: Any) -> dict[str, Any]:
    return {
        "id": "rc1",
        "reset_type": "rate_limit",
        "status": "available",
        "granted_at": EPOCH - 60,
        "expires_at": EPOCH + 60,
        "title": "One reset",
        "description": None,
        **changes,
    }


def test_the_resets_that_may_be_redeemed_soonest_expiry_first() -> None:
    body = {
        "credits": [
            credit(id="never", expires_at=None),
            credit(id="later", expires_at="2026-12-01T00:00:00Z", title=None),
            credit(),
            credit(id="gone", status="redeemed"),
            credit(id="going", status="redeeming"),
            credit(id="untold", status=None, expires_at=EPOCH * 1000 + 90_000),
            "broken",
            credit(id=5, expires_at="soon"),
        ],
        "available_count": 4,
        "total_earned_count": 9,
    }
    found = parse_reset_credits(json.dumps(body).encode())
    assert [one.credit_id for one in found] == ["rc1", "untold", "later", "never", "5"]
    assert found[0] == ResetCredit(
        "rc1", NOW + timedelta(minutes=1), NOW - timedelta(minutes=1), "One reset", "rate_limit"
    )
    assert [one.expires_at is None for one in found] == [False, False, False, True, True]


@pytest.mark.parametrize("body", [b"{}", b'{"credits": null}', b'{"credits": {}}'])
def test_no_resets(body: bytes) -> None:
    assert parse_reset_credits(body) == ()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>"])
def test_what_is_no_list_of_resets_is_not_understood(body: bytes) -> None:
    with pytest.raises(AppError) as caught:
        parse_reset_credits(body)
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD


# --- the whole document --------------------------------------------------------------------------


def test_unknown_blocks_are_kept_by_name() -> None:
    """F-U16: other spellings are other keys, and make nothing partial."""
    snapshot = read(reply(window(), brand_new={"x": 1}, Plan_Type="x", **{"a\x1bb": 1}))
    assert snapshot.unknown == ("brand_new", "Plan_Type", "ab")
    assert not snapshot.is_partial


def test_unknown_blocks_are_counted_to_twenty() -> None:
    assert len(read(reply(**{f"new_{n}": n for n in range(100)})).unknown) == 20


def test_blocks_without_a_place_of_their_own_are_kept_for_diagnostics() -> None:
    """Short, on one line, and never part of what is compared or printed."""
    odd = {"message": "\x1b[31mhi", "numbers": [1e999]}
    body = json.dumps(reply(window(), promo=odd, model_usage={"m": {}}, extra="x" * 9999))
    snapshot = read(body.encode())
    kept = dict(snapshot.kept)
    assert kept["promo"] == '{"message": "\\u001b[31mhi", "numbers": ["UNREADABLE"]}'
    assert kept["model_usage"] == '{"m": {}}'
    assert len(kept["extra"]) == 600
    assert read(json.dumps(reply(window(), promo=None, referral_beacon={})).encode()).kept == ()
    assert "31m" not in repr(snapshot)
    assert snapshot == read(json.dumps(reply(window())).encode())


def test_a_key_that_stands_twice_makes_the_reply_doubtful() -> None:
    """F-U17."""
    body = json.dumps(reply(window())).replace(
        '"used_percent": 40', '"used_percent": 1, "used_percent": 40'
    )
    assert read(body.encode()).is_doubtful
    assert not read(reply(window())).is_doubtful


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b'{"error": {"code": "x"}}',  # F-H17
        b'{"email": "ann@example.com"}',
        b"<html>login</html>",
        b'{"plan_type": "plus", ',  # F-N11
        b'{"plan_type": "plus"} x',
        b"[" * 100_000,  # F-U18
        b'{"plan_type":' * 100_000,
        b'{"plan_type": "plus", "x": ' + b"[" * 64 + b"]" * 64 + b"}",
        json.dumps(reply()).encode("utf-16"),  # F-U21
        '{"plan_type": "é"}'.encode("latin-1"),
    ],
)
def test_what_is_no_usage_reply_is_not_understood(body: bytes) -> None:
    with pytest.raises(AppError) as caught:
        read(body)
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD
    assert "ann@" not in str(caught.value)


def test_a_byte_order_mark_is_allowed() -> None:
    """F-U21."""
    assert read(b"\xef\xbb\xbf" + json.dumps(reply()).encode()).plan == "plus"


def test_the_service_flags_win_over_the_percent() -> None:
    """F-U23."""
    for flags in ({"allowed": False}, {"limit_reached": True}):
        value = {"rate_limit": {**flags, "primary_window": window(used_percent=3)}}
        snapshot = read(value)
        assert snapshot.is_exhausted
        assert snapshot.windows[0].used_percent == 3


# --- anything at all -----------------------------------------------------------------------------

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([0, -1, 61.5, "61", 18_000, 604_800, EPOCH + 600, EPOCH * 1000, "NaN"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_SLOTS = [
    ("plan_type",),
    ("credits",),
    ("credits", "balance"),
    ("credits", "approx_local_messages"),
    ("code_review_rate_limit",),
    ("additional_rate_limits",),
    ("additional_rate_limits", 0),
    ("additional_rate_limits", 0, "rate_limit"),
    ("spend_control",),
    ("spend_control", "individual_limit"),
    ("rate_limit", "primary_window"),
    ("rate_limit", "primary_window", "used_percent"),
    ("rate_limit", "primary_window", "limit_window_seconds"),
    ("rate_limit", "primary_window", "reset_after_seconds"),
    ("rate_limit", "primary_window", "reset_at"),
    ("rate_limit", "allowed"),
    ("rate_limit_reached_type",),
    ("rate_limit_reset_credits",),
    ("account_id",),
]


def full() -> dict[str, Any]:
    return reply(
        window(),
        credits={"has_credits": True, "balance": "5", "approx_local_messages": [1, 2]},
        code_review_rate_limit={"primary_window": window()},
        additional_rate_limits=[entry()],
        spend_control={"reached": False, "individual_limit": {"limit": "1"}},
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_SLOTS), _JSON), min_size=1, max_size=6))
def test_no_mutation_raises_or_costs_the_weekly_window(
    mutations: list[tuple[tuple[str | int, ...], Any]],
) -> None:
    """Figure 17: every outcome typed, no good field lost to a bad neighbour."""
    value: Any = full()
    for path, replacement in mutations:
        place = value
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = replacement
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation removed the place
    snapshot = read(json.dumps(value).encode("utf-8", "surrogatepass"), date=date_of(NOW))
    weekly = [w for w in snapshot.main_windows if w.used_percent_reported == 7]
    assert any(w.resets_at == NOW + timedelta(days=1) for w in weekly)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_a_snapshot_or_one_kind_of_fault(body: bytes) -> None:
    kind = FaultKind.NOT_UNDERSTOOD
    try:
        parse_usage(body, received_at=NOW)
    except AppError as error:
        kind = error.fault.kind
    assert kind is FaultKind.NOT_UNDERSTOOD


def test_time_is_linear_in_the_length() -> None:
    """Figure 17 asks for 5 ms; here the ratio, which a busy machine cannot spoil."""

    def seconds(repeats: int) -> float:
        body = json.dumps(reply(window(), filler=['[]{}\\"' * 100] * repeats)).encode()
        best = 1.0
        for _ in range(3):
            start = time.process_time()
            read(body)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(800) < 40 * max(seconds(100), 0.0005)


@pytest.mark.parametrize("body", [b'{"' + b'\\"' * 300_000, b'{"a":"' + b"[" * 900_000])
def test_hostile_quotes_do_not_stall(body: bytes) -> None:
    start = time.process_time()
    with pytest.raises(AppError):
        read(body)
    assert time.process_time() - start < 3


def test_notes_about_broken_fields_are_bounded() -> None:
    broken = [entry(rate_limit={"primary_window": {"used_percent": "x", "reset_at": []}})] * 50
    snapshot = read(reply(additional_rate_limits=broken))
    assert len(snapshot.unread) == 50
    assert [w.window_id for w in snapshot.windows] == ["codex/604800"]
