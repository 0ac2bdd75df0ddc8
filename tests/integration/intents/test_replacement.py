"""When the program looks whether it was updated under itself: at polls, at wishes, at faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.intents.replacement import ReplacementWatch
from app.state import Store, Trouble

pytestmark = pytest.mark.expected_log("another version has taken the place")


class Files:
    """Replaced once the test says so; counts the looks."""

    def __init__(self) -> None:
        self.is_other = False
        self.looks = 0

    def are_replaced(self) -> bool:
        self.looks += 1
        return self.is_other


def poll_again(store: Store, _watch: ReplacementWatch) -> None:
    store.update(poll=replace(store.state.poll, next_at=datetime(2026, 11, 23, tzinfo=UTC)))


def fail(store: Store, _watch: ReplacementWatch) -> None:
    store.update(trouble=Trouble.CRASHED)


def wish(_store: Store, watch: ReplacementWatch) -> None:
    watch.look()


@pytest.mark.parametrize("occasion", [poll_again, fail, wish])
def test_it_is_noticed_at_each_occasion(
    occasion: Callable[[Store, ReplacementWatch], None],
) -> None:
    store, files = Store(), Files()
    watch = ReplacementWatch(store, files.are_replaced)
    files.is_other = True
    assert not store.state.is_replaced
    occasion(store, watch)
    assert store.state.is_replaced


def test_nothing_is_said_while_the_files_are_ours() -> None:
    store, files = Store(), Files()
    watch = ReplacementWatch(store, files.are_replaced)
    watch.look()
    poll_again(store, watch)
    assert files.looks == 2
    assert not store.state.is_replaced


def test_what_was_noticed_holds_and_is_not_looked_at_again() -> None:
    store, files = Store(), Files()
    watch = ReplacementWatch(store, files.are_replaced)
    files.is_other = True
    watch.look()
    files.is_other = False
    watch.look()
    assert store.state.is_replaced
    assert files.looks == 1
