"""What the list of conversations says, as a value. Pure, no Qt."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.conversations.view import ConversationList, Entry, Exporting
from app.private_database.status import Condition
from app.state import AppState, SessionStatus
from app.values import dataclass
from app.wording import conversations as words
from app.wording import labels
from app.wording.times import near_time
from app.wording.untrusted import clean

_TITLE_CHARS = 120
_EXCERPT_CHARS = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation. `title` is shown, `own_title` is what can be edited.

    `excerpt` is where a search found it; `is_open`: it stands in the window.
    """

    conversation_id: str
    title: str
    details: str
    own_title: str
    excerpt: str = ""
    is_open: bool = False

    @property
    def spoken(self) -> str:
        """The whole row, for those who do not see it."""
        return words.entry_name(self.title, self.details)


@dataclass(frozen=True, slots=True)
class ListContent:
    """`blank` is title and text in place of rows, `note` what is wrong; None if nothing is.

    `offers_settings`: what is wrong is a setting.
    """

    rows: tuple[Row, ...] = ()
    blank: tuple[str, str] | None = None
    note: tuple[str, str] | None = None
    offers_settings: bool = False
    footer: str = ""
    has_failed_export: bool = False
    can_delete_all: bool = False


def conversation_list_content(state: AppState, now: datetime, zone: tzinfo) -> ListContent:
    """The list in the language in force. `now` is our clock's, aware."""
    listed = state.conversations
    if listed is None or listed.account_key != state.session.account_key:
        return ListContent(blank=(words.looking(), ""))
    if not listed.account_key:
        is_starting = state.session.status is SessionStatus.STARTING
        title = labels.starting() if is_starting else labels.signed_out_title()
        return ListContent(blank=(title, "" if is_starting else words.signed_out_text()))
    shown_id, clock = state.conversation.conversation_id, state.settings.clock
    rows = tuple(_row(entry, shown_id, now, zone, clock) for entry in listed.entries)
    return ListContent(
        rows,
        blank=None if rows else _blank(listed),
        note=_note(listed, has_rows=bool(rows)),
        offers_settings=listed.status.condition is Condition.OFF,
        footer=words.export_note(listed.exporting, listed.exported_to),
        has_failed_export=listed.exporting is Exporting.FAILED,
        can_delete_all=bool(rows) and not listed.search,
    )


def title_of(entry: Entry) -> str:
    """What a conversation is called: by the person, else by its first question."""
    return clean(entry.title or entry.opening, limit=_TITLE_CHARS) or words.untitled()


def _row(entry: Entry, shown_id: str, now: datetime, zone: tzinfo, clock: str) -> Row:
    told = near_time(entry.changed_at, now, zone, clock), words.message_count(entry.messages)
    return Row(
        entry.conversation_id,
        title_of(entry),
        " · ".join(told),
        entry.title or entry.opening,
        clean(entry.excerpt, limit=_EXCERPT_CHARS),
        entry.conversation_id == shown_id,
    )


def _blank(listed: ConversationList) -> tuple[str, str]:
    if listed.is_loading:
        return words.looking(), ""
    if listed.search.strip():
        return words.nothing_found_title(), words.nothing_found_text(listed.search)
    if listed.status.condition is Condition.OFF:
        return words.empty_title(), words.off_empty_text()
    return words.status_note(listed.status) or (words.empty_title(), words.empty_text())


def _note(listed: ConversationList, *, has_rows: bool) -> tuple[str, str] | None:
    """What stands above the rows; where there are none, a blank page says most of it."""
    status = listed.status
    if listed.has_failed:
        return words.not_changed_title(), words.not_changed_text()
    if (damaged := words.set_aside_note(status)) is not None:
        return damaged
    return words.status_note(status) if has_rows or status.condition is Condition.OFF else None
