"""Tooltip of the tray icon and the summary for screen readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.tokens import Account
from app.errors import Fault, FaultKind
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus
from app.usage.limits import Doubt, RateLimit, RateLimitWindow, UsageSnapshot
from app.wording import tray

NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400


def window(seconds: int, used: float | None, resets_in: timedelta | None) -> RateLimitWindow:
    return RateLimitWindow("codex", used, seconds, None if resets_in is None else NOW + resets_in)


SHORT = window(18_000, 78, timedelta(hours=2, minutes=24))
LONG = window(7 * DAY, 31, timedelta(days=3, hours=19, minutes=31))
SNAPSHOT = UsageSnapshot(NOW, "plus", (RateLimit("codex", (SHORT, LONG)),))
SIGNED_IN = SessionState(SessionStatus.SIGNED_IN, Account("acc", email="ann@example.com"))
STATE = AppState(session=SIGNED_IN, usage=SNAPSHOT, settings=Settings(clock="24h"))


def test_every_window_and_its_reset_are_named() -> None:
    assert tray.tray_tooltip(STATE, NOW, BERLIN).splitlines() == [
        "Tidegauge · Plus",
        "5-hour: 78 % used, resets at 16:05, runs out 14:25",
        "Weekly: 31 % used, resets Thu 09:12, 15 % in reserve",
        "Updated at 13:41",
    ]


def test_old_numbers_say_when_they_were_new_and_nothing_of_pace() -> None:
    later = NOW + timedelta(minutes=40)
    assert tray.tray_tooltip(STATE, later, BERLIN).splitlines()[1:] == [
        "5-hour: 78 % used, resets at 16:05",
        "Weekly: 31 % used, resets Thu 09:12",
        "Out of date, updated at 13:41",
    ]
    assert tray.tray_tooltip_short(STATE, later, BERLIN).splitlines()[-1:] == [
        "Out of date, updated at 13:41"
    ]


def test_what_blocks_a_window_and_what_is_in_doubt_are_told() -> None:
    limits = (RateLimit("codex", (SHORT, replace(LONG, used_percent_reported=100.0))),)
    usage = replace(SNAPSHOT, limits=limits, is_doubtful=True, doubts=(Doubt.JUMPED,))
    lines = tray.tray_tooltip(replace(STATE, usage=usage), NOW, BERLIN).splitlines()
    assert lines[1:3] == [
        "5-hour: 78 % used, resets at 16:05, blocked by the weekly limit",
        "Weekly: 100 % used, resets Thu 09:12, limit reached",
    ]
    assert lines[-1] == "Far more used than a moment ago; asking again."
    unexplained = replace(STATE, usage=replace(SNAPSHOT, is_doubtful=True))
    assert "not sure" in tray.tray_tooltip(unexplained, NOW, BERLIN)


def test_a_window_not_begun_is_spoken_of_without_a_reset() -> None:
    spoken = tray.spoken_window(replace(SHORT, is_sliding=True), SNAPSHOT, NOW)
    assert spoken == "5-hour limit: 78 % used, starts with the first use."


def test_of_fifty_limits_the_first_eight_are_told() -> None:
    limits = tuple(
        RateLimit(f"m{n}", (replace(SHORT, limit_id=f"m{n}", limit_name=f"Model {n}"),))
        for n in range(50)
    )
    usage = replace(SNAPSHOT, limits=limits)
    lines = tray.tray_tooltip(replace(STATE, usage=usage), NOW, BERLIN).splitlines()
    assert (len(lines), lines[-2]) == (11, "42 more limits")


def test_the_tooltip_in_chinese(in_chinese: None) -> None:
    state = replace(STATE, settings=Settings(clock="24h", gauge_shows="remaining"))

    assert tray.tray_tooltip(state, NOW, BERLIN).splitlines() == [
        "Tidegauge · Plus",
        "5 小时：剩余 22 %，16:05 重置，预计 14:25 用尽",
        "每周：剩余 69 %，周四 09:12 重置，富余 15 %",
        "更新于 13:41",
    ]


def test_no_tooltip_names_the_person() -> None:
    """T-41."""
    state = replace(STATE, poll=PollState(fault=Fault(FaultKind.OFFLINE)))
    texts = (tray.tray_tooltip(state, NOW, BERLIN), tray.tray_tooltip_short(state, NOW, BERLIN))

    assert not [text for text in (*texts, tray.spoken_summary(state, NOW)) if "ann" in text]


def test_an_exhausted_limit_is_said_first() -> None:
    """F-U23: the service's own flag, whatever the percentage."""
    used_up = replace(SNAPSHOT, limits=(RateLimit("codex", (SHORT,), limit_reached=True),))

    lines = tray.tray_tooltip(replace(STATE, usage=used_up), NOW, BERLIN).splitlines()

    assert lines[1] == "Limit reached"


def test_a_reply_without_limits_says_so() -> None:
    """F-U01."""
    state = replace(STATE, usage=UsageSnapshot(NOW, "plus"))

    assert "reports no limits" in tray.tray_tooltip(state, NOW, BERLIN)
    assert "reports no limits" in tray.spoken_summary(state, NOW)


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (SessionStatus.STARTING, "Starting…"),
        (SessionStatus.SIGNED_OUT, "Not signed in"),
        (SessionStatus.SIGNING_IN, "A sign-in is under way"),
        (SessionStatus.SIGNED_IN, "Waiting for the first numbers…"),
        (SessionStatus.EXPIRED, "Sign in again"),
        (SessionStatus.KEYRING_LOCKED, "Keyring locked"),
    ],
)
def test_without_numbers_the_state_is_named(status: SessionStatus, line: str) -> None:
    state = AppState(session=SessionState(status))

    assert tray.tray_tooltip(state, NOW, BERLIN).splitlines() == ["Tidegauge", line]


def test_a_fault_is_added_and_the_numbers_stay() -> None:
    state = replace(STATE, poll=PollState(fault=Fault(FaultKind.OFFLINE)))

    assert tray.tray_tooltip(state, NOW, BERLIN).splitlines()[-2:] == [
        "Updated at 13:41",
        "Offline",
    ]
    without = AppState(session=SIGNED_IN, poll=state.poll)
    assert tray.tray_tooltip(without, NOW, BERLIN).splitlines() == ["Tidegauge", "Offline"]
    assert tray.tray_tooltip_short(without, NOW, BERLIN) == "Offline"


def test_the_short_form() -> None:
    due = window(DAY, None, timedelta(seconds=-1))
    usage = replace(SNAPSHOT, limits=(RateLimit("codex", (SHORT, LONG, due)),))

    assert tray.tray_tooltip_short(replace(STATE, usage=usage), NOW, BERLIN).splitlines() == [
        "5-hour 78 % · 16:05",
        "Weekly 31 % · Thu 09:12",
        "Daily –",
        "5-hour: runs out 14:25",
        "Updated at 13:41",
    ]
    calm = replace(SNAPSHOT, limits=(RateLimit("codex", (LONG,)),))
    assert tray.tray_tooltip_short(replace(STATE, usage=calm), NOW, BERLIN).splitlines() == [
        "Weekly 31 % · Thu 09:12",
        "Updated at 13:41",
    ]
    signed_out = AppState(session=SessionState(SessionStatus.SIGNED_OUT))
    assert tray.tray_tooltip_short(signed_out, NOW, BERLIN) == "Not signed in"
    assert tray.tray_tooltip_short(AppState(session=SIGNED_IN), NOW, BERLIN) == "Tidegauge"


@given(st.lists(st.text(max_size=60), max_size=12))
def test_the_short_form_fits_the_notification_area_of_windows(names: list[str]) -> None:
    extra = tuple(
        RateLimit(str(n), (replace(SHORT, limit_id=str(n), limit_name=name),))
        for n, name in enumerate(names)
    )
    state = replace(STATE, usage=replace(SNAPSHOT, limits=(*SNAPSHOT.limits, *extra)))

    text = tray.tray_tooltip_short(state, NOW, BERLIN)

    assert len(text.encode("utf-16-le")) // 2 <= 127
    assert text.startswith("5-hour 78 %")


def test_the_spoken_summary_has_whole_sentences() -> None:
    due = window(DAY, None, timedelta(seconds=-1))
    unknown = window(30 * DAY, 4, None)
    usage = replace(SNAPSHOT, limits=(RateLimit("codex", (SHORT, due, unknown)),))
    session = SessionState(SessionStatus.EXPIRED)

    spoken = tray.spoken_summary(replace(STATE, usage=usage, session=session), NOW)

    assert spoken.splitlines() == [
        "Sign in again",
        "5-hour limit: 78 % used, resets in 2 hours 24 minutes.",
        "Daily limit: use unknown, reset due.",
        "Monthly limit: 4 % used, reset time unknown.",
    ]
    assert tray.spoken_summary(AppState(session=SIGNED_IN), NOW) == ""


def test_countdowns_follow_the_clock_of_the_service() -> None:
    """F-U26: our clock is two days slow, the words are right."""
    slow = replace(SNAPSHOT, clock_offset_s=2 * DAY)
    state = replace(STATE, usage=slow)

    spoken = tray.spoken_summary(state, NOW - timedelta(days=2))

    assert "resets in 2 hours 24 minutes" in spoken
