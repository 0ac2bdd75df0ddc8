"""The list of conversations, as values: what is on file, and what somebody looks at. Pure."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from app.private_database.status import DatabaseStatus
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One conversation on file. `title` is the person's own, empty as long as there is none.

    `opening` is the first line of its first question, `messages` counts questions and answers,
    `excerpt` is where a search found it, empty without one or if the title says it.
    """

    conversation_id: str
    title: str
    opening: str
    messages: int
    changed_at: datetime
    excerpt: str = ""


class Exporting(StrEnum):
    """How the last export went."""

    NONE = ""
    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ConversationList:
    """What was found for `search`, newest first. `is_loading`: the rest is of an earlier search.

    `has_failed`: the last wish to change something could not be granted. `exported_to` names
    the file of the last export.
    """

    account_key: str = ""
    search: str = ""
    is_loading: bool = True
    entries: tuple[Entry, ...] = ()
    status: DatabaseStatus = field(default_factory=DatabaseStatus)
    has_failed: bool = False
    exporting: Exporting = Exporting.NONE
    exported_to: str = ""
