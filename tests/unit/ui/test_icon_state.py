"""What the icon has to show, as a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from gallery.states import (
    EXHAUSTED,
    FRESH,
    NOW,
    PANEL_STATES,
    REVIEW,
    main_limit,
    signed_in,
    snapshot,
    window,
)

from app.errors import Fault, FaultKind
from app.settings import Settings
from app.state import SessionState, SessionStatus
from app.ui.icon_state import STEPS, Column, IconState, Mark, icon_state, shown_windows
from app.usage.limits import MAIN_LIMIT, RateLimit
from app.usage.pace import Level


def _icon(name: str) -> IconState:
    return icon_state(PANEL_STATES[name], NOW)


def test_shorter_window_stands_left_and_longer_right() -> None:
    assert _icon("fresh").columns == (Column(12, Level.CALM), Column(5, Level.CALM))


def test_every_kind_of_state_differs_in_shape_not_only_in_colour() -> None:
    names = ["starting", "signed-out", "fresh", "exhausted", "stale", "doubtful", "error"]
    names += ["offline", "error-no-data"]
    shapes = set()
    for name in names:
        icon = _icon(name)
        exhausted = tuple(column.is_exhausted for column in icon.columns)
        figure = (icon.mark, icon.is_outline, icon.is_starting, icon.is_dim, bool(icon.columns))
        shapes.add((*figure, exhausted))
    assert len(shapes) == len(names)


def test_signed_out_is_an_outline_with_a_dot_after_a_failed_sign_in() -> None:
    assert _icon("signed-out") == IconState(is_outline=True)
    assert _icon("sign-in-failed") == IconState(is_outline=True, mark=Mark.ERROR)
    assert _icon("keyring-locked").is_outline


def test_expired_session_keeps_its_numbers_pale_with_a_dot() -> None:
    icon = _icon("expired")
    assert (icon.mark, icon.is_dim, len(icon.columns)) == (Mark.ERROR, True, 2)


def test_failed_poll_without_numbers_shows_the_mark() -> None:
    assert _icon("error-no-data") == IconState(mark=Mark.ERROR, is_dim=True)


def test_offline_is_told_apart_from_other_faults() -> None:
    fault = Fault(FaultKind.SERVER_ERROR)
    state = replace(
        PANEL_STATES["offline"], poll=replace(PANEL_STATES["offline"].poll, fault=fault)
    )
    assert (_icon("offline").mark, icon_state(state, NOW).mark) == (Mark.OFFLINE, Mark.ERROR)


def test_exhausted_by_the_flags_marks_the_fullest_window() -> None:  # F-U23
    usage = snapshot(main_limit(96, 40, allowed=False))
    columns = icon_state(signed_in(usage), NOW).columns
    assert [column.is_exhausted for column in columns] == [True, False]
    assert icon_state(signed_in(EXHAUSTED), NOW).columns[0].fill == STEPS


def test_old_numbers_turn_pale_by_themselves() -> None:
    state = signed_in(FRESH)
    assert not icon_state(state, NOW).is_dim
    assert icon_state(state, NOW + timedelta(minutes=20)).is_dim


@pytest.mark.parametrize(
    ("used", "fill"),
    [(None, None), (0, 0), (0.01, 1), (50, STEPS // 2), (99.9, STEPS - 1), (100, STEPS)],
)
def test_a_little_is_never_nothing_and_almost_never_all(used: float | None, fill: int) -> None:
    limit = RateLimit(MAIN_LIMIT, (window(MAIN_LIMIT, used, 604_800, timedelta(days=2)),))
    (column,) = icon_state(signed_in(snapshot(limit)), NOW).columns
    assert column.fill == fill


def test_percentages_that_look_the_same_are_equal() -> None:
    first, second = (signed_in(snapshot(main_limit(30.0 + d, 12))) for d in (0.0, 0.3))
    assert icon_state(first, NOW) == icon_state(second, NOW)


def test_without_windows_of_the_plan_the_first_limit_that_has_some_is_shown() -> None:
    assert shown_windows(snapshot(RateLimit(MAIN_LIMIT), REVIEW)) == REVIEW.windows
    assert shown_windows(snapshot(REVIEW)) == REVIEW.windows
    assert shown_windows(snapshot()) == ()


def test_of_three_windows_the_shortest_and_the_longest_are_shown() -> None:
    five, day, week = (
        window(MAIN_LIMIT, 10, seconds, timedelta(hours=1)) for seconds in (18_000, 86_400, 604_800)
    )
    assert shown_windows(snapshot(RateLimit(MAIN_LIMIT, (five, day, week)))) == (five, week)


def test_numbers_on_their_way_are_points_until_something_fails() -> None:
    for name in ("starting", "waiting"):
        assert _icon(name) == IconState(is_starting=True, is_dim=True)


def test_a_reading_in_doubt_is_pale_with_a_question_mark() -> None:
    icon = _icon("doubtful")
    assert (icon.mark, icon.is_dim, len(icon.columns)) == (Mark.DOUBT, True, 2)


@pytest.mark.parametrize(
    ("shows", "used", "number"),
    [
        ("off", 78, ""),
        ("used", 78, "78"),
        ("remaining", 78, "22"),
        ("used", 0, "0"),
        ("used", 0.2, "1"),
        ("used", 99.7, "99"),
        ("used", 100, "100"),
        ("used", 130, "100"),
        ("remaining", 99.7, "1"),
        ("remaining", 100, "0"),
        ("remaining", 0, "100"),
        ("used", None, ""),
    ],
)
def test_the_number_is_that_of_the_window_that_binds(
    shows: str, used: float | None, number: str
) -> None:
    """Never rounded to a limit that is not reached (peers, fact 12)."""
    usage = snapshot(main_limit(used, 0 if used is not None else None))
    icon = icon_state(signed_in(usage, settings=Settings(icon_number=shows)), NOW)
    assert icon.number == number


def test_the_number_has_the_level_of_its_window_and_yields_to_a_mark() -> None:
    settings = Settings(icon_number="used")
    state = signed_in(snapshot(main_limit(94, 12)), settings=settings)
    assert icon_state(state, NOW).number_level is Level.OVER
    assert icon_state(replace(PANEL_STATES["error"], settings=settings), NOW).number == ""
    stale = replace(PANEL_STATES["stale"], settings=settings)
    assert icon_state(stale, NOW).is_dim
    assert icon_state(stale, NOW).number == "78"
    assert icon_state(stale, NOW, is_high=True).number == ""  # columns can be hollow, digits not
    five, day, week = (
        window(MAIN_LIMIT, used, seconds, timedelta(hours=1))
        for used, seconds in ((10, 18_000), (80, 86_400), (20, 604_800))
    )
    unseen = snapshot(RateLimit(MAIN_LIMIT, (five, day, week)))
    icon = icon_state(signed_in(unseen, settings=settings), NOW)
    assert (icon.number, icon.number_level) == ("80", Level.UNKNOWN)


def test_style_and_ground_follow_the_settings() -> None:
    def icon(**settings: str) -> IconState:
        return icon_state(signed_in(FRESH, settings=Settings(**settings)), NOW, on_dark=True)  # type: ignore[arg-type]

    assert icon().on_dark
    assert not icon(icon_ground="light").on_dark
    assert icon_state(signed_in(FRESH, settings=Settings(icon_ground="dark")), NOW).on_dark
    assert icon(icon_style="monochrome").is_mono
    assert not icon().is_mono


def test_the_panel_behind_the_icon_is_part_of_the_value() -> None:
    state = signed_in(None, session=SessionState(SessionStatus.SIGNED_OUT))
    assert icon_state(state, NOW, on_dark=True) != icon_state(state, NOW)


def test_a_workspace_with_nothing_but_a_cap_shows_it_in_one_column() -> None:
    assert _icon("cap-only").columns == (Column(33, Level.CLOSE),)


def test_the_icon_is_exhausted_as_soon_as_one_window_is() -> None:
    assert _icon("exhausted").is_exhausted
    assert _icon("blocked").is_exhausted
    assert not _icon("warning").is_exhausted
