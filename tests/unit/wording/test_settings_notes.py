"""What is said of a settings file that cannot be used, or was mended."""

from __future__ import annotations

import pytest

from app.settings import Note, NoteKind
from app.wording.settings_notes import note_words


@pytest.mark.parametrize(
    ("note", "part"),
    [
        (Note(NoteKind.VALUE_RESET, "clock"), "“Clock”"),
        (Note(NoteKind.FILE_SET_ASIDE), "“.bad”"),
        (Note(NoteKind.FILE_UNREADABLE), "could not be read"),
        (Note(NoteKind.FILE_UNUSABLE), "Correct it"),
        (Note(NoteKind.NOT_SAVED), "could not be saved"),
        (Note(NoteKind.PASSWORD_MOVED, "proxy"), "gone from the file"),
        (Note(NoteKind.PASSWORD_IN_FILE, "proxy"), "Unlock"),
    ],
)
def test_notes_about_the_file(note: Note, part: str) -> None:
    """F-D09, F-D21."""
    assert part in note_words(note)
