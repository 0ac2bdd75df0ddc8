"""A second service behind the same interface: another wire, another way to count, the same turns.

It speaks JSON lines over plain HTTP, knows one model and tells no limits. Nothing above
`ChatBackend` was made for it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

import pytest
from support.chat_backend import NOW
from support.fault_server import FaultServer, Peer

from app.chat.backend import AnswerRequest, ChatBackend, OnLimits
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import (
    AnswerCompleted,
    AnswerFailed,
    StreamEvent,
    TextDelta,
    TokenUsage,
)
from app.chat.models import Model
from app.chat.turn import TurnRunner
from app.errors import Fault, FaultKind, fail
from app.http_client import HttpClient
from app.settings import Settings
from app.transport import STREAM_BOUNDS, Request, Transport


@dataclass
class LineBackend:
    """POST `{"say": …}`, answered with one JSON string per line and a number at the end."""

    transport: Transport
    url: str

    def clock(self) -> datetime:
        return NOW

    async def models(self, identity: str = "", *, reload: bool = False) -> tuple[Model, ...]:
        return (Model("parrot", takes_images=False),)

    async def kept_models(self) -> tuple[Model, ...]:
        return ()

    async def answer(
        self, request: AnswerRequest, on_limits: OnLimits = lambda _told: None
    ) -> AsyncGenerator[StreamEvent, None]:
        said = [turn.question for turn in request.earlier] + [request.question]
        post = Request("POST", self.url, {}, json.dumps({"say": said}).encode())
        async with self.transport.stream(post, STREAM_BOUNDS) as reply:
            if reply.status != 200:
                raise fail(FaultKind.OVERLOADED, status=reply.status)
            rest = b""
            async for chunk in reply.chunks():
                *lines, rest = (rest + chunk).split(b"\n")
                for value in map(json.loads, lines):
                    if isinstance(value, int):
                        yield AnswerCompleted(TokenUsage(output_tokens=value))
                        return
                    yield TextDelta(value)
            yield AnswerFailed(Fault(FaultKind.ANSWER_ENDED_EARLY))


async def asked(script: object, conversation: Conversation = Conversation()) -> Turn:  # noqa: B008
    http = HttpClient(user_agent="test/1", proxy="none")
    try:
        with FaultServer(script) as server:  # type: ignore[arg-type]
            backend: ChatBackend = LineBackend(http, server.url)
            runner = TurnRunner(backend, lambda _conversation: None)
            ended = await runner.run(conversation, "Polly?", Settings())
    finally:
        await http.aclose()
    return ended.turns[-1]


async def test_its_answers_are_turns_like_all_others() -> None:
    def parrot(peer: Peer) -> None:
        peer.chunked()
        for word in json.loads(peer.body)["say"]:
            peer.chunk(json.dumps(f"{word} ").encode() + b"\n")
        peer.chunk(b"7\n")
        peer.send(b"0\r\n\r\n")

    earlier = Conversation("c", (Turn("1", "Hello.", "Hello.", status=TurnStatus.COMPLETED),))
    turn = await asked(parrot, earlier)

    assert (turn.answer, turn.model) == ("Hello. Polly? ", "parrot")
    assert turn.status is TurnStatus.COMPLETED
    assert turn.usage == TokenUsage(output_tokens=7)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'"half"\n', "200 OK", FaultKind.ANSWER_ENDED_EARLY),
        (b"", "503 X", FaultKind.OVERLOADED),
    ],
)
async def test_its_faults_are_the_programs(body: bytes, status: str, kind: FaultKind) -> None:
    turn = await asked(lambda peer: peer.reply(body, status))

    assert turn.status is TurnStatus.FAILED
    assert turn.fault is not None
    assert turn.fault.kind is kind
