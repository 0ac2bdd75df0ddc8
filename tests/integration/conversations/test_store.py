"""What is saved comes back: on a real file, read by the store and by SQLite itself."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.open_conversations import (
    ACCOUNT,
    OTHER,
    PICTURE,
    START,
    TEXT_FILE,
    OpenConversations,
    conversation,
    open_conversations,
    turn,
)
from support.open_history import execute, files_beside, mode_of, rows_in

from app.chat.conversation import Conversation, TurnStatus
from app.errors import Fault, FaultKind
from app.private_database.status import Condition


async def test_a_conversation_comes_back_as_it_was(path: Path) -> None:
    failed = replace(
        turn(2, answer=""),
        status=TurnStatus.FAILED,
        fault=Fault(FaultKind.LIMIT_REACHED, "d", "m", 429, "h", 3.5, START, "plus"),
        attachments=(TEXT_FILE, PICTURE),
    )
    first = replace(turn(0, "# Größe?\n改名", "```\n\0 x\n```"), attachments=(PICTURE,))
    asked = conversation("one", first, turn(1), failed)
    async with open_conversations(path) as store:
        store.save(ACCOUNT, asked)
    async with open_conversations(path) as store:
        assert await store.load(ACCOUNT, "one") == asked
        assert await store.last(ACCOUNT) == asked
        assert store.status.condition is Condition.KEEPING


@pytest.mark.expected_log("the conversations failed unexpectedly|ZeroDivisionError")
async def test_a_mistake_holds_nothing_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No transaction stays open, and what comes after it is kept."""
    async with open_conversations(path) as store:
        with monkeypatch.context() as patched:
            patched.setattr("app.conversations.rows.messages_of", lambda _one: 1 // 0)
            store.save(ACCOUNT, conversation("one"))
            await store.settled()
        store.save(ACCOUNT, conversation("two"))

        assert await store.names() == ["two"]


async def test_half_a_surrogate_pair_does_no_harm(path: Path) -> None:
    """As a paste may leave it: nothing is taken for damage, everything else is kept."""
    half = "a\ud83d"
    file = replace(TEXT_FILE, name=half, text=half)
    odd = replace(turn(0, half, half), reasoning=half, attachments=(file,))
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one", odd, title=half))
        assert await store.rename(ACCOUNT, "one", half)
        assert await store.names(half) == []
        found = await store.load(ACCOUNT, "one")
        status = await store.settled()

    assert found is not None
    assert found.title == found.turns[0].question == "a\ufffd"
    assert (status.condition, status.set_aside) == (Condition.KEEPING, "")


async def test_looking_makes_no_file(path: Path) -> None:
    async with open_conversations(path) as store:
        assert await store.entries(ACCOUNT) == ()
        assert await store.last(ACCOUNT) is None
        assert await store.delete(ACCOUNT, "one")
        assert await store.delete_all(ACCOUNT)
        assert not await store.rename(ACCOUNT, "one", "x")
        store.forget(ACCOUNT)
        store.delete_before(START)
        store.save(ACCOUNT, Conversation("empty"))
        await store.settled()

    assert not path.parent.exists()


async def test_an_answer_that_was_on_its_way_broke_off_with_the_program(path: Path) -> None:
    """A crash keeps the question, and what had come of the answer (F-D07, F-C13)."""
    streaming = replace(turn(1, answer="So f"), status=TurnStatus.STREAMING, usage=None)
    waiting = replace(turn(0, answer=""), status=TurnStatus.WAITING)
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one", waiting))
        store.save(ACCOUNT, conversation("two", turn(0), streaming))
        one = await store.load(ACCOUNT, "one")
        two = await store.load(ACCOUNT, "two")

    assert one is not None
    assert two is not None
    assert (one.turns[0].question, one.turns[0].answer) == ("Why?", "")
    assert two.turns[1].answer == "So f"
    for found in (one, two):
        fault = found.turns[-1].fault
        assert found.open_turn is None
        assert fault is not None
        assert fault.kind is FaultKind.ANSWER_ENDED_EARLY


async def test_each_save_writes_what_differs(path: Path) -> None:
    """Edited, cut back, grown: the file has what the conversation has."""
    a, b, c = turn(0), replace(turn(1), attachments=(TEXT_FILE,)), turn(2)
    states = [
        (a,),
        (a, replace(b, answer="", status=TurnStatus.STREAMING)),
        (a, replace(b, answer="half", status=TurnStatus.STREAMING)),
        (a, b),
        (a, b, c),
        (a, replace(b, attachments=(PICTURE, TEXT_FILE)), c),
        (a, replace(turn(3, "Edited"), attachments=(PICTURE,))),
        (replace(a, answer="Other"),),
    ]
    async with open_conversations(path) as store:
        for turns in states:
            store.save(ACCOUNT, conversation("one", *turns))
            await store.settled()
            async with open_conversations(path) as other:
                found = await other.load(ACCOUNT, "one")
                (entry,) = await other.entries(ACCOUNT)
            assert found is not None
            closed = tuple(
                replace(one, status=TurnStatus.FAILED, fault=found.turns[n].fault)
                if one.is_open
                else one
                for n, one in enumerate(turns)
            )
            assert found.turns == closed
            assert entry.messages == sum(2 if one.answer else 1 for one in turns)
    assert len(rows_in(path, "SELECT * FROM attachments")) == 0
    assert len(rows_in(path, "SELECT * FROM turns")) == 1


async def test_a_turn_that_did_not_change_is_not_written_again(path: Path) -> None:
    async with open_conversations(path) as store:
        turns = tuple(turn(n) for n in range(50))
        store.save(ACCOUNT, conversation("one", *turns))
        await store.settled()
        before = rows_in(path, "SELECT id FROM turns ORDER BY place")
        execute(path, "UPDATE turns SET answer = 'seen' WHERE place = 3")
        store.save(ACCOUNT, conversation("one", *turns, turn(50)))
        await store.settled()

    assert rows_in(path, "SELECT id FROM turns ORDER BY place")[:50] == before
    assert rows_in(path, "SELECT place FROM turns WHERE answer = 'seen'") == [(3,)]


async def test_ten_thousand_messages_come_back(path: Path) -> None:
    """F-C10; how long it takes stands in the bench."""
    whole = conversation("one", *(turn(n, f"Question {n}") for n in range(5000)))
    async with open_conversations(path) as store:
        store.save(ACCOUNT, whole)
        await store.settled()
    async with open_conversations(path) as store:
        found = await store.load(ACCOUNT, "one")
        (entry,) = await store.entries(ACCOUNT, "question 4999")

    assert found == whole
    assert entry.messages == 10_000


async def test_what_another_program_deleted_is_not_written_anew(path: Path) -> None:
    """T-29, T-43: `tidegauge chats delete` while the conversation goes on in the window."""
    async with open_conversations(path) as store, open_conversations(path) as other:
        deleted: list[tuple[str, str]] = []
        store.on_deleted = lambda *which: deleted.append(which)
        store.save(ACCOUNT, conversation("one", turn(0), turn(1)))
        store.save(ACCOUNT, conversation("two"))
        await store.settled()
        assert not await store.is_deleted(ACCOUNT, "one")
        assert await other.delete(ACCOUNT, "one")
        assert await store.is_deleted(ACCOUNT, "one")
        store.save(ACCOUNT, conversation("one", turn(0), turn(1), turn(2)))
        store.save(ACCOUNT, conversation("two", turn(0), turn(1)))
        await store.settled()

        assert deleted == [(ACCOUNT, "one")]
        assert await store.names() == ["two"]
        assert len(rows_in(path, "SELECT * FROM turns")) == 2


async def test_what_was_only_read_is_not_written_anew_either(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))
    async with open_conversations(path) as store, open_conversations(path) as other:
        shown = await store.load(ACCOUNT, "one")
        assert shown is not None
        assert await other.delete_all(ACCOUNT)
        store.save(ACCOUNT, shown)

        assert await store.names() == []


@pytest.mark.expected_log("the file was deleted or replaced")
async def test_a_file_that_went_missing_does_not_say_what_was_deleted(path: Path) -> None:
    """F-D20: what is shown is kept in the new one."""
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one", turn(0)))
        await store.settled()
        os.unlink(path)
        assert not await store.is_deleted(ACCOUNT, "one")
        store.save(ACCOUNT, conversation("one", turn(0), turn(1)))

        assert await store.names() == ["one"]


# --- the list ------------------------------------------------------------------------------------


async def test_the_list_has_the_newest_first(path: Path) -> None:
    async with open_conversations(path) as store:
        for name in ("one", "two", "three"):
            store.save(ACCOUNT, conversation(name, turn(0, f"\n  About {name}\nmore")))
        store.save(ACCOUNT, conversation("one", turn(0, "About one"), turn(1)))
        store.save(OTHER, conversation("four"))
        entries = await store.entries(ACCOUNT)

    assert [entry.conversation_id for entry in entries] == ["one", "three", "two"]
    assert [entry.opening for entry in entries] == ["About one", "About three", "About two"]
    assert [entry.messages for entry in entries] == [4, 2, 2]
    assert entries[0].changed_at > entries[1].changed_at >= START


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["c", "b", "a"]),
        ("  RENAME  files ", ["a"]),
        ("覆盖", ["b"]),
        ("ＬＯＯＰ", ["a"]),  # full width
        ("straße", ["c"]),
        ("STRASSE", ["c"]),
        ("my title", ["c"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
async def test_the_search_looks_into_titles_questions_and_answers(
    path: Path, search: str, found: list[str]
) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("a", turn(0, "How to rename files?", "By a loop.")))
        store.save(ACCOUNT, conversation("b", turn(0, "怎样改名？", "用一个拒绝覆盖的循环。")))
        store.save(ACCOUNT, conversation("c", turn(0, "Wo?", "In der Straße."), title="My title"))

        assert await store.names(search) == found


async def test_the_search_shows_where_it_found_it(path: Path) -> None:
    long = "word " * 100 + "\n needle here " + "more " * 100
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one", turn(0, "Question", long)))
        (entry,) = await store.entries(ACCOUNT, "NEEDLE")
        (by_opening,) = await store.entries(ACCOUNT, "question")

    assert "needle here more" in entry.excerpt
    assert entry.excerpt.startswith("…")
    assert entry.excerpt.endswith("…")
    assert by_opening.excerpt == ""


async def test_a_title_of_ones_own_stays(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))
        assert await store.rename(ACCOUNT, "one", "Robert'); DROP TABLE turns; --")
        store.save(ACCOUNT, conversation("one", turn(0), turn(1)))
        (entry,) = await store.entries(ACCOUNT)
        found = await store.load(ACCOUNT, "one")

    assert entry.title == "Robert'); DROP TABLE turns; --"
    assert found is not None
    assert found.title == entry.title
    assert len(found.turns) == 2


async def test_nothing_is_told_to_another_account(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))

        assert await store.entries(OTHER) == ()
        assert await store.load(OTHER, "one") is None
        assert await store.last(OTHER) is None
        await store.rename(OTHER, "one", "x")
        assert await store.delete(OTHER, "one")
        assert (await store.entries(ACCOUNT))[0].title == ""


# --- by age --------------------------------------------------------------------------------------


async def test_what_was_not_touched_for_long_goes(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("old"))
        await store.settled()
        store.time = START + timedelta(days=40)
        store.save(ACCOUNT, conversation("new"))
        store.delete_before(START + timedelta(days=10))

        assert await store.names() == ["new"]


async def test_a_clock_that_stood_still_deletes_nothing(path: Path) -> None:
    """F-M04: a conversation of 1970 was saved while the clock was wrong."""
    async with open_conversations(path) as store:
        store.time = START - timedelta(days=20_000)
        store.save(ACCOUNT, conversation("one"))
        store.delete_before(START)

        assert await store.names() == ["one"]
        assert (await store.entries(ACCOUNT))[0].changed_at.year == 2000


# --- the file ------------------------------------------------------------------------------------


async def test_nobody_else_can_read_the_file(path: Path) -> None:
    """T-29"""
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))
        await store.settled()
        modes = {name: mode_of(path.with_name(name)) for name in files_beside(path)}

    assert modes == {"conversations.db": 0o600, "conversations.db-journal": 0o600}
    assert mode_of(path.parent) == 0o700


async def test_the_end_waits_for_what_was_saved(path: Path) -> None:
    store = OpenConversations(path)
    store.save(ACCOUNT, conversation("one", *(turn(n) for n in range(100))))
    await store.close()

    assert len(rows_in(path, "SELECT * FROM turns")) == 100


async def test_an_export_is_whole_and_private(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "chat.md"
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one", turn(0, "Why?")))

        assert await store.export(ACCOUNT, "one", target, lambda one: one.turns[0].question)
        assert not await store.export(ACCOUNT, "two", target, lambda _one: "never")

    assert target.read_text("utf-8") == "Why?"
    assert mode_of(target) == 0o600
    assert files_beside(target) == {"chat.md"}


@pytest.mark.expected_log("conversation not exported")
async def test_an_export_to_nowhere_says_so(path: Path, tmp_path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))

        assert not await store.export(ACCOUNT, "one", tmp_path / "no" / "x", lambda _one: "x")
        assert store.status.condition is Condition.KEEPING
