from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.conversations.view import Exporting
from app.private_database.status import Condition, DatabaseStatus
from app.wording import conversations as words

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)


@pytest.mark.parametrize("condition", Condition)
def test_there_is_a_note_exactly_if_nothing_is_kept(condition: Condition) -> None:
    note = words.status_note(DatabaseStatus(condition))

    assert (note is None) is (condition in (Condition.WAITING, Condition.KEEPING))


def test_every_condition_has_words_of_its_own() -> None:
    notes = [words.status_note(DatabaseStatus(condition)) for condition in Condition]

    assert len({note for note in notes if note}) == len(Condition) - 2


def test_a_network_folder_is_told_while_all_is_well() -> None:
    """F-D20"""
    on_network = DatabaseStatus(Condition.KEEPING, is_on_network=True)
    newer = DatabaseStatus(Condition.NEWER, is_on_network=True)

    assert "network" in (words.status_note(on_network) or ("",))[0]
    assert "newer" in (words.status_note(newer) or ("",))[0]


@pytest.mark.parametrize(("rows", "part"), [(1, "1 question could"), (7, "7 questions could")])
def test_a_damaged_file_is_told_with_what_was_saved(rows: int, part: str) -> None:
    """F-C30"""
    status = DatabaseStatus(Condition.KEEPING, set_aside="x.corrupt-1", rows_saved=rows)
    _, text = words.set_aside_note(status) or ("", "")

    assert part in text
    assert "x.corrupt-1" in text
    assert words.set_aside_note(DatabaseStatus()) is None


def test_an_export_says_how_it_went() -> None:
    notes = [words.export_note(how, "a.md") for how in Exporting]

    assert len(set(notes)) == len(Exporting)
    assert words.export_note(Exporting.NONE, "") == ""


def test_a_strangers_text_is_shown_as_one_short_line() -> None:
    """T-54"""
    shown = [words.nothing_found_text("a\u202eb\n" * 99), words.delete_text("\x1b[31m" * 99)]

    assert all("\n" not in text and len(text) < 200 for text in shown)
    assert not any(c in text for text in shown for c in "\u202e\x1b")


def test_counts_and_rows() -> None:
    assert words.message_count(1) == "1 message"
    assert words.message_count(2) == "2 messages"
    assert words.entry_name("T", "d") == "T, d"


def test_an_export_has_words_and_times() -> None:
    made = words.markdown_words(NOW, UTC, "24h")

    assert made.attached.format(names="a") == "Attached: a"
    assert "22" in made.time(NOW)
