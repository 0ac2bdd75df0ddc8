"""What is wrong with the history, and what stands where there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.history.status import HistoryStatus
from app.private_database.status import Condition
from app.wording import history

NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_has_its_words_or_none(condition: Condition) -> None:
    """F-D08, F-D09, F-D17, F-D19, T-40."""
    note = history.status_note(HistoryStatus(condition))
    assert (note is None) == (condition in (Condition.WAITING, Condition.KEEPING))
    assert note is None or all(text.strip() for text in note)


def test_each_condition_says_something_else() -> None:
    notes = [history.status_note(HistoryStatus(condition)) for condition in Condition]
    told = [note for note in notes if note]
    assert len(set(told)) == len(told)


def test_a_network_folder_is_told_while_all_is_well() -> None:
    """F-D20."""
    on_network = HistoryStatus(Condition.KEEPING, is_on_network=True)
    assert "network" in (history.status_note(on_network) or ("",))[0]
    newer = HistoryStatus(Condition.NEWER, is_on_network=True)
    assert "newer" in (history.status_note(newer) or ("",))[0]


@pytest.mark.parametrize(("rows", "words"), [(1, "1 reading could"), (2310, "2310 readings could")])
def test_a_damaged_file_is_told_with_what_was_saved(rows: int, words: str) -> None:
    """F-D16."""
    status = HistoryStatus(Condition.KEEPING, set_aside="history.corrupt-1", rows_saved=rows)
    title, text = history.set_aside_note(status) or ("", "")
    assert title == "The history file was damaged"
    assert words in text
    assert "“history.corrupt-1”" in text
    assert history.set_aside_note(HistoryStatus()) is None


def test_it_says_when_there_will_be_something_to_see() -> None:
    soon = history.empty_text(NOW + timedelta(minutes=2), NOW, UTC, "24h")
    assert soon == "The first reading is expected at 12:43 UTC."
    unknown = "The first reading is kept as soon as the service has answered."
    assert history.empty_text(None, NOW, UTC) == unknown
    assert history.empty_text(NOW, NOW, UTC) == unknown
