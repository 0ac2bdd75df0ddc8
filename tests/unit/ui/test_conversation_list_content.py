from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.chat.conversation import Conversation
from app.conversations.view import ConversationList, Entry, Exporting
from app.private_database.status import Condition, DatabaseStatus
from app.state import AppState, SessionState, SessionStatus
from app.ui.conversation_list_content import ListContent, conversation_list_content

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)
KEY = "a" * 16
ENTRIES = (
    Entry("one", "", "How to rename", 2, NOW - timedelta(minutes=5)),
    Entry("two", "Mine", "Why", 7, NOW - timedelta(days=1), "…here…"),
)
LISTED = ConversationList(KEY, entries=ENTRIES, is_loading=False)


def shown(listed: ConversationList | None, **changes: object) -> ListContent:
    state = AppState(
        session=SessionState(SessionStatus.SIGNED_IN, account_key=KEY), conversations=listed
    )
    return conversation_list_content(replace(state, **changes), NOW, UTC)  # type: ignore[arg-type]


def test_rows_say_what_when_and_how_much() -> None:
    content = shown(LISTED, conversation=Conversation("two"))
    first, second = content.rows

    assert (first.title, first.own_title) == ("How to rename", "How to rename")
    assert first.details == "13:36 UTC · 2 messages"
    assert first.spoken == "How to rename, 13:36 UTC · 2 messages"
    assert (second.title, second.excerpt) == ("Mine", "…here…")
    assert [row.is_open for row in content.rows] == [False, True]
    assert content.blank is None
    assert content.note is None
    assert content.can_delete_all


def test_a_title_of_a_stranger_is_one_plain_line() -> None:
    """T-54, T-55"""
    entry = replace(ENTRIES[0], opening="<b>a\u202e\nb\x07" * 99)
    (row,) = shown(replace(LISTED, entries=(entry,))).rows

    assert "\n" not in row.title
    assert "\u202e" not in row.title
    assert len(row.title) <= 122


def test_a_conversation_without_words_has_a_name() -> None:
    (row,) = shown(replace(LISTED, entries=(replace(ENTRIES[0], opening=""),))).rows

    assert row.title == "Conversation without a title"


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        (None, "Looking…"),
        (replace(LISTED, account_key="b" * 16), "Looking…"),
        (ConversationList(KEY), "Looking…"),
        (ConversationList(KEY, is_loading=False), "No conversations yet"),
        (ConversationList(KEY, "xyz", is_loading=False), "Nothing found"),
        (
            ConversationList(KEY, is_loading=False, status=DatabaseStatus(Condition.OFF)),
            "No conversations yet",
        ),
        (
            ConversationList(KEY, is_loading=False, status=DatabaseStatus(Condition.NEWER)),
            "The conversations are from a newer version",
        ),
    ],
)
def test_something_stands_where_no_rows_are(listed: ConversationList | None, title: str) -> None:
    content = shown(listed)

    assert content.rows == ()
    assert content.blank is not None
    assert content.blank[0] == title
    assert not content.can_delete_all


@pytest.mark.parametrize(
    ("status", "title"),
    [(SessionStatus.SIGNED_OUT, "Not signed in"), (SessionStatus.STARTING, "Starting…")],
)
def test_without_an_account_there_is_nothing_to_list(status: SessionStatus, title: str) -> None:
    content = shown(ConversationList(), session=SessionState(status))

    assert content.blank is not None
    assert content.blank[0].startswith(title[:5])


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"status": DatabaseStatus(Condition.OFF)}, "Conversations are not kept"),
        ({"status": DatabaseStatus(Condition.FULL)}, "No room on the disk"),
        ({"status": DatabaseStatus(set_aside="x")}, "The file of conversations was damaged"),
        ({"has_failed": True}, "That could not be done"),
    ],
)
def test_what_is_wrong_stands_above_the_rows(changes: dict[str, object], title: str) -> None:
    """F-C30, F-D08"""
    content = shown(replace(LISTED, **changes))  # type: ignore[arg-type]

    assert content.note is not None
    assert content.note[0] == title
    assert content.rows
    assert content.offers_settings is (title == "Conversations are not kept")


def test_while_a_search_holds_only_what_was_found_is_there_to_delete() -> None:
    assert not shown(replace(LISTED, search="x")).can_delete_all


def test_an_export_is_told_below() -> None:
    failed = shown(replace(LISTED, exporting=Exporting.FAILED, exported_to="a.md"))
    done = shown(replace(LISTED, exporting=Exporting.DONE, exported_to="a.md"))

    assert failed.has_failed_export
    assert not done.has_failed_export
    assert "a.md" in done.footer
