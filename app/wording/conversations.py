"""Words of the list of conversations, and of what is taken out of it. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import assert_never

from app.conversations.export_forms import MarkdownWords
from app.conversations.view import Exporting
from app.private_database.status import Condition, DatabaseStatus
from app.wording.language import phrase, tr, tr_n
from app.wording.times import dated_time
from app.wording.untrusted import clean

_NAME_CHARS = 60

list_name = phrase("Conversations")
search = phrase("Search in conversations")
untitled = phrase("Conversation without a title")

rename = phrase("Rename")
export = phrase("Export…")
export_markdown = phrase("As Markdown…")
export_json = phrase("As JSON…")
delete = phrase("Delete")
delete_all = phrase("Delete all…")
title_field = phrase("Title of the conversation")
open_it = phrase("Open")

looking = phrase("Looking…")
empty_title = phrase("No conversations yet")
empty_text = phrase("What you ask is kept here, for this account and on this computer only.")
off_empty_text = phrase("Nothing is kept while conversations are switched off in the settings.")
nothing_found_title = phrase("Nothing found")
signed_out_text = phrase("Conversations are kept per account. Sign in to see yours.")

delete_title = phrase("Delete this conversation?")
delete_all_title = phrase("Delete all conversations?")
delete_all_text = phrase(
    "Every conversation of this account is deleted from this computer. It cannot be undone."
)
not_changed_title = phrase("That could not be done")
not_changed_text = phrase(
    "The conversations could not be read or changed just now. Try again in a moment."
)


def nothing_found_text(sought: str) -> str:
    """No title, question or answer has `sought` in it."""
    return tr("No title, question or answer contains “{text}”.").format(
        text=clean(sought, limit=_NAME_CHARS)
    )


def delete_text(title: str) -> str:
    return tr("“{title}” is deleted from this computer. It cannot be undone.").format(
        title=clean(title, limit=_NAME_CHARS)
    )


def message_count(n: int) -> str:
    """How many questions and answers there are."""
    return tr_n("{n} message", "{n} messages", n).format(n=n)


def entry_name(title: str, details: str) -> str:
    """One row of the list, read out."""
    return tr("{title}, {details}").format(title=title, details=details)


def export_note(exporting: Exporting, name: str) -> str:
    """How the last export went; empty while there was none."""
    match exporting:
        case Exporting.NONE:
            return ""
        case Exporting.UNDER_WAY:
            return tr("Writing…")
        case Exporting.DONE:
            return tr("Written to “{name}”.").format(name=clean(name, limit=_NAME_CHARS))
        case Exporting.FAILED:
            return tr("“{name}” could not be written. Choose another place.").format(
                name=clean(name, limit=_NAME_CHARS)
            )
        case _:
            assert_never(exporting)


def set_aside_note(status: DatabaseStatus) -> tuple[str, str] | None:
    """Title and text of what happened to a damaged file, None if none was found (F-C30)."""
    if not status.set_aside:
        return None
    text = tr_n(
        "{n} question could be saved from it. It is kept as “{name}” beside the new one.",
        "{n} questions could be saved from it. It is kept as “{name}” beside the new one.",
        status.rows_saved,
    )
    return (
        tr("The file of conversations was damaged"),
        text.format(n=status.rows_saved, name=status.set_aside),
    )


def status_note(status: DatabaseStatus) -> tuple[str, str] | None:
    """Title and text of why nothing is kept, or why it may not last; None if all is well."""
    note = _condition_note(status.condition)
    if note is None and status.is_on_network:
        return (
            tr("Conversations are in a network folder"),
            tr("Files there can be damaged when the connection breaks. A local folder is safer."),
        )
    return note


def _condition_note(condition: Condition) -> tuple[str, str] | None:
    match condition:
        case Condition.WAITING | Condition.KEEPING:
            return None
        case Condition.OFF:
            return (
                tr("Conversations are not kept"),
                tr("They are switched off in the settings. What is listed here can be deleted."),
            )
        case Condition.LOCKED:
            return (
                tr("Another program holds the file of conversations"),
                tr("The newest ones wait in memory and are written once it is free."),
            )
        case Condition.FULL:
            return (
                tr("No room on the disk"),
                tr("The newest conversations are not kept until there is room again."),
            )
        case Condition.READ_ONLY:
            return (
                tr("Conversations can only be read"),
                tr("Their file or folder is write-protected, so nothing new is kept."),
            )
        case Condition.FAILING:
            return (
                tr("Conversations cannot be written"),
                tr("The disk or the folder fails. Nothing new is kept."),
            )
        case Condition.REFUSED:
            return (
                tr("The file of conversations is not used"),
                tr(
                    "A link, or a file that belongs to somebody else, is in its place. "
                    "Remove it to keep conversations again."
                ),
            )
        case Condition.NEWER:
            return (
                tr("The conversations are from a newer version"),
                tr(
                    "They are left as they are, and nothing new is kept. Update Tidegauge to go on."
                ),
            )
        case _:
            assert_never(condition)


def markdown_words(now: datetime, zone: tzinfo, clock: str = "system") -> MarkdownWords:
    """What an export says between questions and answers, in the language in force."""
    return MarkdownWords(
        untitled(),
        tr("Question"),
        tr("Answer"),
        tr("Attached: {names}"),
        tr("This answer is not complete."),
        lambda moment: dated_time(moment, now, zone, clock),
    )
