"""F-L18: when the browser is offered."""

from __future__ import annotations

from app.sign_in_window.waiting import Waiting

PATIENCE = 60.0


def is_over(waiting: Waiting, now: float) -> bool:
    return waiting.is_over(now, is_blank=False)


def test_a_page_that_never_comes() -> None:
    waiting = Waiting(PATIENCE, 0)
    waiting.started("a", 0)

    assert not is_over(waiting, 59)
    assert is_over(waiting, 60)


def test_a_slow_page_that_comes_closer() -> None:
    waiting = Waiting(PATIENCE, 0)
    waiting.started("a", 0)
    waiting.progressed(40, 50)
    waiting.progressed(40, 100)

    assert not is_over(waiting, 100)
    assert is_over(waiting, 110)


def test_a_page_that_waits_for_the_person() -> None:
    waiting = Waiting(PATIENCE, 0)
    waiting.started("a", 0)
    waiting.finished(1)

    assert not is_over(waiting, 3_600)


def test_a_blank_page() -> None:
    waiting = Waiting(PATIENCE, 0)
    waiting.started("a", 0)
    waiting.finished(1)

    assert not waiting.is_over(59, is_blank=True)
    assert waiting.is_over(60, is_blank=True)


def test_a_page_that_loads_itself_again_and_again() -> None:
    waiting = Waiting(PATIENCE, 0)
    for second in range(0, 65, 5):
        assert not is_over(waiting, second) or second >= 60
        waiting.started("a", second)
        waiting.progressed(100, second + 1)
        waiting.finished(second + 1)

    assert is_over(waiting, 62)


def test_a_walk_through_several_pages() -> None:
    waiting = Waiting(PATIENCE, 0)
    for second, page in enumerate("abcdefgh"):
        waiting.started(page, second * 20)
        waiting.finished(second * 20 + 1)
        assert not is_over(waiting, second * 20 + 2)


def test_somebody_who_uses_the_page_is_not_interrupted() -> None:
    waiting = Waiting(PATIENCE, 0)
    waiting.started("a", 0)
    waiting.used(50)

    assert not is_over(waiting, 100)
    assert is_over(waiting, 110)


def test_a_page_that_reloads_after_a_long_rest_starts_anew() -> None:
    waiting = Waiting(PATIENCE, 0)
    waiting.started("a", 0)
    waiting.finished(1)
    waiting.started("a", 300)

    assert not is_over(waiting, 301)
    assert is_over(waiting, 360)
