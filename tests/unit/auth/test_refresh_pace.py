"""How often the token endpoint may be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.auth.refresh_pace import POSTS_PER_SPAN, SPAN, RefreshPace

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_the_first_post_waits_for_nothing() -> None:
    assert RefreshPace().wait_s(NOW) == 0


def test_thirty_seconds_between_two_posts() -> None:
    """F-T10, F-N16"""
    pace = RefreshPace().after_post(NOW)
    assert pace.wait_s(NOW) == 30
    assert pace.wait_s(later(29)) == 1
    assert pace.wait_s(later(30)) == 0


def test_an_unknown_outcome_is_asked_about_once_after_five_seconds() -> None:
    """F-T07"""
    pace = RefreshPace().after_post(NOW, is_outcome_known=False)
    assert pace.wait_s(NOW) == 5
    pace = pace.after_post(later(5), is_outcome_known=False)
    assert pace.wait_s(later(5)) == 30
    pace = pace.after_post(later(35), is_outcome_known=False)
    assert pace.wait_s(later(35)) == 5


def test_the_servers_wish_lengthens_the_wait_but_never_shortens_it() -> None:
    assert RefreshPace().after_post(NOW, retry_after_s=300).wait_s(NOW) == 300
    assert RefreshPace().after_post(NOW, retry_after_s=1).wait_s(NOW) == 30


def test_a_clock_set_back_frees_the_next_post() -> None:
    pace = RefreshPace().after_post(NOW, retry_after_s=3600)
    assert pace.wait_s(NOW - timedelta(days=2)) == 0


@given(st.lists(st.tuples(st.floats(0, 120), st.booleans()), min_size=20, max_size=80))
def test_never_more_than_six_posts_in_ten_minutes(steps: list[tuple[float, bool]]) -> None:
    """Figure 7"""
    pace, now, posts = RefreshPace(), NOW, []
    for pause, is_outcome_known in steps:
        now += timedelta(seconds=pause)
        if pace.wait_s(now) == 0:
            posts.append(now)
            pace = pace.after_post(now, is_outcome_known=is_outcome_known)
    for first, seventh in zip(posts, posts[POSTS_PER_SPAN:], strict=False):
        assert seventh - first >= SPAN
