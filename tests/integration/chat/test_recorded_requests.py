"""What is sent, field by field, beside what the official client 0.169.0 was recorded to send.

Every header and every body field of the recordings is sent with the same value, or stands below
with the reason why not; so does whatever is sent beyond them. The API notes are a recording too.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.chat_backend import NOW, Backend, recorded_cases, send_models, send_recorded
from support.fault_server import FaultServer, Peer

from app.auth.bearer import AuthorizedTransport
from app.auth.tokens import Account
from app.chat.backend import AnswerRequest
from app.chat.client import ChatClient
from app.chat.models import Model
from app.chat.requests import CLIENT_VERSION, request_body
from app.endpoints import Endpoints
from app.http_client import HttpClient

RECORDED = Path(__file__).parents[2] / "support" / "requests"
BODIES = ("gpt-6.1-sol", "gpt-5.5", "unknown-model")
THREAD = str(uuid.UUID(int=7))
ASKED = AnswerRequest(
    THREAD,
    "hello",
    Model("gpt-6.1-sol", takes_verbosity=True),
    effort="low",
    verbosity="low",
    environment="…",
    identity="codex",
)

OTHER_HEADERS = {
    "originator": "one of the service's own names either way; the notes have `codex_cli_rs`",
    "user-agent": "the same form; ours names no terminal",
    "content-length": "another body",
    "host": "the test's own server; never set by hand",
}
HEADERS_LEFT_OUT = {
    "x-codex-beta-features": "features of the command line client",
    "x-codex-window-id": "a window of the command line client",
    "x-codex-turn-metadata": "tells of the computer and its sandbox; nothing of it is needed",
    "x-openai-internal-codex-responses-lite": "the classic contract is used for every model",
    "x-codex-routing-hint": "the body names the model",
    "content-encoding": "zstd is optional",
}
HEADERS_ADDED = {
    "session_id": "the notes' name; today's is `session-id`",
    "conversation_id": "the notes' name; today's is `thread-id`",
    "accept-encoding": "`identity`, so that no gateway holds the stream back to compress it",
    "connection": "HTTP/1.1, as every client sends it",
}
BODY_LEFT_OUT = {
    "client_metadata": "tells of the installation; the service answers without it",
    "tools": "a conversation has none; `request_body` takes them",
}
BODY_ADDED = {
    "instructions": "the classic contract; the backend has refused requests without it",
}
OTHER_IN_BODY = {
    "input": "own words; the recording begins with instructions as messages",
    "prompt_cache_key": "the conversation's own id, as there",
    "model": "the one asked",
    "reasoning": "effort as chosen, summary `auto` as in the notes; no `context`, which is lite",
    "parallel_tool_calls": "false, as in the notes and for lite models; there are no tools",
}


class Signed:
    """A signer without a keyring."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints
        self.account = Account("acc-0001")

    async def access_token(self) -> str:
        return "token"

    async def refresh_after_refusal(self, refused_token: str) -> str:
        raise AssertionError


def recorded_headers(name: str) -> dict[str, str]:
    head = (RECORDED / f"{name}.http").read_text("utf-8").split("\n\n")[0]
    return {k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\n")[1:])}


def recorded_body(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return body


@pytest.fixture
async def sent() -> AsyncIterator[list[Peer]]:
    """What reached a server: the question for models, then the question itself."""
    backend = Backend(lambda peer, _: send_recorded(peer, recorded_cases()["ok"][0]))
    asked: list[Peer] = []

    def listen(peer: Peer) -> None:
        asked.append(peer)
        backend(peer)

    backend.on_models = lambda peer: send_models(peer, "gpt-6.1-sol")
    http = HttpClient(user_agent="test/1", proxy="none")
    try:
        with FaultServer(listen) as server:
            endpoints = Endpoints(server.url, server.url)
            transport = AuthorizedTransport(http, Signed(endpoints))
            client = ChatClient(transport, endpoints, lambda: NOW)
            await client.models("codex")
            async for _ in client.answer(ASKED):
                pass
            yield asked
    finally:
        await http.aclose()


async def test_the_headers_of_a_question(sent: list[Peer]) -> None:
    recorded, ours = recorded_headers("responses"), sent[1].headers
    assert sent[1].target == "/backend-api/codex/responses"
    assert set(recorded) - set(ours) == set(HEADERS_LEFT_OUT)
    assert set(ours) - set(recorded) == set(HEADERS_ADDED)
    recorded["authorization"] = "Bearer token"
    recorded.update(dict.fromkeys(("session-id", "thread-id", "x-client-request-id"), THREAD))
    different = {name for name in recorded if name in ours and recorded[name] != ours[name]}
    assert different == set(OTHER_HEADERS)
    assert ours["session_id"] == ours["conversation_id"] == THREAD
    assert ours["user-agent"].startswith(f"codex_cli_rs/{CLIENT_VERSION} (")


async def test_the_headers_of_the_notes(sent: list[Peer]) -> None:
    notes = json.loads((RECORDED / "notes.json").read_text("utf-8"))
    assert set(notes["headers"]) <= set(sent[1].headers)


async def test_the_question_for_models(sent: list[Peer]) -> None:
    recorded, ours = recorded_headers("models"), sent[0].headers
    target = (RECORDED / "models.http").read_text("utf-8").split(" ")[1]
    assert sent[0].target == target
    assert set(recorded) - set(ours) == set()
    assert set(ours) - set(recorded) <= {"accept-encoding", "connection"}
    assert (ours["version"], ours["originator"]) == (recorded["version"], "codex_cli_rs")


@pytest.mark.parametrize("name", BODIES)
async def test_the_body(sent: list[Peer], name: str) -> None:
    recorded, ours = recorded_body(name), json.loads(sent[1].body)
    assert set(recorded) - set(ours) <= set(BODY_LEFT_OUT)
    assert set(ours) - set(recorded) <= {*BODY_ADDED, "text"}  # the unknown model has no text
    different = {field for field in recorded if field in ours and recorded[field] != ours[field]}
    assert different <= set(OTHER_IN_BODY)


@pytest.mark.parametrize("name", BODIES)
async def test_the_messages_have_the_recorded_form(sent: list[Peer], name: str) -> None:
    """Type, role, kind of content; no id and no metadata, which the service does not ask for."""
    recorded, ours = recorded_body(name)["input"], json.loads(sent[1].body)["input"]
    for theirs, item in zip([i for i in recorded if i.get("role") == "user"], ours, strict=False):
        assert {name: theirs[name] for name in ("type", "role")} == {
            name: item[name] for name in ("type", "role")
        }
        assert theirs["content"][0]["type"] == item["content"][0]["type"]
    texts = [item["content"][0]["text"] for item in ours]
    assert texts == ["<environment_context>…</environment_context>", "hello"]
    assert recorded[-1]["content"] == ours[-1]["content"] or name == "gpt-6.1-sol"


def test_no_reason_is_left_over() -> None:
    bodies = [recorded_body(name) for name in BODIES]
    assert all(any(field in body for body in bodies) for field in BODY_LEFT_OUT)
    assert all(any(field in body for body in bodies) for field in OTHER_IN_BODY)


def test_the_body_of_the_notes() -> None:
    """Every field of the notes with its value; nothing else is sent."""
    notes = json.loads((RECORDED / "notes.json").read_text("utf-8"))["body"]
    asked = replace(
        ASKED,
        conversation_id=notes["prompt_cache_key"],
        question="用户消息",
        model=Model(notes["model"]),
        instructions=notes["instructions"],
        effort=notes["reasoning"]["effort"],
        environment="...",
    )
    tools = [{"type": "function", "name": "f"}]
    assert request_body(asked, tools) == {**notes, "tools": tools}
