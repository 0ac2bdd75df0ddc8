"""The draft that is never lost, files beside a question, and questions that are sent again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.person import ANSWERS, Person, PersonAt, person_at, until
from support.simulator import MakeSimulator

from app.chat.attachments import IMAGE_BYTES, MOST_ATTACHMENTS, TEXT_BYTES
from app.chat.conversation import Turn, TurnStatus
from app.chat.desk import Desk, Place, Refusal
from app.intents.attached_files import read_content, read_file
from app.intents.desk import FILE_NAME
from app.simulator.faults import refused
from app.simulator.state import Pace
from app.state import SessionState, SessionStatus
from app.wording.composing import continuation

SLOW = Pace(first_s=0.0, between_s=0.02, delta_chars=2)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.fixture
def slow_at(make_simulator: MakeSimulator, private_home: Path) -> PersonAt:
    """Answers take seconds."""
    return partial(person_at, make_simulator(pace=SLOW), private_home)


@asynccontextmanager
async def signed_in(at: PersonAt) -> AsyncIterator[Person]:
    async with at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        assert person.intents.chat.desk
        yield person


def desk(person: Person) -> Desk:
    assert person.state.desk is not None
    return person.state.desk


def kept_file(person: Person) -> Path:
    return person.program.surroundings.paths.state / FILE_NAME


async def until_ended(person: Person, turns: int = 1) -> None:
    def ended() -> bool:
        conversation = person.state.conversation
        return len(conversation.turns) == turns and conversation.open_turn is None

    await until(ended, lambda: person.state.conversation)


def questions(person: Person) -> list[str]:
    return [turn.question for turn in person.state.conversation.turns]


def statuses(person: Person) -> list[TurnStatus]:
    return [turn.status for turn in person.state.conversation.turns]


def has_text(person: Person) -> bool:
    """Whether something of an answer has come."""
    return any(turn.answer for turn in person.state.conversation.turns)


def sent(person: Person) -> list[list[dict[str, Any]]]:
    """The input of each request, oldest first."""
    bodies: list[Any] = [request.json() for request in person.simulator.requests_to(ANSWERS)]
    return [body["input"] for body in bodies]


# --- the draft ----------------------------------------------------------------------------------


async def test_a_draft_is_there_again_after_a_restart(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.intents.chat.desk.note_draft("half a quest")
        person.intents.chat.desk.note_draft("half a question")
        person.intents.chat.desk.note_place("1x1", Place(1, 2, 400, 500))
        person.intents.chat.desk.write_now()
        await until(kept_file(person).exists)
    async with signed_in(person_at) as person:
        await until(lambda: desk(person).draft.text == "half a question")
        assert desk(person).places == {"1x1": Place(1, 2, 400, 500)}
        assert kept_file(person).stat().st_mode & 0o777 == 0o600


async def test_a_draft_is_written_without_anybody_asking(person_at: PersonAt) -> None:
    """What a crash may cost is a moment's typing."""
    async with signed_in(person_at) as person:
        person.intents.chat.desk.note_draft("kept")
        await until(kept_file(person).exists)
        assert b"kept" in kept_file(person).read_bytes()


async def test_a_draft_that_was_sent_is_not_kept(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.intents.chat.desk.note_draft("Why?")
        person.intents.chat.desk.note_draft("")  # the window clears its field, then sends
        person.intents.chat.send_question("Why?")
        person.intents.chat.desk.write_now()
        await until_ended(person)
        await until(kept_file(person).exists)
        assert b"Why" not in kept_file(person).read_bytes()
        assert desk(person).draft.text == ""


async def test_each_account_has_its_own_draft(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        key = person.session.account_key
        person.intents.chat.desk.note_draft("Ann's")
        session = person.session
        person.store.update(session=_with_key(session, "b" * 16))
        assert desk(person).draft.text == ""
        person.intents.chat.desk.note_draft("Bo's")
        person.store.update(session=_with_key(session, key))
        assert desk(person).draft.text == "Ann's"
        person.intents.chat.desk.forget("b" * 16)
        person.store.update(session=_with_key(session, "b" * 16))
        assert desk(person).draft.text == ""


def _with_key(session: SessionState, key: str) -> SessionState:
    return replace(session, account_key=key)


@pytest.mark.expected_log("WARNING tidegauge.chat: the kept draft is not used")
async def test_a_file_that_cannot_be_used_stops_nothing(
    person_at: PersonAt, private_home: Path
) -> None:
    """T-40"""
    async with person_at(stored=True) as person:
        path = kept_file(person)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        person.intents.chat.desk.note_draft("x")
        assert desk(person).draft.text == ""


@pytest.mark.expected_log("WARNING tidegauge.chat: the draft could not be kept: ")
async def test_a_full_disk_costs_the_kept_draft_only(person_at: PersonAt) -> None:
    """F-D08's kin"""
    async with signed_in(person_at) as person:
        kept_file(person).mkdir(parents=True)
        (kept_file(person) / "x").touch()
        person.intents.chat.desk.note_draft("x")
        person.intents.chat.desk.write_now()
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        assert person.crashes == []


# --- sent again ---------------------------------------------------------------------------------


async def test_an_edited_question_takes_its_place_and_what_followed_goes(
    person_at: PersonAt,
) -> None:
    async with signed_in(person_at) as person:
        for n, question in enumerate(("one", "two", "three"), start=1):
            person.intents.chat.ask(question)
            await until_ended(person, n)
        person.intents.chat.desk.note_draft("my draft")
        second = person.state.conversation.turns[1]
        person.intents.chat.desk.edit(second.turn_id)
        assert desk(person).draft.text == "two"
        assert desk(person).draft.replaces == second.turn_id
        person.intents.chat.desk.note_draft("")
        person.intents.chat.send_question("two, better")
        assert desk(person).draft.text == "my draft"
        await until_ended(person, 2)
        assert questions(person) == ["one", "two, better"]
        asked_before = [item["content"][-1]["text"] for item in sent(person)[-1]]
        assert "two" not in asked_before
        assert "three" not in asked_before
        assert "my draft" not in asked_before


async def test_a_question_left_as_it_was_gives_the_draft_back(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.intents.chat.ask("one")
        await until_ended(person)
        person.intents.chat.desk.note_draft("my draft")
        person.intents.chat.desk.edit(person.state.conversation.turns[0].turn_id)
        person.intents.chat.desk.note_draft("one, cha")
        person.intents.chat.desk.edit("no such turn")
        person.intents.chat.desk.leave_editing()
        assert desk(person).draft.text == "my draft"
        assert desk(person).draft.replaces == ""
        assert questions(person) == ["one"]


async def test_a_question_without_an_answer_stands_in_the_field_again(
    person_at: PersonAt,
) -> None:
    """F-C03, F-C27: the input is restored; sending it takes the failed one's place."""
    async with signed_in(person_at) as person:
        person.simulator.faults.add(ANSWERS, refused(400, '{"detail":"no"}'))
        person.intents.chat.send_question("Why?")
        await until_ended(person)
        assert statuses(person) == [TurnStatus.FAILED]
        assert desk(person).draft.text == "Why?"
        person.intents.chat.desk.note_draft("")
        person.intents.chat.send_question("Why not?")
        await until(lambda: questions(person) == ["Why not?"])
        await until_ended(person)
        assert statuses(person) == [TurnStatus.COMPLETED]
        assert desk(person).draft.text == ""


async def test_a_limit_in_the_middle_of_an_answer_leaves_both(person_at: PersonAt) -> None:
    """F-C03: the partial text is kept, and the question can be asked once more after it."""
    async with signed_in(person_at) as person:
        half = Turn("t1", "Why?", "Because", status=TurnStatus.FAILED)
        person.intents.chat.desk.put_back(half)
        assert (desk(person).draft.text, desk(person).draft.replaces) == ("Why?", "")


async def test_asked_again_as_it_was_it_leaves_the_field(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.simulator.faults.add(ANSWERS, refused(400, '{"detail":"no"}'))
        person.intents.chat.send_question("Why?")
        await until_ended(person)
        person.intents.chat.ask_again()
        assert desk(person).draft.text == ""
        await until(lambda: statuses(person) == [TurnStatus.COMPLETED])
        assert questions(person) == ["Why?"]


async def test_a_new_draft_is_not_overwritten_by_a_failed_question(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.simulator.faults.add(ANSWERS, refused(400, '{"detail":"no"}'))
        person.intents.chat.send_question("Why?")
        person.intents.chat.desk.note_draft("next")
        await until_ended(person)
        assert desk(person).draft.text == ""  # nothing was put there
        person.intents.chat.desk.write_now()
        await until(lambda: kept_file(person).exists() and kept_file(person).read_bytes())
        assert b"next" in kept_file(person).read_bytes()


async def test_while_an_answer_comes_a_question_goes_back_into_the_field(
    slow_at: PersonAt,
) -> None:
    """F-C28: refused, never interleaved, and not lost."""
    async with signed_in(slow_at) as person:
        person.intents.chat.send_question("one")
        await until(lambda: has_text(person))
        person.intents.chat.send_question("two")
        assert desk(person).draft.text == "two"
        assert questions(person) == ["one"]
        person.intents.chat.stop()
        await until_ended(person)
        assert len(person.simulator.requests_to(ANSWERS)) == 1


async def test_a_stopped_answer_goes_on(slow_at: PersonAt) -> None:
    """F-C01, F-C13: nothing is sent by itself; asked to, the rest is asked for."""
    async with signed_in(slow_at) as person:
        person.intents.chat.ask("Why?")
        await until(lambda: has_text(person))
        person.intents.chat.stop()
        await until_ended(person)
        half = person.state.conversation.turns[0].answer
        person.intents.chat.continue_answer()
        await until(lambda: len(sent(person)) == 2)
        assert [item["content"][-1]["text"] for item in sent(person)[1]][-3:] == [
            "Why?",
            half,
            continuation(),
        ]
        person.intents.chat.stop()
        await until_ended(person, 2)


# --- files --------------------------------------------------------------------------------------


async def test_files_go_with_the_question_and_leave_the_desk(
    person_at: PersonAt, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("the notes")
    (tmp_path / "movie.bin").write_bytes(b"\0\1\2")
    async with signed_in(person_at) as person:
        paths = [tmp_path / name for name in ("notes.txt", "movie.bin", "missing", ".")]
        person.intents.chat.desk.attach_files([str(path) for path in paths])
        await until(lambda: desk(person).refused)
        person.intents.chat.desk.attach_content("Pasted picture.png", PNG)
        await until(lambda: len(desk(person).attachments) == 2)
        assert desk(person).refused == ()
        person.intents.chat.send_question("What is in there?")
        assert desk(person).attachments == ()
        await until_ended(person)
        (request,) = sent(person)
        kinds = [part["type"] for part in request[-1]["content"]]
        assert kinds == ["input_text", "input_image", "input_text"]
        assert "the notes" in request[-1]["content"][0]["text"]
        assert person.state.conversation.turns[0].attachments[0].name == "notes.txt"


async def test_a_file_can_be_taken_away_again(person_at: PersonAt, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    async with signed_in(person_at) as person:
        person.intents.chat.desk.attach_files([str(tmp_path / n) for n in ("a.txt", "b.txt", "c")])
        await until(lambda: len(desk(person).attachments) == 2)
        person.intents.chat.desk.detach(0)
        assert [one.name for one in desk(person).attachments] == ["b.txt"]
        person.intents.chat.desk.hide_refusals()
        assert desk(person).refused == ()


async def test_no_more_files_than_a_question_takes(person_at: PersonAt, tmp_path: Path) -> None:
    paths = []
    for number in range(MOST_ATTACHMENTS + 2):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"file {number}")
        paths.append(str(path))
    async with signed_in(person_at) as person:
        person.intents.chat.desk.attach_files(paths)
        await until(lambda: desk(person).refused)
        assert len(desk(person).attachments) == MOST_ATTACHMENTS
        assert [one.why for one in desk(person).refused] == [Refusal.TOO_MANY] * 2


def test_every_reason_not_to_take_a_file(tmp_path: Path) -> None:
    """T-40's kin: a pipe is never waited for, and no more is read than is allowed."""
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(1 << 33)  # sparse: reading it whole would take minutes
    found = {}
    for name in ("pipe", "large", "missing", "."):
        result = read_file(str(tmp_path / name))
        found[name] = getattr(result, "why", None)
    assert found == {
        "pipe": Refusal.NOT_OPENED,
        "large": Refusal.TOO_LARGE,
        "missing": Refusal.NOT_OPENED,
        ".": Refusal.FOLDER,
    }


@pytest.mark.parametrize(
    ("content", "why", "most"),
    [
        (b"x" * (TEXT_BYTES + 1), Refusal.TOO_LARGE, TEXT_BYTES),
        (PNG + bytes(IMAGE_BYTES), Refusal.TOO_LARGE, IMAGE_BYTES),
        (b"\0\1", Refusal.NOT_TEXT, TEXT_BYTES),
    ],
)
def test_the_limit_a_file_went_over_is_told(content: bytes, why: Refusal, most: int) -> None:
    result = read_content("x", content)
    assert (getattr(result, "why", None), getattr(result, "most", None)) == (why, most)


async def test_files_beside_a_draft_are_there_again_after_a_restart(
    person_at: PersonAt, tmp_path: Path
) -> None:
    """As they are then; what was pasted lies nowhere and is gone."""
    for name in ("kept.txt", "gone.txt"):
        (tmp_path / name).write_text("before")
    async with signed_in(person_at) as person:
        paths = [str(tmp_path / name) for name in ("kept.txt", "gone.txt")]
        person.intents.chat.desk.attach_files(paths)
        person.intents.chat.desk.attach_content("pasted.png", PNG)
        await until(lambda: len(desk(person).attachments) == 3)
        person.intents.chat.desk.write_now()
        await until(kept_file(person).exists)
    (tmp_path / "kept.txt").write_text("after")
    (tmp_path / "gone.txt").unlink()
    async with signed_in(person_at) as person:
        await until(lambda: desk(person).attachments)
        assert [(one.name, one.text) for one in desk(person).attachments] == [("kept.txt", "after")]
        assert [one.name for one in desk(person).refused] == ["gone.txt"]
        person.intents.chat.send_question("Why?")
        await until_ended(person)
        person.intents.chat.desk.write_now()
        await until(lambda: b"kept.txt" not in kept_file(person).read_bytes())


# --- models -------------------------------------------------------------------------------------


async def test_the_services_models_are_offered(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.intents.chat.desk.look_at_models()
        await until(lambda: desk(person).models)
        models = desk(person).models or ()
        assert models[0].name == "GPT-6.1-Sol"
        assert "as the simulator plays it" in models[0].description
        assert models[0].efforts[0].name == "low"


async def test_the_models_are_there_after_a_restart_and_go_with_their_account(
    person_at: PersonAt,
) -> None:
    """T-43; without asking the service, so without a connection too."""
    async with signed_in(person_at) as person:
        person.intents.chat.desk.look_at_models()
        await until(lambda: desk(person).models)
        before = desk(person).models
    person.simulator.forget_requests()
    async with signed_in(person_at) as person:
        person.intents.chat.desk.look_at_models()
        await until(lambda: desk(person).models)
        assert desk(person).models == before
        assert person.simulator.requests_to("/backend-api/codex/models") == []
        cache = person.program.surroundings.paths.cache
        assert [one.name[:7] for one in cache.iterdir()] == ["models-"]
        person.intents.sign_out()
        await until(lambda: person.removed and not any(cache.iterdir()))


async def test_a_list_that_cannot_be_had_is_none(person_at: PersonAt) -> None:
    async with person_at() as person:
        person.intents.chat.desk.look_at_models()
        await until(lambda: desk(person).models is not None)
        assert desk(person).models == ()
        assert person.crashes == []


@pytest.mark.expected_log("WARNING tidegauge")
async def test_a_session_that_ends_costs_no_question(person_at: PersonAt, tmp_path: Path) -> None:
    """F-C27: refused for good, the question and its file stand in the field, to be sent once
    somebody has signed in again; it was not sent twice."""
    (tmp_path / "notes.txt").write_text("the notes")
    async with signed_in(person_at) as person:
        person.intents.chat.desk.attach_files([str(tmp_path / "notes.txt")])
        await until(lambda: desk(person).attachments)
        person.simulator.revoke_all()
        person.intents.chat.desk.note_draft("")
        person.intents.chat.send_question("Why?")
        await person.until_status(SessionStatus.EXPIRED)
        await until(lambda: desk(person).draft.text == "Why?", lambda: desk(person))
        assert [one.name for one in desk(person).attachments] == ["notes.txt"]
        assert len(person.simulator.requests_to(ANSWERS)) <= 1
        await person.sign_in()
        assert desk(person).draft.text == "Why?"
        person.intents.chat.desk.note_draft("")
        person.intents.chat.send_question("Why?")
        await until(lambda: statuses(person) == [TurnStatus.COMPLETED], lambda: statuses(person))
