"""What is said below the settings."""

from __future__ import annotations

from app.settings import Note, NoteKind, Remark, RemarkKind
from app.state import AppState, Shortcut, ShortcutStatus
from app.updates.status import Updates
from app.wording.setting_remarks import refused_in, remarks_of


def test_most_need_no_remark() -> None:
    assert remarks_of(AppState()) == {}


def test_each_stands_at_its_setting() -> None:
    state = AppState(
        notes=(Note(NoteKind.VALUE_RESET, "clock"), Note(NoteKind.NOT_SAVED)),
        remarks=(Remark("proxy", RemarkKind.PASSWORD_KEPT),),
        shortcut=Shortcut(ShortcutStatus.MISSING),
        updates=Updates(has_address=False),
    )
    assert set(remarks_of(state)) == {"clock", "proxy", "chat_shortcut", "check_updates"}


def test_what_was_not_taken_is_told_from_what_was() -> None:
    state = AppState(
        notes=(Note(NoteKind.VALUE_RESET, "clock"), Note(NoteKind.NOT_SAVED)),
        remarks=(
            Remark("proxy", RemarkKind.PASSWORD_KEPT),
            Remark("ca_file", RemarkKind.FILE_REFUSED, "missing"),
        ),
    )
    assert refused_in(state) == {"clock", "ca_file"}
