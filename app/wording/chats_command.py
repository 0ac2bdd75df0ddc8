"""What `tidegauge chats` says: its help, its table and its refusals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from app.wording.amounts import grouped
from app.wording.columns import aligned
from app.wording.joining import listed
from app.wording.language import phrase, tr, tr_n
from app.wording.times import dated_time
from app.wording.untrusted import clean

if TYPE_CHECKING:
    from app.conversations.view import Entry

_TITLE_CHARS = 60
_SHORT_ID = 8  # characters, enough to tell one conversation from another

help_chats = phrase("list, show, export or delete the conversations kept on this computer")
help_list = phrase("one line a conversation, the newest first")
help_show = phrase("print a conversation as Markdown")
help_export = phrase("write a conversation to a file, as Markdown or JSON")
help_delete = phrase("delete a conversation for good")
help_search = phrase("only where this text is found")
help_account = phrase("the key of the account, as “chats” tells it")
help_id = phrase("the conversation, as “chats list” tells it; its first characters do")
help_out = phrase("write to this file, replacing it whole; without it, print")
help_all = phrase("every conversation of the account")
nothing_kept = phrase("No conversations are kept.")
nothing_found = phrase("No conversation has that text in it.")
damaged = phrase(
    "The file of conversations is damaged. "
    "The tray program saves what can be read when its chat is next opened."
)
deleted = phrase("Deleted.")
deleted_all = phrase("All conversations of the account were deleted.")
not_deleted = phrase("Not everything could be deleted; another program may hold the file.")
which_one = phrase("Say which conversation, or use --all.")


def several_accounts(keys: tuple[str, ...]) -> str:
    """Whose conversations these are, and whose could be: the first talked last."""
    return tr("Conversations of {shown}. With --account also: {others}.").format(
        shown=keys[0], others=listed(keys[1:])
    )


def no_such_account(key: str) -> str:
    return tr("No conversations are kept of {account}.").format(account=clean(key, limit=40))


def not_one(wanted: str, count: int) -> str:
    """`wanted` is the beginning of no conversation's id, or of several."""
    text = tr_n(
        "{n} conversation begins with “{id}”. “chats list” tells them.",
        "{n} conversations begin with “{id}”. “chats list” tells them.",
        count,
    )
    return text.format(n=count, id=clean(wanted, limit=40))


def written(path: str) -> str:
    return tr("Written to {path}.").format(path=clean(path, limit=200))


def not_written(path: str, reason: str) -> str:
    """The file to export to cannot be written; `reason` is the system's word."""
    return tr("{path} cannot be written: {reason}").format(
        path=clean(path, limit=200), reason=clean(reason, limit=200)
    )


def entry_lines(entries: Sequence[Entry], now: datetime, zone: tzinfo) -> list[str]:
    """A conversation a line: the beginning of its id, when, how much, what."""
    return aligned(
        [
            [
                clean(entry.conversation_id[:_SHORT_ID], limit=_SHORT_ID),
                dated_time(entry.changed_at, now, zone),
                tr_n("{n} message", "{n} messages", entry.messages).format(
                    n=grouped(entry.messages)
                ),
                clean(entry.title or entry.opening, limit=_TITLE_CHARS),
            ]
            for entry in entries
        ]
    )
