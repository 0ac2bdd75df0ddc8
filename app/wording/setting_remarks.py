"""What is said below a setting of what became of it: refused, reset, granted, found. Pure."""

from __future__ import annotations

from app.settings import NoteKind, RemarkKind
from app.state import AppState
from app.wording.composing import shortcut_words
from app.wording.network_settings import remark_words
from app.wording.settings_notes import note_words
from app.wording.updates import status_words

_REFUSED = (RemarkKind.ADDRESS_REFUSED, RemarkKind.FILE_REFUSED)


def remarks_of(state: AppState) -> dict[str, str]:
    """By the settings' keys; nothing is said of most."""
    found = {
        note.key: note_words(note) for note in state.notes if note.kind is NoteKind.VALUE_RESET
    }
    found |= {one.key: remark_words(one) for one in state.remarks}
    found["chat_shortcut"] = shortcut_words(state.shortcut)
    found["check_updates"] = status_words(state.updates)
    return {key: words for key, words in found.items() if words}


def refused_in(state: AppState) -> frozenset[str]:
    """The keys of the settings whose remark says that a value was not taken."""
    reset = {note.key for note in state.notes if note.kind is NoteKind.VALUE_RESET}
    return frozenset(reset | {one.key for one in state.remarks if one.kind in _REFUSED})
