"""The limits that a chat answer tells, by its headers and its events."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.service_clock import ServiceClock, read_service_clock
from app.usage.headers import limits_from_event, limits_from_headers
from app.usage.limits import Credits, RateLimit, Source, UsageSnapshot

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
RECORDED = Path(__file__).parents[2] / "support" / "replies" / "rate_limit_event.sse"

# The headers of the recorded cases "rate_limit_headers" and "rate_limit_headers_family".
MAIN = {
    "x-codex-primary-used-percent": "61.5",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": str(EPOCH + 3600),
    "x-codex-secondary-used-percent": "12",
    "x-codex-secondary-window-minutes": "10080",
    "x-codex-secondary-reset-at": str(EPOCH + 90_000),
    "x-codex-credits-has-credits": "true",
    "x-codex-credits-unlimited": "false",
    "x-codex-credits-balance": "12.50",
    "x-codex-plan-type": "plus",
    "x-codex-active-limit": "codex",
    "x-request-id": "req-1",
}
FAMILY = {
    "x-codex-bengalfox-primary-used-percent": "88",
    "x-codex-bengalfox-primary-window-minutes": "60",
    "x-codex-bengalfox-limit-name": "gpt-tst",
}


def told(headers: dict[str, str], **changes: Any) -> UsageSnapshot:
    clock = read_service_clock(headers.get("date"), NOW)
    found = limits_from_headers(headers, NOW, clock, **changes)
    assert found is not None
    return found


def windows(limit: RateLimit) -> list[tuple[float | None, int | None, float | None]]:
    """Used percent, seconds, seconds to the reset."""
    return [
        (
            one.used_percent_reported,
            one.window_seconds,
            None if one.resets_at is None else (one.resets_at - NOW).total_seconds(),
        )
        for one in limit.windows
    ]


# --- headers -------------------------------------------------------------------------------------


def test_everything_the_headers_tell() -> None:
    found = told({**FAMILY, **MAIN})
    main, extra = found.limits
    assert (main.limit_id, windows(main)) == (
        "codex",
        [(61.5, 18_000, 3600), (12, 604_800, 90_000)],
    )
    assert (extra.limit_id, extra.name, windows(extra)) == (
        "codex_bengalfox",
        "gpt-tst",
        [(88, 3600, None)],
    )
    assert extra.windows[0].limit_name == "gpt-tst"
    assert found.credits == Credits(True, False, Decimal("12.50"))
    assert (found.plan, found.reached_type, found.source) == ("plus", "", Source.ANSWER)
    assert {(one.source, one.as_of) for one in found.limits} == {(Source.ANSWER, NOW)}
    assert (main.allowed, main.limit_reached) == (None, None)


@pytest.mark.parametrize(
    "headers", [{}, {"x-request-id": "x"}, {"x-codex-plan-type": "plus"}, {"date": "now"}]
)
def test_headers_without_limits_tell_nothing(headers: dict[str, str]) -> None:
    assert limits_from_headers(headers, NOW) is None


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({"used-percent": "10"}, [(10, None, None)]),  # recorded: rlh_used_only
        ({"used-percent": "0", "window-minutes": "300"}, [(0, 18_000, None)]),
        ({"used-percent": "0"}, []),
        ({"used-percent": "0", "window-minutes": "0"}, []),
        ({"used-percent": "0", "reset-at": str(EPOCH + 60)}, [(0, None, 60)]),
        ({"used-percent": "0", "reset-after-seconds": "90"}, [(0, None, 90)]),
        # an older service tells the seconds instead of the moment
        (
            {"used-percent": "5", "window-minutes": "300", "reset-after-seconds": "90"},
            [(5, 18_000, 90)],
        ),
        ({"used-percent": "NaN", "window-minutes": "300"}, []),
        ({"used-percent": "-1", "window-minutes": "-5"}, [(-1, None, None)]),
        ({"used-percent": "1e3", "window-minutes": "300"}, []),
        ({"used-percent": "5000", "window-minutes": "300"}, []),
        ({"used-percent": "7", "window-minutes": "9" * 99}, [(7, None, None)]),
        ({"window-minutes": "300", "reset-at": str(EPOCH)}, []),
    ],
)
def test_a_window_exists_if_it_says_something(
    more: dict[str, str], known: list[tuple[float, int | None, float | None]]
) -> None:
    headers = {f"x-codex-primary-{ending}": text for ending, text in more.items()}
    found = limits_from_headers(headers, NOW)
    assert ([] if found is None else windows(found.limits[0])) == known


def test_the_second_slot_alone() -> None:
    found = told({name: text for name, text in MAIN.items() if "primary" not in name})
    assert windows(found.limits[0]) == [(12, 604_800, 90_000)]


def test_a_window_that_has_not_begun_says_so_by_its_reset() -> None:
    """Peers fact 5."""
    headers = {
        "x-codex-primary-used-percent": "0.0",
        "x-codex-primary-window-minutes": "300",
        "x-codex-primary-reset-at": str(EPOCH + 18_000),
    }
    assert told(headers).limits[0].windows[0].is_sliding
    headers["x-codex-primary-reset-at"] = str(EPOCH + 17_000)
    assert not told(headers).limits[0].windows[0].is_sliding


def test_the_date_tells_how_far_our_clock_is_off() -> None:
    """F-U26."""
    date = (NOW - timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    found = told({**MAIN, "date": date})
    assert found.clock_offset_s == pytest.approx(-3600, abs=1)
    assert found.limits[0].as_of == found.served_at
    assert found.served_at == NOW - timedelta(seconds=3599.5)
    assert told({**MAIN, "date": "nonsense"}).served_at is None


@pytest.mark.parametrize(
    ("flags", "known"),
    [
        ({"has-credits": "1", "unlimited": "0", "balance": ""}, Credits(True)),
        ({"has-credits": "false", "unlimited": "false"}, Credits()),  # rlh_credits_only
        ({"unlimited": "TRUE"}, Credits(unlimited=True)),
        ({"has-credits": "maybe"}, None),
        ({"balance": "7"}, Credits(True, balance=Decimal(7))),
        ({"has-credits": "true", "balance": "a lot"}, Credits(True)),
    ],
)
def test_credits(flags: dict[str, str], known: Credits | None) -> None:
    headers = {f"x-codex-credits-{ending}": text for ending, text in flags.items()}
    found = limits_from_headers(headers, NOW)
    assert (None if found is None else found.credits) == known


def test_a_refusal_marks_the_active_limit() -> None:
    """F-U22: "usage limit reached" counts at once, with windows or without."""
    refused = told({**MAIN, **FAMILY}, is_refusal=True)
    assert [one.limit_reached for one in refused.limits] == [True, None]
    other = {**FAMILY, "x-codex-active-limit": "codex_bengalfox"}
    (bucket,) = told(other, is_refusal=True).limits
    assert (bucket.limit_id, bucket.limit_reached) == ("codex_bengalfox", True)
    (bare,) = told({}, is_refusal=True).limits
    assert (bare.limit_id, bare.windows, bare.limit_reached) == ("codex", (), True)
    typed = told({"x-codex-rate-limit-reached-type": "workspace_owner_credits_depleted"})
    assert typed.reached_type == "workspace_owner_credits_depleted"
    assert typed.limits[0].limit_reached


def test_words_of_the_service_are_kept_for_diagnostics() -> None:
    found = told({**MAIN, "x-codex-promo-message": "More\x1b[31m for you"})
    assert found.kept == (("promo", '"More\\u001b[31m for you"'),)


def test_names_out_of_headers_are_cleaned_and_few() -> None:
    many = {f"x-b{n}-primary-used-percent": "5" for n in range(100)}
    found = told({**many, **MAIN, "x-b1-limit-name": "a\u202eb" + "x" * 99})
    assert len(found.limits) == 20
    assert found.limits[0].limit_id == "codex"
    name = next(one.name for one in found.limits if one.limit_id == "b1")
    assert "\u202e" not in name
    assert len(name) == 40
    odd = {"x--primary-used-percent": "5", "x-" + "a" * 60 + "-primary-used-percent": "5"}
    assert limits_from_headers(odd, NOW) is None


@given(
    st.dictionaries(
        st.sampled_from(
            [*MAIN, *FAMILY, "x-codex-primary-reset-after-seconds", "date", "x-zz-limit-name"]
        ),
        st.text(max_size=30),
    ),
    st.booleans(),
)
def test_no_header_breaks_anything(headers: dict[str, str], is_refusal: bool) -> None:
    found = limits_from_headers(headers, NOW, is_refusal=is_refusal)
    assert not is_refusal or (found is not None and any(one.limit_reached for one in found.limits))
    for window in found.windows if found else ():
        assert window.used_percent is None or 0 <= window.used_percent <= 100
        assert window.window_seconds is None or window.window_seconds > 0


@given(st.sampled_from(sorted(MAIN)), st.text(max_size=30))
def test_one_odd_header_costs_only_its_own_field(name: str, odd: str) -> None:
    found = told({**MAIN, name: odd})
    other = "secondary" if "-primary-" in name else "primary"
    expected = (12, 604_800, 90_000) if other == "secondary" else (61.5, 18_000, 3600)
    assert expected in windows(found.limits[0])


# --- events --------------------------------------------------------------------------------------


def event(**changes: Any) -> dict[str, Any]:
    return {
        "type": "codex.rate_limits",
        "plan_type": "plus",
        "rate_limits": {
            "allowed": True,
            "limit_reached": False,
            "primary": {
                "used_percent": 42,
                "window_minutes": 300,
                "reset_after_seconds": 100,
                "reset_at": EPOCH + 100,
            },
            "secondary": None,
        },
        "code_review_rate_limits": None,
        "credits": {"has_credits": True, "unlimited": False, "balance": "9.99"},
        "promo": None,
        **changes,
    }


def test_the_recorded_event() -> None:
    line = RECORDED.read_text("utf-8").splitlines()[1].removeprefix("data: ")
    frame = json.loads(line)
    at = datetime.fromtimestamp(frame["rate_limits"]["primary"]["reset_at"] - 100, UTC)
    found = limits_from_event(frame, at)
    assert found is not None
    (main,) = found.limits
    assert (main.limit_id, main.allowed, main.limit_reached) == ("codex", True, False)
    (window,) = main.windows
    assert (window.window_id, window.used_percent) == ("codex/18000", 42)
    assert window.resets_in(at) == timedelta(seconds=100)
    assert found.credits == Credits(True, False, Decimal("9.99"))
    assert (found.plan, found.source, main.as_of) == ("plus", Source.ANSWER, at)


@pytest.mark.parametrize(
    ("names", "limit_id", "name"),
    [
        ({}, "codex", ""),
        ({"metered_limit_name": "codex"}, "codex", ""),
        (
            {"metered_limit_name": "codex-bengalfox", "limit_name": "Spark"},
            "codex_bengalfox",
            "Spark",
        ),
        ({"limit_name": "Codex_Bengalfox"}, "codex_bengalfox", ""),
        ({"metered_limit_name": 5, "limit_name": None}, "5", ""),
    ],
)
def test_an_event_names_its_limit(names: dict[str, Any], limit_id: str, name: str) -> None:
    found = limits_from_event(event(**names), NOW)
    assert found is not None
    assert (found.limits[0].limit_id, found.limits[0].name) == (limit_id, name)


def test_an_event_may_tell_code_review_too() -> None:
    review = {"primary": {"used_percent": 3, "window_minutes": 10_080, "reset_at": EPOCH + 60}}
    found = limits_from_event(event(code_review_rate_limits=review), NOW)
    assert found is not None
    assert [one.limit_id for one in found.limits] == ["codex", "code_review"]


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, {"primary": 7}, {"allowed": True}])
def test_an_event_without_windows_still_tells_credits(odd: Any) -> None:
    found = limits_from_event(event(rate_limits=odd), NOW)
    assert found is not None
    assert (found.limits, found.credits is None) == ((), False)
    assert limits_from_event(event(rate_limits=odd, credits=None), NOW) is None


def test_a_limit_reached_without_windows_is_news() -> None:
    found = limits_from_event(event(rate_limits={"limit_reached": True}), NOW)
    assert found is not None
    assert found.limits[0].limit_reached is True


def test_numbers_of_an_event_that_are_none() -> None:
    """A stream is decoded without the guards of a reply."""
    clock = ServiceClock(NOW + timedelta(seconds=9), NOW - timedelta(seconds=3), 12.0)
    for odd in (float("nan"), float("inf"), 10**4000, "NaN", True):
        broken = {"used_percent": odd, "window_minutes": 300, "reset_at": odd}
        frame = event(rate_limits={"primary": broken})
        found = limits_from_event(frame, NOW, clock)
        assert found is not None
        assert windows(found.limits[0]) == [(None, 18_000, None)]
        assert found.clock_offset_s == 12.0
        assert found.served_at == NOW + timedelta(seconds=12)
