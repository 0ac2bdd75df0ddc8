"""One turn after the other over real sockets: models, tries, Stop, pace."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import aclosing
from typing import Any

import pytest
from support.chat_backend import (
    ASKED,
    MODELS,
    NOW,
    Backend,
    Chat,
    chat_with,
    recorded_cases,
    send_models,
    send_recorded,
    sse,
)
from support.chat_behaviours import signed_chat
from support.fault_server import HangUpError, Peer
from support.stalls import Patience, Stalls

from app.chat.attachments import Attachment
from app.chat.catalogue import model_choices
from app.chat.client import ChatClient
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import AnswerFailed, ModelServed, TextDelta
from app.chat.models import FALLBACK_MODELS, choices
from app.chat.requests import CLIENT_VERSION
from app.chat.turn import TurnRunner
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.simulator.server import Simulator
from app.transport import Bounds

OK = recorded_cases()["ok"][0]
RETIRED = recorded_cases()["400_detail"][0]
COMPLETED = {"type": "response.completed", "response": {"id": "r"}}


def ok(peer: Peer, _number: int) -> None:
    send_recorded(peer, OK)


def delta(text: str) -> dict[str, Any]:
    return {"type": "response.output_text.delta", "delta": text}


def begin(peer: Peer, *frames: dict[str, Any]) -> None:
    peer.chunked(Content_Type="text/event-stream")
    peer.chunk(sse(*frames))


async def until(condition: Any, limit_s: float = 30) -> None:
    patience = Patience(limit_s)
    while not condition():
        assert not patience.is_over()
        await asyncio.sleep(0.002)


# --- what is sent -------------------------------------------------------------------------------


async def test_the_request_carries_conversation_settings_and_identity() -> None:
    backend = Backend(ok)
    conversation = Conversation(
        "conv", (Turn("t", "Before?", "Yes.", status=TurnStatus.COMPLETED),)
    )
    async with chat_with(backend) as chat:
        await chat.ask(
            "And now?",
            conversation,
            chat_model="gpt-two",
            chat_effort="high",
            chat_instructions="Be brief.",
            client_identity="codex",
        )
    sent = json.loads(backend.posts[0].body)
    assert sent["model"] == "gpt-two"
    assert sent["instructions"] == "Be brief."
    assert sent["reasoning"] == {"effort": "high", "summary": "auto"}
    assert [item["content"][0]["text"] for item in sent["input"]] == ["Before?", "Yes.", "And now?"]
    assert sent["prompt_cache_key"] == "conv"
    headers = backend.posts[0].headers
    assert headers["thread-id"] == headers["session_id"] == "conv"
    assert headers["originator"] == "codex_cli_rs"
    assert headers["user-agent"].startswith(f"codex_cli_rs/{CLIENT_VERSION} (")
    assert headers["accept"] == "text/event-stream"
    assert headers["accept-encoding"] == "identity"


async def test_a_new_conversation_gets_an_id_that_stays() -> None:
    backend = Backend(ok)
    async with chat_with(backend) as chat:
        await chat.ask("One?")
        await chat.ask("Two?", chat.told[-1])
    ids = {json.loads(post.body)["prompt_cache_key"] for post in backend.posts}
    assert ids == {chat.told[-1].conversation_id}
    assert [turn.question for turn in chat.told[-1].turns] == ["One?", "Two?"]
    assert len({turn.turn_id for turn in chat.told[-1].turns}) == 2


async def test_the_models_summary_and_effort_are_respected() -> None:
    entry = {
        "slug": "m",
        "supported_reasoning_levels": [{"effort": "low"}, {"effort": "medium"}],
        "supports_reasoning_summary_parameter": False,
    }
    models = json.dumps({"models": [entry]}).encode()
    backend = Backend(ok, lambda peer: peer.reply(models))
    async with chat_with(backend) as chat:
        await chat.ask(chat_effort="xhigh")
    assert json.loads(backend.posts[0].body)["reasoning"] == {"effort": "medium"}


# --- which model --------------------------------------------------------------------------------


async def test_the_first_listed_model_is_asked() -> None:
    backend = Backend(ok)
    async with chat_with(backend) as chat:
        turn = await chat.ask()
    assert (backend.models_asked, turn.model) == ([MODELS[0]], MODELS[0])
    target = chat.server.requests[0].target
    assert target == f"/backend-api/codex/models?client_version={CLIENT_VERSION}"
    assert chat.server.requests[0].headers["version"] == CLIENT_VERSION


async def test_a_retired_model_leads_to_the_next_of_a_fresh_list() -> None:
    lists = iter([("gone", "old"), ("new", "old")])
    backend = Backend(
        lambda peer, n: send_recorded(peer, RETIRED if n == 0 else OK),
        lambda peer: send_models(peer, *next(lists)),
    )
    async with chat_with(backend) as chat:
        turn = await chat.ask()
    assert backend.models_asked == ["gone", "new"]
    assert (turn.status, turn.model) == (TurnStatus.COMPLETED, "new")


async def test_a_chosen_model_that_is_retired_is_replaced_too() -> None:
    backend = Backend(lambda peer, n: send_recorded(peer, RETIRED if n == 0 else OK))
    async with chat_with(backend) as chat:
        await chat.ask(chat_model="gone")
    assert backend.models_asked == ["gone", MODELS[0]]


@pytest.mark.parametrize(
    ("status", "body"), [("404 X", b"{}"), ("500 X", b""), ("200 OK", b"[]"), ("403 X", b"{}")]
)
async def test_without_a_list_a_known_model_is_asked(status: str, body: bytes) -> None:
    backend = Backend(ok, lambda peer: peer.reply(body, status))
    async with chat_with(backend) as chat:
        assert (await chat.ask()).status is TurnStatus.COMPLETED
    assert backend.models_asked == [FALLBACK_MODELS[0].slug]


async def test_a_refused_session_ends_the_turn_before_anything_is_asked() -> None:
    backend = Backend(ok, lambda peer: peer.reply(b"{}", "401 X"))
    async with chat_with(backend) as chat:
        fault = (await chat.ask()).fault
    assert fault is not None
    assert fault.kind is FaultKind.SESSION_REFUSED
    assert backend.posts == []


async def test_a_service_out_of_reach() -> None:
    """F-N02: three tries, the question kept."""
    async with chat_with(Backend(ok)) as chat:
        pass
    runner = TurnRunner(chat.client, chat.told.append, sleep=lambda _s: asyncio.sleep(0))
    turn = (await runner.run(Conversation(), "Why?", Settings())).turns[-1]
    assert turn.fault is not None
    assert (turn.fault.kind, turn.question) == (FaultKind.OFFLINE, "Why?")


# --- the list of models ---------------------------------------------------------------------------


async def test_the_list_is_kept_and_checked_by_its_etag() -> None:
    now = NOW

    def models(peer: Peer) -> None:
        if peer.headers.get("if-none-match") == '"e1"':
            peer.send(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        else:
            send_models(peer, *MODELS, ETag='"e1"')

    async with chat_with(Backend(ok, models)) as chat:
        client = chat.client
        client.clock = lambda: now
        first = await client.models()
        assert await client.models() == first
        assert len(chat.server.requests) == 1
        now = NOW.replace(hour=16)
        assert await client.models() == first
        assert await client.models(reload=True) == first
        assert len(chat.server.requests) == 3


async def test_a_clock_set_back_does_not_keep_a_list_for_ever() -> None:
    async with chat_with(Backend(ok)) as chat:
        await chat.client.models()
        chat.client.clock = lambda: NOW.replace(year=2020)
        await chat.client.models()
        assert len(chat.server.requests) == 2


async def test_an_answer_may_say_that_the_list_changed() -> None:
    def answer(peer: Peer, _number: int) -> None:
        send_recorded(peer, {**OK, "headers": {**OK["headers"], "x-models-etag": "e2"}})

    backend = Backend(answer, lambda peer: send_models(peer, *MODELS, ETag='"e1"'))
    async with chat_with(backend) as chat:
        await chat.ask()
        await chat.ask()
        lists = [peer for peer in chat.server.requests if peer.head.startswith(b"GET")]
    assert len(lists) == 2


async def test_a_list_that_cannot_be_checked_again_is_asked_for_whole() -> None:
    replies = iter([("bad\x7fetag",), ("unasked 304",)])

    def models(peer: Peer) -> None:
        if next(replies) == ("unasked 304",):
            assert "if-none-match" not in peer.headers
        send_models(peer, *MODELS, ETag="caf\xe9")

    async with chat_with(Backend(ok, models)) as chat:
        await chat.client.models()
        assert await chat.client.models(reload=True)


@pytest.mark.parametrize(("status", "body"), [("500 X", b""), ("200 OK", b"[]"), ("304 X", b"")])
async def test_a_list_that_was_had_is_better_than_none(status: str, body: bytes) -> None:
    is_broken = False

    def models(peer: Peer) -> None:
        if is_broken:
            peer.reply(body, status)
        else:
            send_models(peer, *MODELS)

    async with chat_with(Backend(ok, models)) as chat:
        first = await chat.client.models()
        is_broken = True
        assert await chat.client.models(reload=True) == first
        assert len(chat.server.requests) == 2


async def test_a_list_does_not_hide_a_refused_session() -> None:
    replies = iter(["200 OK", "401 X"])
    entries = json.dumps({"models": [{"slug": "m"}]}).encode()
    async with chat_with(Backend(ok, lambda peer: peer.reply(entries, next(replies)))) as chat:
        await chat.client.models()
        with pytest.raises(AppError) as caught:
            await chat.client.models(reload=True)
    assert caught.value.fault.kind is FaultKind.SESSION_REFUSED


async def test_an_unasked_304_is_no_list() -> None:
    backend = Backend(ok, lambda peer: peer.send(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    async with chat_with(backend) as chat:
        with pytest.raises(AppError) as caught:
            await chat.client.models()
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD


# --- tries --------------------------------------------------------------------------------------


async def test_reasoning_of_a_broken_try_does_not_stay() -> None:
    def script(peer: Peer, number: int) -> None:
        thought = {"type": "response.reasoning_summary_text.delta", "delta": f"try {number}"}
        begin(peer, thought, *([delta("done"), COMPLETED] if number else []))
        raise HangUpError

    async with chat_with(Backend(script)) as chat:
        turn = await chat.ask()
    assert (turn.answer, turn.reasoning) == ("done", "try 1")


async def test_a_stall_inside_an_answer() -> None:
    """F-C24: text kept, not sent again."""

    def script(peer: Peer, _number: int) -> None:
        begin(peer, delta("half"))
        peer.hang()

    bounds = Bounds(total_s=5, idle_s=0.2, body_bytes=1 << 20)
    backend = Backend(script)
    async with chat_with(backend, bounds) as chat:
        turn = await chat.ask()
    assert turn.fault is not None
    assert (turn.answer, turn.fault.kind) == ("half", FaultKind.ANSWER_STALLED)
    assert len(backend.posts) == 1


async def test_comments_keep_an_answer_alive_until_the_time_for_all_of_it_is_up() -> None:
    """F-C24: long thinking sends nothing else for minutes."""
    sent: list[float] = []

    def script(peer: Peer, _number: int) -> None:
        begin(peer, delta("half"))
        while True:
            peer.chunk(b": thinking\n\n")
            sent.append(time.monotonic())
            peer.pause(0.02)

    bounds = Bounds(total_s=3, idle_s=1, body_bytes=1 << 20)
    async with chat_with(Backend(script), bounds) as chat:
        turn = await chat.ask()
    assert turn.fault is not None
    assert (turn.answer, turn.fault.kind) == ("half", FaultKind.ANSWER_STALLED)
    assert sent[-1] - sent[0] > bounds.idle_s


async def test_an_answer_beyond_the_cap_is_cut_there() -> None:
    """F-C25."""

    def script(peer: Peer, _number: int) -> None:
        begin(peer, delta("half"))
        while True:
            peer.chunk(b": nothing\n" * 1000)

    bounds = Bounds(total_s=5, idle_s=5, body_bytes=1 << 16)
    async with chat_with(Backend(script), bounds) as chat:
        turn = await chat.ask()
    assert turn.fault is not None
    assert (turn.answer, turn.fault.kind) == ("half", FaultKind.TOO_LARGE)


async def test_a_network_that_comes_back_resumes_nothing_by_itself() -> None:
    """F-C29, F-C13: the text is kept; the next question goes as if nothing had been."""

    def script(peer: Peer, number: int) -> None:
        if number:
            ok(peer, number)
        else:
            begin(peer, delta("half"))
            raise HangUpError

    backend = Backend(script)
    async with chat_with(backend) as chat:
        broken = await chat.ask()
        assert len(backend.posts) == 1
        again = await chat.ask("And?", chat.told[-1])
    assert broken.fault is not None
    assert (broken.answer, broken.fault.kind) == ("half", FaultKind.ANSWER_ENDED_EARLY)
    assert again.status is TurnStatus.COMPLETED


async def test_a_renewed_token_does_not_cut_an_answer(simulator: Simulator) -> None:
    """F-C31: the stream keeps the token it began with, the next question has the new one."""
    renewed = threading.Event()

    def script(peer: Peer, number: int) -> None:
        begin(peer, delta("half "))
        if number == 0:
            assert renewed.wait(10)
        peer.chunk(sse(delta("and whole"), COMPLETED))
        peer.send(b"0\r\n\r\n")

    backend = Backend(script)
    async with signed_chat(backend, simulator) as (chat, session):
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(chat.ask())
            await until(lambda: chat.told and chat.told[-1].turns[-1].answer)
            old = await session.access_token()
            new = await session.refresh_after_refusal(old)
            renewed.set()
        turn = asked.result()
        await chat.ask("And?", chat.told[-1])
    assert (turn.answer, turn.status) == ("half and whole", TurnStatus.COMPLETED)
    assert old != new
    assert [post.headers["authorization"] for post in backend.posts] == [
        f"Bearer {old}",
        f"Bearer {new}",
    ]


async def test_an_outcome_just_before_the_cut_counts() -> None:
    def script(peer: Peer, _number: int) -> None:
        peer.chunked()
        peer.chunk(sse(delta("all"), COMPLETED).rstrip(b"\n"))
        raise HangUpError

    async with chat_with(Backend(script)) as chat:
        turn = await chat.ask()
    assert (turn.answer, turn.status) == ("all", TurnStatus.COMPLETED)


async def test_a_web_page_instead_of_a_stream() -> None:
    """F-C26, F-N15."""
    page = b"<html>Sign in to the network</html>"
    backend = Backend(lambda peer, _: peer.reply(page, Content_Type="text/html"))
    async with chat_with(backend) as chat:
        fault = (await chat.ask()).fault
    assert fault is not None
    assert (fault.kind, fault.message) == (FaultKind.PORTAL, "")


async def test_a_json_body_instead_of_a_stream_is_shown() -> None:
    """F-C26."""
    backend = Backend(lambda peer, _: send_recorded(peer, recorded_cases()["200_but_json"][0]))
    async with chat_with(backend) as chat:
        fault = (await chat.ask()).fault
    assert fault is not None
    assert fault.message == '{"id": "x"}'


@pytest.mark.expected_log("ERROR tidegauge.chat: a turn failed unexpectedly")
async def test_a_mistake_of_our_own_ends_the_turn_in_words() -> None:
    async with chat_with(Backend(ok)) as chat:

        def models(*_arguments: Any, **_options: Any) -> Any:
            raise ZeroDivisionError

        chat.client.models = models  # type: ignore[method-assign]
        turn = await chat.ask()
    assert turn.fault is not None
    assert (turn.fault.kind, turn.fault.detail) == (FaultKind.INTERNAL, "ZeroDivisionError")


# --- stop and pace --------------------------------------------------------------------------------


def endless(peer: Peer, _number: int) -> None:
    begin(peer, delta("half"))
    peer.hang()


def hang(peer: Peer, _number: int) -> None:
    peer.hang()


async def _stopped(chat: Chat, when: Any) -> float:
    """Run a turn, cancel it once `when()`; returns the moment of the cancellation."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(chat.runner.run(Conversation(), "Why?", Settings()))
        await until(when)
        cancelled_at = time.monotonic()
        task.cancel()
    assert task.cancelled()
    return cancelled_at


async def test_stopping_keeps_the_text_and_closes_the_socket() -> None:
    """F-C01."""
    async with chat_with(Backend(endless)) as chat:
        with Stalls() as stalls:
            cancelled_at = await _stopped(
                chat, lambda: chat.told and chat.told[-1].turns[-1].answer
            )
            told = len(chat.told)
            await until(lambda: chat.server.closed_at)
            assert stalls.lived_s(cancelled_at, chat.server.closed_at[0]) <= 0.2
        await asyncio.sleep(0.05)
        assert len(chat.told) == told  # no further paint
    turn = chat.told[-1].turns[-1]
    assert (turn.answer, turn.status, turn.fault) == ("half", TurnStatus.STOPPED, None)


async def test_stopping_before_the_first_text() -> None:
    backend = Backend(hang)
    async with chat_with(backend) as chat:
        with Stalls() as stalls:
            cancelled_at = await _stopped(chat, lambda: backend.posts)
            await until(lambda: chat.server.closed_at)
            assert stalls.lived_s(cancelled_at, chat.server.closed_at[0]) <= 0.2
    assert chat.told[-1].turns[-1].status is TurnStatus.STOPPED


async def test_after_a_stop_the_next_question_can_be_asked() -> None:
    backend = Backend(lambda peer, n: endless(peer, n) if n == 0 else ok(peer, n))
    async with chat_with(backend) as chat:
        await _stopped(chat, lambda: chat.told and chat.told[-1].turns[-1].answer)
        turn = await chat.ask("And?", chat.told[-1])
    assert turn.status is TurnStatus.COMPLETED
    assert [t.status for t in chat.told[-1].turns] == [TurnStatus.STOPPED, TurnStatus.COMPLETED]


async def test_a_second_question_at_the_same_time_is_refused() -> None:
    """F-C28."""
    backend = Backend(endless)
    async with chat_with(backend) as chat:

        async def second() -> None:
            await until(lambda: chat.told and chat.told[-1].turns[-1].answer)
            with pytest.raises(AppError) as caught:
                await chat.ask("Second?")
            assert caught.value.fault.kind is FaultKind.INTERNAL

        async with asyncio.TaskGroup() as group:
            task = group.create_task(chat.runner.run(Conversation(), "First?", Settings()))
            await second()
            task.cancel()
    assert len(backend.posts) == 1


async def test_however_fast_the_deltas_come_the_pace_is_thirty_a_second() -> None:
    """F-C06, F-C25."""
    count = 5000

    def script(peer: Peer, _number: int) -> None:
        peer.chunked()
        for start in range(0, count, 50):
            peer.chunk(sse(*(delta(f"{n} ") for n in range(start, start + 50))))
            peer.pause(0.002)
        peer.chunk(sse(COMPLETED))
        peer.send(b"0\r\n\r\n")

    async with chat_with(Backend(script)) as chat:
        started = time.monotonic()
        turn = await chat.ask()
        taken = time.monotonic() - started
    assert turn.answer == "".join(f"{n} " for n in range(count))
    assert len(chat.told) <= 30 * taken + 5
    lengths = [len(told.turns[-1].answer) for told in chat.told]
    assert lengths == sorted(lengths)


async def test_a_pause_does_not_hold_text_back() -> None:
    def script(peer: Peer, _number: int) -> None:
        begin(peer, delta("a"))
        peer.pause(0.02)
        peer.chunk(sse(delta("b")))
        peer.hang()

    async with chat_with(Backend(script)) as chat:
        await _stopped(chat, lambda: chat.told and chat.told[-1].turns[-1].answer == "ab")


# --- the client alone -----------------------------------------------------------------------------


async def test_leaving_the_events_closes_the_connection(tasks_ended: None) -> None:
    async with chat_with(Backend(endless)) as chat:
        async with aclosing(chat.client.answer(ASKED)) as events:
            assert await anext(events) == TextDelta("half")
        await until(lambda: chat.server.closed_at)


async def test_the_answers_own_events() -> None:
    def script(peer: Peer, _number: int) -> None:
        peer.chunked(OpenAI_Model="m\x07")
        peer.chunk(sse(delta("x")) + b"data: {\n\n")
        peer.send(b"0\r\n\r\n")

    async with chat_with(Backend(script)) as chat:
        events = [event async for event in chat.client.answer(ASKED)]
    assert events[:2] == [ModelServed("m"), TextDelta("x")]
    assert isinstance(events[2], AnswerFailed)


async def test_the_client_needs_no_more_than_a_transport() -> None:
    class Refusing:
        async def send(self, *_: Any) -> Any:
            raise AssertionError

        def stream(self, *_: Any) -> Any:
            raise AppError(signed_out)

    signed_out = Fault(FaultKind.NOT_SIGNED_IN)
    client = ChatClient(Refusing(), Endpoints(), lambda: NOW)
    with pytest.raises(AppError) as caught:
        await anext(client.answer(ASKED))
    assert caught.value.fault is signed_out


# --- what goes along ------------------------------------------------------------------------------

PICTURE = Attachment("a.png", "image/png", data=b"\x89PNG")


def answered(name: str, answer: str, **fields: Any) -> Turn:
    return Turn(name, f"{name}?", answer, status=TurnStatus.COMPLETED, **fields)


async def test_files_go_with_the_question_and_stay_in_the_turn() -> None:
    backend = Backend(ok)
    async with chat_with(backend) as chat:
        turn = await chat.ask("What is this?", attachments=(PICTURE,))
    sent = json.loads(backend.posts[0].body)["input"][-1]["content"]
    assert [part["type"] for part in sent] == ["input_image", "input_text"]
    assert turn.attachments == (PICTURE,)


async def test_a_model_without_pictures_is_not_asked_about_one() -> None:
    blind = json.dumps({"models": [{"slug": "m", "input_modalities": ["text"]}]}).encode()
    backend = Backend(ok, lambda peer: peer.reply(blind))
    async with chat_with(backend) as chat:
        turn = await chat.ask(attachments=(PICTURE,))
    assert turn.fault is not None
    assert turn.fault.kind is FaultKind.MODEL_TAKES_NO_IMAGES
    assert backend.posts == []


async def test_a_conversation_beyond_the_window_is_trimmed_and_says_so() -> None:
    """Row C11: whole turns, the oldest first; the turn tells how many."""
    small = json.dumps({"models": [{"slug": "m", "context_window": 1000}]}).encode()
    backend = Backend(ok, lambda peer: peer.reply(small))
    earlier = Conversation("c", (answered("1", "a" * 3000), answered("2", "b" * 300)))
    async with chat_with(backend) as chat:
        turn = await chat.ask("3?", earlier)
        assert chat.told[-1].left_out == turn.left_out == 1
        assert [shown.left_out for shown in chat.told[-1].turns] == [0, 0, 1]
    sent = json.loads(backend.posts[0].body)["input"]
    assert [item["content"][0]["text"] for item in sent] == ["2?", "b" * 300, "3?"]


async def test_what_the_model_is_told_of_the_computer_is_a_choice() -> None:
    backend = Backend(ok)
    async with chat_with(backend) as chat:
        await chat.ask()
        await chat.ask(chat_environment=True)
    without, told = (json.loads(post.body)["input"] for post in backend.posts)
    assert len(without) == 1
    assert told[0]["content"][0]["text"].startswith("<environment_context><current_date>2026-11-2")


async def test_the_length_of_answers_goes_to_models_that_have_one() -> None:
    entries = [{"slug": "m", "support_verbosity": True}, {"slug": "n"}]
    models = json.dumps({"models": entries}).encode()
    backend = Backend(ok, lambda peer: peer.reply(models))
    async with chat_with(backend) as chat:
        await chat.ask(chat_model="m", chat_verbosity="low")
        await chat.ask(chat_model="n", chat_verbosity="low")
    first, second = (json.loads(post.body) for post in backend.posts)
    assert first["text"] == {"verbosity": "low"}
    assert "text" not in second


async def test_a_replaced_model_is_told_and_not_asked_again_in_this_conversation() -> None:
    backend = Backend(lambda peer, n: send_recorded(peer, RETIRED if n == 0 else OK))
    async with chat_with(backend) as chat:
        first = await chat.ask(chat_model="gone")
        second = await chat.ask("And?", chat.told[-1], chat_model="gone")
        other = await chat.ask("And?", chat.told[-1], chat_model=MODELS[1])
    assert backend.models_asked == ["gone", MODELS[0], MODELS[0], MODELS[1]]
    assert (first.replaced_model, first.model) == ("gone", MODELS[0])
    assert (second.replaced_model, second.model) == ("gone", MODELS[0])
    assert other.replaced_model == ""


async def test_a_refused_favourite_is_not_asked_again_in_this_conversation() -> None:
    backend = Backend(lambda peer, n: send_recorded(peer, RETIRED if n == 0 else OK))
    async with chat_with(backend) as chat:
        await chat.ask()
        second = await chat.ask("And?", chat.told[-1])
    assert backend.models_asked == [MODELS[0], MODELS[1], MODELS[1]]
    assert (second.replaced_model, second.model) == (MODELS[0], MODELS[1])


async def test_what_can_be_chosen_without_a_list() -> None:
    async with chat_with(Backend(ok)) as chat:
        assert [one.slug for one in await model_choices(chat.client, "tidegauge")] == [*MODELS]
    broken = Backend(ok, lambda peer: peer.reply(b"{}", "404 X"))
    async with chat_with(broken) as chat:
        assert await model_choices(chat.client, "tidegauge") == choices(FALLBACK_MODELS)
