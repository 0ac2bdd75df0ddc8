"""The list of models outlives the program: asked for again by its mark, there without a
connection, gone with its account."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.chat_backend import MODELS, NOW, send_models
from support.fault_server import FaultServer, HangUpError, Peer
from support.open_history import mode_of

from app.chat.catalogue import model_choices
from app.chat.client import ChatClient
from app.chat.kept_models import KeptModels
from app.chat.models import Model
from app.chat.models_file import ModelsFile
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient

VERSION = "1.2.3"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models-0123456789abcdef.json"


def slugs(models: tuple[Model, ...]) -> tuple[str, ...]:
    return tuple(model.slug for model in models)


def answering(peer: Peer) -> None:
    send_models(peer, *MODELS, ETag='"m1"')


class Service:
    """Counts what it is asked; `etags` are the marks that came along."""

    def __init__(self, answer: Callable[[Peer], None] = answering) -> None:
        self.answer = answer
        self.etags: list[str] = []

    def __call__(self, peer: Peer) -> None:
        head = peer.head.decode().lower()
        mark = [line for line in head.splitlines() if line.startswith("if-none-match:")]
        self.etags.append(mark[0].partition(": ")[2] if mark else "")
        self.answer(peer)


@asynccontextmanager
async def started(
    service: Callable[[Peer], None], path: Path, now: datetime = NOW
) -> AsyncIterator[ChatClient]:
    """The client of a program that has just started."""
    http = HttpClient(user_agent="test/1", proxy="none")
    try:
        with FaultServer(service) as server:
            endpoints = Endpoints(server.url, server.url)
            yield ChatClient(http, endpoints, lambda: now, file=ModelsFile(path, VERSION))
    finally:
        await http.aclose()


async def test_a_list_read_just_now_is_not_asked_for_again(path: Path) -> None:
    first, second = Service(), Service()
    async with started(first, path) as client:
        assert slugs(await client.models()) == MODELS
    async with started(second, path, NOW + timedelta(minutes=4)) as client:
        assert slugs(await client.models()) == MODELS

    assert (len(first.etags), len(second.etags)) == (1, 0)
    assert mode_of(path) == 0o600


async def test_an_older_one_is_asked_for_by_its_mark(path: Path) -> None:
    async with started(answering, path) as client:
        before = await client.models()
    unchanged = Service(lambda peer: peer.reply(b"", "304 Not Modified"))
    async with started(unchanged, path, LATER) as client:
        assert await client.models() == before

    assert unchanged.etags == ['"m1"']


async def test_a_new_list_takes_the_place_of_the_old(path: Path) -> None:
    async with started(answering, path) as client:
        await client.models()
    async with started(lambda peer: send_models(peer, "new"), path, LATER) as client:
        await client.models()
    async with started(answering, path, LATER) as client:
        assert slugs(await client.kept_models()) == ("new",)


async def test_without_a_connection_there_is_still_something_to_choose(path: Path) -> None:
    async with started(answering, path) as client:
        await client.models()

    def gone(_peer: Peer) -> None:
        raise HangUpError

    async with started(gone, path, LATER) as client:
        assert [one.slug for one in await model_choices(client, "tidegauge")] == [*MODELS]
    offline = Endpoints("http://127.0.0.1:1", "http://127.0.0.1:1")
    http = HttpClient(user_agent="test/1", proxy="none")
    try:
        client = ChatClient(http, offline, lambda: LATER, file=ModelsFile(path, VERSION))
        assert [one.slug for one in await model_choices(client, "tidegauge")] == [*MODELS]
        with pytest.raises(AppError) as caught:  # a question would fail as well
            await client.models(reload=True)
    finally:
        await http.aclose()
    assert caught.value.fault.kind is FaultKind.OFFLINE


@pytest.mark.expected_log("the kept list of models is not used")
async def test_what_is_no_file_of_ours_is_not_read(path: Path, tmp_path: Path) -> None:
    """T-40"""
    path.parent.mkdir(mode=0o700)
    os.symlink(tmp_path / "elsewhere", path)
    (tmp_path / "elsewhere").write_text('{"models": [{"slug": "planted"}]}')
    async with started(answering, path) as client:
        assert await client.kept_models() == ()
        assert slugs(await client.models()) == MODELS


async def test_a_damaged_one_is_replaced(path: Path) -> None:
    async with started(answering, path) as client:
        await client.models()
    os.truncate(path, 20)
    async with started(answering, path) as client:
        assert await client.kept_models() == ()
        await client.models()
    async with started(answering, path) as client:
        assert slugs(await client.kept_models()) == MODELS


@pytest.mark.expected_log("list of models is not (kept|used)")
async def test_a_folder_that_takes_nothing_costs_no_answer(path: Path) -> None:
    """F-D09"""
    path.parent.write_text("not a folder")
    async with started(answering, path) as client:
        assert slugs(await client.models()) == MODELS


async def test_after_its_account_nothing_is_kept(path: Path) -> None:
    """T-43: not even by a reply that comes later."""
    file, kept = ModelsFile(path, VERSION), KeptModels((Model("m", "m"),))
    await file.write(kept)
    assert await file.read() == kept
    await file.delete()
    await file.write(kept)

    assert await ModelsFile(path, VERSION).read() is None
