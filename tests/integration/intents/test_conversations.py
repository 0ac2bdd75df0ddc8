"""Conversations are kept as they go and come back, over real sockets and a real file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from support.command_line import tidegauge
from support.open_history import content_of, execute, files_beside, rows_in
from support.person import Person, PersonAt, person_at, settled, until
from support.simulator import MakeSimulator

from app.chat.conversation import Conversation, TurnStatus
from app.conversations.store import FILE_NAME
from app.conversations.view import ConversationList, Exporting
from app.intents import conversations as module
from app.private_database.status import Condition
from app.settings import Settings
from app.simulator.accounts import ANN, BO
from app.simulator.state import Pace

SECOND = timedelta(seconds=1)
SLOW = Pace(first_s=0.0, between_s=0.02, delta_chars=2)


@pytest.fixture
def slow_at(make_simulator: MakeSimulator, private_home: Path) -> PersonAt:
    """Answers take seconds."""
    return partial(person_at, make_simulator(pace=SLOW), private_home)


@asynccontextmanager
async def chatting(at: PersonAt, settings: Settings | None = None) -> AsyncIterator[Person]:
    """Signed in, with the chat opened for the first time."""
    async with at(stored=True, settings=settings) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.chat.conversations.resume()
        yield person


def path_of(person: Person) -> Path:
    return person.program.surroundings.paths.state / FILE_NAME


async def ask(person: Person, question: str, answer: str = "Because.") -> None:
    turns = len(person.state.conversation.turns)
    person.simulator.script_answers(answer)
    person.intents.chat.ask(question)

    def has_ended() -> bool:
        conversation = person.state.conversation
        return len(conversation.turns) > turns and conversation.open_turn is None

    await until(has_ended, lambda: person.state.conversation)


async def listed(person: Person, search: str = "") -> ConversationList:
    """The list, once it is read."""
    person.intents.chat.conversations.show_list(search)

    def is_read() -> bool:
        view = person.state.conversations
        return view is not None and view.search == search and not view.is_loading

    await until(is_read, lambda: person.state.conversations)
    view = person.state.conversations
    assert view is not None
    return view


async def openings(person: Person, search: str = "") -> list[str]:
    return [entry.opening for entry in (await listed(person, search)).entries]


async def test_after_a_restart_the_last_conversation_is_there(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "First?")
        person.intents.chat.new_chat()
        await ask(person, "Second?")
        await ask(person, "And then?")
        before = person.state.conversation
    async with chatting(person_at) as person:
        await until(lambda: person.state.conversation.turns)
        assert person.state.conversation == before
        await ask(person, "Further?")
        assert await openings(person) == ["Second?", "First?"]
        assert [entry.messages for entry in (await listed(person)).entries] == [6, 2]


async def test_before_the_chat_is_opened_nothing_is_read_or_made(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await settled()

        assert "conversations" not in vars(person.program)
        assert not path_of(person).exists()


async def test_a_conversation_that_began_meanwhile_stays(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Old?")
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.chat.conversations.resume()
        person.intents.chat.ask("New?")
        await until(lambda: person.state.conversation.turns)
        await until(lambda: person.state.conversation.open_turn is None)

        assert [turn.question for turn in person.state.conversation.turns] == ["New?"]


async def test_a_question_is_on_file_before_its_answer(
    slow_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D07: a crash keeps the question; not every delta is written."""
    async with chatting(slow_at) as person:
        saves: list[Conversation] = []
        save = person.program.conversations.save

        def note_and_save(account_key: str, conversation: Conversation) -> None:
            saves.append(conversation)
            save(account_key, conversation)

        monkeypatch.setattr(person.program.conversations, "save", note_and_save)
        person.simulator.script_answers("word " * 200)
        person.intents.chat.ask("Why?")
        await until(lambda: len(person.state.conversation.turns[-1:]) and has_text(person))
        assert rows_in(path_of(person), "SELECT question FROM turns") == [("Why?",)]
        assert len(saves) == 1
        person.intents.chat.stop()
        await until(lambda: person.state.conversation.open_turn is None)
        assert len(saves) == 2


def has_text(person: Person) -> bool:
    return bool(person.state.conversation.turns[-1].answer)


async def test_a_long_answer_is_saved_now_and_then(
    slow_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAVE_EVERY_S", 0.0)
    async with chatting(slow_at) as person:
        person.simulator.script_answers("word " * 200)
        person.intents.chat.ask("Why?")

        def is_on_file() -> bool:
            return rows_in(path_of(person), "SELECT answer <> '' FROM turns") == [(1,)]

        await until(lambda: person.state.conversation.turns and has_text(person))
        await until(is_on_file)
        assert person.state.conversation.open_turn is not None
        person.intents.chat.stop()


async def test_what_came_of_an_answer_is_kept_with_the_program_ending(slow_at: PersonAt) -> None:
    """F-C02"""
    async with chatting(slow_at) as person:
        person.simulator.script_answers("word " * 200)
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.turns and has_text(person))
    ((answer, details),) = rows_in(path_of(person), "SELECT answer, details FROM turns")

    assert answer.startswith("wo")
    assert '"stopped"' in details


async def test_another_conversation_is_opened_and_gone_on_with(slow_at: PersonAt) -> None:
    """The answer of the one before ends, and what came of it is kept."""
    async with chatting(slow_at) as person:
        await ask(person, "First?", "One.")
        first = person.state.conversation
        person.intents.chat.new_chat()
        person.simulator.script_answers("word " * 200)
        person.intents.chat.ask("Second?")
        await until(lambda: person.state.conversation.turns and has_text(person))
        second = person.state.conversation.conversation_id
        person.intents.chat.conversations.open(first.conversation_id)
        await until(lambda: person.state.conversation == first)
        await ask(person, "And?", "Two.")
        assert [turn.answer for turn in person.state.conversation.turns] == ["One.", "Two."]
        found = await person.program.conversations.load(key(person), second)
        assert found is not None
        assert found.turns[0].status is TurnStatus.STOPPED
        assert found.turns[0].answer.startswith("wo")


def key(person: Person) -> str:
    return person.session.account_key


async def test_the_list_follows_what_is_done_to_it(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        for question in ("How to rename?", "Why not?", "Where?"):
            person.intents.chat.new_chat()
            await ask(person, question)
        kept = person.intents.chat.conversations
        entries = (await listed(person)).entries
        assert [entry.opening for entry in entries] == ["Where?", "Why not?", "How to rename?"]

        kept.rename(entries[1].conversation_id, "  My \n title ")
        await until(lambda: titles(person) == ["", "My title", ""])
        kept.delete(entries[2].conversation_id)
        await until(lambda: titles(person) == ["", "My title"])
        assert await openings(person, "because") == ["Where?", "Why not?"]
        assert await openings(person, "TITLE") == ["Why not?"]
        assert await openings(person, "rename") == []
        await listed(person)
        kept.delete_all()
        await until(lambda: titles(person) == [])
        assert person.state.conversation == Conversation()
        kept.show_list(None)
        assert person.state.conversations is None
    assert b"rename?" not in content_of(path_of(person))


def titles(person: Person) -> list[str] | None:
    view = person.state.conversations
    return None if view is None or view.is_loading else [entry.title for entry in view.entries]


async def test_the_title_of_the_conversation_that_is_shown(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Why?")
        person.intents.chat.conversations.rename(person.state.conversation.conversation_id, "Mine")
        assert person.state.conversation.title == "Mine"
        await ask(person, "And?")
        assert titles_of(await listed(person)) == ["Mine"]


def titles_of(view: ConversationList) -> list[str]:
    return [entry.title for entry in view.entries]


async def test_a_deleted_conversation_is_not_saved_again_by_its_answer(slow_at: PersonAt) -> None:
    """T-43: nothing of it comes back with what was still on its way."""
    async with chatting(slow_at) as person:
        person.simulator.script_answers("SENTINEL " * 200)
        person.intents.chat.ask("SENTINEL?")
        await until(lambda: person.state.conversation.turns and has_text(person))
        person.intents.chat.conversations.delete(person.state.conversation.conversation_id)
        await until(lambda: not person.is_busy("answer"))
        assert person.state.conversation == Conversation()
        assert await openings(person) == []
    for name in files_beside(path_of(person)):
        if "conversations" in name:
            assert b"SENTINEL" not in content_of(path_of(person).with_name(name))


async def delete_elsewhere(person: Person) -> None:
    """`tidegauge chats delete` of the conversation that is shown, as a process of its own."""
    wanted = person.state.conversation.conversation_id
    await person.program.conversations.entries(key(person))  # what was asked is on file
    home = str(path_of(person).parent.parent)
    words = (person.simulator.url, "chats", "delete", wanted)
    ended = await asyncio.to_thread(tidegauge, *words, TIDEGAUGE_HOME=home)
    assert ended.code == 0, ended.err


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question waits for the file, however loaded the machine is."""
    monkeypatch.setattr(module, "_LOOK_LIMIT_S", 30.0)


@pytest.mark.usefixtures("patient")
async def test_deleted_by_another_process_it_does_not_go_with_the_next_question(
    person_at: PersonAt,
) -> None:
    """T-43: neither in the window, nor in the file, nor in what is sent."""
    async with chatting(person_at) as person:
        await ask(person, "SENTINEL?", "SENTINEL.")
        deleted = person.state.conversation.conversation_id
        await delete_elsewhere(person)
        person.simulator.script_answers("Here.")
        person.intents.chat.send_question("Where?")
        await until(lambda: answers(person) == ["Here."])

        assert person.state.conversation.conversation_id != deleted
        sent = person.simulator.requests_to("/backend-api/codex/responses")[-1]
        assert b"SENTINEL" not in sent.body
        assert await openings(person) == ["Where?"]
    assert b"SENTINEL" not in content_of(path_of(person))


def answers(person: Person) -> list[str]:
    conversation = person.state.conversation
    return [] if conversation.open_turn else [turn.answer for turn in conversation.turns]


@pytest.mark.usefixtures("patient")
async def test_deleted_by_another_process_it_is_not_shown_again(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Deleted?")
        await delete_elsewhere(person)
        person.intents.chat.conversations.resume()  # the chat is opened

        await until(lambda: person.state.conversation == Conversation())


async def test_deleted_by_another_process_its_answer_ends(slow_at: PersonAt) -> None:
    """T-43"""
    async with chatting(slow_at) as person:
        person.simulator.script_answers("SENTINEL " * 400)
        person.intents.chat.ask("SENTINEL?")
        await until(lambda: person.state.conversation.turns and has_text(person))
        await delete_elsewhere(person)
        person.intents.chat.stop()
        await until(lambda: person.state.conversation == Conversation())

        assert person.intents.chat.desk.desk.draft.text == ""
        assert await openings(person) == []
    assert b"SENTINEL" not in content_of(path_of(person))


async def test_a_question_that_comes_upon_the_deletion_is_not_lost(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file did not say at once that the conversation is gone."""
    monkeypatch.setattr(module, "_LOOK_LIMIT_S", 0.0)
    async with chatting(person_at) as person:
        await ask(person, "Why?")
        await delete_elsewhere(person)
        person.simulator.set_pace(Pace(first_s=30.0))
        person.intents.chat.send_question("Where?")
        await until(lambda: person.state.desk and person.state.desk.draft.text == "Where?")

        assert person.state.conversation == Conversation()
        assert person.intents.chat.desk.desk.draft.replaces == ""
        assert await openings(person) == []


async def test_nothing_is_written_while_it_is_switched_off(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Kept?")
        person.intents.change_setting("keep_conversations", False)
        person.intents.chat.new_chat()
        await ask(person, "Secret?")
        view = await listed(person)
        assert [entry.opening for entry in view.entries] == ["Kept?"]
        assert view.status.condition is Condition.OFF
        person.intents.chat.conversations.delete(view.entries[0].conversation_id)
        await until(lambda: titles(person) == [])
        assert rows_in(path_of(person), "SELECT * FROM turns") == []

        person.intents.change_setting("keep_conversations", True)  # what is shown is kept again
        assert await openings(person) == ["Secret?"]


async def test_switched_off_from_the_start_there_is_no_file(person_at: PersonAt) -> None:
    async with chatting(person_at, Settings(keep_conversations=False)) as person:
        await ask(person, "Secret?")
        assert await openings(person) == []

    assert not path_of(person).exists()


async def test_each_account_has_its_own(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Of Ann?")
        anns = key(person)
        person.browser.account = BO
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: key(person) != anns and person.state.usage)
        assert person.state.conversation == Conversation()
        await ask(person, "Of Bo?")
        assert await openings(person) == ["Of Bo?"]
        person.browser.account = ANN
        person.intents.switch_account(anns)
        await until(lambda: key(person) == anns)
        await until(lambda: person.state.conversation.turns)
        assert [turn.question for turn in person.state.conversation.turns] == ["Of Ann?"]
        assert await openings(person) == ["Of Ann?"]


@pytest.mark.parametrize("is_opened", [True, False], ids=["opened", "never opened"])
async def test_a_removed_account_leaves_nothing(person_at: PersonAt, is_opened: bool) -> None:
    """T-43: asked separately, as for the history; the bytes are searched."""
    async with chatting(person_at) as person:
        await ask(person, "SENTINEL?", "SENTINEL " * 900)
        account = key(person)
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        if is_opened:
            person.intents.chat.conversations.resume()
            await until(lambda: person.state.conversation.turns)
        person.intents.sign_out(forgets_history=True)
        await until(lambda: person.removed)
    folder = path_of(person)
    for name in files_beside(folder):
        if "conversations" in name:
            content = content_of(folder.with_name(name))
            assert b"SENTINEL" not in content
            assert account.encode() not in content


async def test_signing_out_alone_keeps_them(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Why?")
        person.intents.sign_out()
        await until(lambda: person.removed)
        view = await listed(person)
        assert (view.account_key, view.entries) == ("", ())

    assert rows_in(path_of(person), "SELECT question FROM turns") == [("Why?",)]


async def test_what_is_older_than_wanted_goes(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Old?")
        person.intents.chat.new_chat()
    make_older(path_of(person), timedelta(days=40))
    async with chatting(person_at, Settings(conversation_days=30)) as person:
        assert await openings(person) == []
        assert person.state.conversation == Conversation()


def make_older(path: Path, age: timedelta) -> None:
    execute(path, f"UPDATE conversations SET changed_at = changed_at - {age // SECOND}")  # noqa: S608


@pytest.mark.parametrize("form", ["markdown", "json"])
async def test_a_conversation_is_taken_out(person_at: PersonAt, form: str, tmp_path: Path) -> None:
    target = tmp_path / "chat.out"
    async with chatting(person_at) as person:
        await ask(person, "Why?", "Because *so*.")
        await listed(person)
        conversation_id = person.state.conversation.conversation_id
        person.intents.chat.conversations.export(conversation_id, form, str(target))
        await until(lambda: exporting(person) is Exporting.DONE)

    text = target.read_text("utf-8")
    assert "Because *so*." in text
    assert text.startswith("# Why?" if form == "markdown" else "{")
    assert target.stat().st_mode & 0o777 == 0o600


def exporting(person: Person) -> Exporting:
    view = person.state.conversations
    return view.exporting if view is not None else Exporting.NONE


@pytest.mark.expected_log("conversation not exported")
async def test_an_export_that_fails_says_so(person_at: PersonAt, tmp_path: Path) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Why?")
        await listed(person)
        conversation_id = person.state.conversation.conversation_id
        person.intents.chat.conversations.export(
            conversation_id, "json", str(tmp_path / "no" / "x")
        )
        await until(lambda: exporting(person) is Exporting.FAILED)


async def test_a_conversation_that_is_gone_is_told(person_at: PersonAt) -> None:
    async with chatting(person_at) as person:
        await ask(person, "Why?")
        shown = person.state.conversation
        await listed(person)
        person.intents.chat.conversations.open("another")
        await until(lambda: (person.state.conversations or ConversationList()).has_failed)

        assert person.state.conversation.conversation_id == shown.conversation_id
