"""What lies on the chat's desk, and what a file keeps of it."""

from __future__ import annotations

import json

import pytest

from app.chat.desk import Desk, Draft, Kept, Place, kept_content, kept_from

PLACE = Place(10, -20, 400, 560)


def test_what_is_put_into_the_field_has_a_new_number() -> None:
    desk = Desk().put("Why?").put("Why not?", "t1")
    assert desk.draft == Draft(2, "Why not?", "t1")


def test_a_draft_per_account_and_a_place_per_set_of_screens_survive_the_file() -> None:
    kept = Kept().with_draft("ann", "Why?\n\ud83d 你好").with_draft("bo", "How?")
    kept = kept.with_place("1280x800+0+0", PLACE)
    again = kept_from(kept_content(kept))
    assert again == kept
    assert again.drafts["ann"] == "Why?\n\ud83d 你好"


def test_where_the_files_beside_a_draft_lie_survives_the_file() -> None:
    kept = Kept().with_files("a", ("/x/1", "", "/x/2")).with_files("b", ("/y",))
    assert kept.files == {"a": ("/x/1", "/x/2"), "b": ("/y",)}
    assert kept_from(kept_content(kept)) == kept
    assert kept.with_files("a", ()).files == {"b": ("/y",)}


def test_no_more_files_than_go_with_a_question() -> None:
    paths = [f"/{n}" for n in range(20)]
    assert Kept().with_files("a", ["/" * 5000, *paths]).files == {"a": tuple(paths[:8])}


@pytest.mark.parametrize("files", [b"[]", b'{"a": "/x"}', b'{"a": [1, null]}', b'{"a": {}}'])
def test_files_that_are_none_count_as_not_kept(files: bytes) -> None:
    assert kept_from(b'{"files": ' + files + b"}") == Kept()


def test_an_empty_draft_is_forgotten() -> None:
    assert Kept().with_draft("ann", "Why?").with_draft("ann", "").drafts == {}


def test_the_newest_are_kept() -> None:
    kept = Kept()
    for number in range(100):
        kept = kept.with_draft(str(number), "x").with_place(str(number), PLACE)
    kept = kept.with_draft("50", "y")
    assert list(kept.drafts)[-2:] == ["99", "50"]
    assert len(kept.drafts) == 64
    assert next(iter(kept.places)) == "84"


def test_a_draft_of_any_length_does_not_break_the_file() -> None:
    kept = Kept().with_draft("ann", "x" * (3 << 20))
    assert len(kept.drafts["ann"]) == 1 << 20


@pytest.mark.parametrize(
    "content",
    [b"", b"[1]", b"{", b'{"drafts": 1, "places": []}', b'{"drafts": {"a": 1}}'],
)
def test_what_cannot_be_used_counts_as_not_kept(content: bytes) -> None:
    """F-D21's kin"""
    assert kept_from(content) == Kept()


@pytest.mark.parametrize(
    "numbers",
    [7, [1, 2, 3], [1, 2, 3, "4"], [1, 2, 3, True], [1, 2, 0, 4], [1, 2, 3, 0], [1, 1 << 21, 3, 4]],
)
def test_no_window_goes_to_a_place_that_is_none(numbers: object) -> None:
    content = json.dumps({"places": {"s": numbers, "t": [1, 2, 3, 4]}}).encode()
    assert kept_from(content).places == {"t": Place(1, 2, 3, 4)}
