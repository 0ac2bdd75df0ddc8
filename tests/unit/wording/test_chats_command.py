from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.conversations.view import Entry
from app.wording import chats_command as words

ENTRY = Entry("0123456789abcdef", "", "How?\x1b[31m", 2, datetime(2026, 11, 22, 13, 41, tzinfo=UTC))


def test_a_line_says_which_when_how_much_and_what() -> None:
    (line,) = words.entry_lines([ENTRY], ENTRY.changed_at, UTC)

    assert line.startswith("01234567  Sun 22 Nov 13:41 UTC  2 messages  How?")
    assert "\x1b" not in line


@pytest.mark.parametrize(("count", "part"), [(0, "0 conversations begin"), (1, "1 conversation b")])
def test_which_conversation_must_be_clear(count: int, part: str) -> None:
    assert part in words.not_one("x", count)


def test_refusals_name_what_was_given() -> None:
    assert "key" in words.no_such_account("key")
    assert "a, b" in words.several_accounts(("x", "a", "b"))
    assert "p" in words.written("p")
    assert "why" in words.not_written("p", "why")
