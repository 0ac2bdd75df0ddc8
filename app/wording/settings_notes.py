"""What is wrong with the settings file, or was mended in it. Pure."""

from __future__ import annotations

from typing import assert_never

from app.settings import Note, NoteKind
from app.wording.language import tr
from app.wording.settings import setting_label


def note_words(note: Note) -> str:
    """What is wrong with the settings file (F-D08, F-D09, F-D21)."""
    match note.kind:
        case NoteKind.VALUE_RESET:
            pattern = tr("“{setting}” had a value that cannot be used and is back to its default.")
            return pattern.format(setting=setting_label(note.key))
        case NoteKind.FILE_SET_ASIDE:
            return tr(
                "The settings file could not be used. It is kept beside the new one, "
                "ending in “.bad”, and the defaults apply."
            )
        case NoteKind.FILE_UNREADABLE:
            return tr("The settings file could not be read, so the defaults apply.")
        case NoteKind.FILE_UNUSABLE:
            return tr(
                "The settings file cannot be used as it is now, so the settings stay as they were. "
                "Correct it; else the next change replaces it, and it is kept, ending in “.bad”."
            )
        case NoteKind.NOT_SAVED:
            return tr("The settings could not be saved. They hold until you quit.")
        case NoteKind.PASSWORD_MOVED:
            return tr(
                "The password of the proxy stood in the settings file. It is in your keyring now, "
                "and gone from the file."
            )
        case NoteKind.PASSWORD_IN_FILE:
            return tr(
                "The password of the proxy stands in the settings file, and your keyring does not "
                "take it now. Unlock the keyring; the next change of a setting removes it from "
                "the file."
            )
        case _:
            assert_never(note.kind)
