"""What is wrong with the history, and what stands where there is none. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import assert_never

from app.history.status import HistoryStatus
from app.private_database.status import Condition
from app.wording.language import phrase, tr, tr_n
from app.wording.times import near_time

signed_out_text = phrase("The history is kept per account. Sign in to see yours.")
off_title = phrase("The history is switched off")
off_text = phrase("Switch it on in the settings to see how your limits are used over time.")
empty_title = phrase("Nothing recorded yet")


def empty_text(next_at: datetime | None, now: datetime, zone: tzinfo, clock: str = "system") -> str:
    """When there will be something to see; `next_at` is the next poll, None if not known."""
    if next_at is None or next_at <= now:
        return tr("The first reading is kept as soon as the service has answered.")
    return tr("The first reading is expected at {time}.").format(
        time=near_time(next_at, now, zone, clock)
    )


def set_aside_note(status: HistoryStatus) -> tuple[str, str] | None:
    """Title and text of what happened to a damaged file, None if none was found (F-D16)."""
    if not status.set_aside:
        return None
    text = tr_n(
        "{n} reading could be saved from it. It is kept as “{name}” beside the new one.",
        "{n} readings could be saved from it. It is kept as “{name}” beside the new one.",
        status.rows_saved,
    )
    return (
        tr("The history file was damaged"),
        text.format(n=status.rows_saved, name=status.set_aside),
    )


def status_note(status: HistoryStatus) -> tuple[str, str] | None:
    """Title and text of why nothing new is kept, or why it may not last; None if all is well."""
    note = _condition_note(status.condition)
    if note is None and status.is_on_network:
        return (
            tr("The history is in a network folder"),
            tr("Files there can be damaged when the connection breaks. A local folder is safer."),
        )
    return note


def _condition_note(condition: Condition) -> tuple[str, str] | None:
    match condition:
        case Condition.WAITING | Condition.KEEPING:
            return None
        case Condition.OFF:
            return (
                off_title(),
                tr("What was recorded before is still there. Nothing new is added."),
            )
        case Condition.LOCKED:
            return (
                tr("Another program holds the history file"),
                tr("New readings wait in memory and are written once it is free."),
            )
        case Condition.FULL:
            return (
                tr("No room on the disk"),
                tr("New readings are not kept until there is room again."),
            )
        case Condition.READ_ONLY:
            return (
                tr("The history can only be read"),
                tr("Its file or folder is write-protected, so nothing new is added."),
            )
        case Condition.FAILING:
            return (
                tr("The history cannot be written"),
                tr("The disk or the folder fails. New readings are not kept."),
            )
        case Condition.REFUSED:
            return (
                tr("The history file is not used"),
                tr(
                    "A link, or a file that belongs to somebody else, is in its place. "
                    "Remove it to keep a history again."
                ),
            )
        case Condition.NEWER:
            return (
                tr("The history is from a newer version"),
                tr("It is left as it is, and nothing new is added. Update Tidegauge to go on."),
            )
        case _:
            assert_never(condition)
