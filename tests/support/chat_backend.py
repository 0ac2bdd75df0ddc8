"""A scripted chat backend on raw sockets, and what a turn against it came to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from support.fault_server import FaultServer, HangUpError, Peer

from app.chat.attachments import Attachment
from app.chat.backend import AnswerRequest, OnLimits
from app.chat.client import ChatClient
from app.chat.conversation import Conversation, Turn
from app.chat.models import Model
from app.chat.turn import TurnRunner
from app.endpoints import Endpoints
from app.http_client import HttpClient
from app.settings import Settings
from app.transport import STREAM_BOUNDS, Bounds, Transport

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
REPLIES = Path(__file__).parent / "replies"
MODELS = ("gpt-one", "gpt-two")
ASKED = AnswerRequest("conv", "Why?", Model(MODELS[0]))


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """What was recorded with the official client, by case: `replies` of the service's kind, and
    what it made of them (`official`: posts, how many answers it showed, its last sentence)."""
    cases = json.loads((REPLIES / "cases.json").read_text(encoding="utf-8"))
    return {case["case"]: case for case in cases}


def recorded_cases() -> dict[str, list[dict[str, Any]]]:
    """The replies alone."""
    return {name: case["replies"] for name, case in recorded().items()}


def send_recorded(peer: Peer, reply: dict[str, Any]) -> None:
    """One recorded reply; `cut` means that the connection breaks instead of ending."""
    body = (REPLIES / reply["file"]).read_bytes() if "file" in reply else b""
    if reply.get("cut") and not body:
        raise HangUpError
    head = [f"HTTP/1.1 {reply['status']} X", "Transfer-Encoding: chunked"]
    head += [f"{name}: {value}" for name, value in reply["headers"].items()]
    peer.send("\r\n".join([*head, "", ""]).encode())
    for start in range(0, len(body), 211):
        peer.chunk(body[start : start + 211])
    if reply.get("cut"):
        raise HangUpError
    peer.send(b"0\r\n\r\n")


def send_models(peer: Peer, *slugs: str, **headers: str) -> None:
    entries = [{"slug": slug, "priority": rank} for rank, slug in enumerate(slugs)]
    peer.reply(json.dumps({"models": entries}).encode(), **headers)


def sse(*frames: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(frame).encode() + b"\n\n" for frame in frames)


@dataclass
class Backend:
    """Answers GET models with `models` and each POST with the next call of `on_post`."""

    on_post: Callable[[Peer, int], None]
    on_models: Callable[[Peer], None] = lambda peer: send_models(peer, *MODELS)
    posts: list[Peer] = field(default_factory=list)

    def __call__(self, peer: Peer) -> None:
        if peer.head.startswith(b"GET"):
            self.on_models(peer)
            return
        self.posts.append(peer)
        self.on_post(peer, len(self.posts) - 1)

    @property
    def models_asked(self) -> list[str]:
        return [json.loads(post.body)["model"] for post in self.posts]


@dataclass
class Chat:
    """A turn runner over real sockets whose waits are noted instead of waited."""

    runner: TurnRunner
    client: ChatClient
    server: FaultServer
    told: list[Conversation]
    waits: list[float]

    async def ask(
        self,
        question: str = "Why?",
        conversation: Conversation | None = None,
        attachments: tuple[Attachment, ...] = (),
        **settings: Any,
    ) -> Turn:
        outcome = await self.runner.run(
            conversation or Conversation(), question, Settings(**settings), attachments
        )
        assert self.told[-1] == outcome
        return outcome.turns[-1]


@asynccontextmanager
async def chat_with(
    backend: Callable[[Peer], None],
    bounds: Bounds = STREAM_BOUNDS,
    on_limits: OnLimits = lambda _told: None,
    transport: Callable[[HttpClient, Endpoints], Transport] = lambda http, _endpoints: http,
) -> AsyncIterator[Chat]:
    """Against a server on a port of its own; `transport` may sign what is sent."""
    told: list[Conversation] = []
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    ids = iter(f"id-{number}" for number in range(1000))
    http = HttpClient(user_agent="test/1", proxy="none")
    try:
        with FaultServer(backend) as server:
            endpoints = Endpoints(server.url, server.url)
            wire = transport(http, endpoints)
            client = ChatClient(wire, endpoints, lambda: NOW, stream_bounds=bounds)
            runner = TurnRunner(
                client,
                told.append,
                on_limits=on_limits,
                sleep=note,
                chance=lambda: 0.5,
                new_id=lambda: next(ids),
            )
            yield Chat(runner, client, server, told, waits)
    finally:
        await http.aclose()
