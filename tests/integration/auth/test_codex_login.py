"""The Codex CLI's login, borrowed: read, never refreshed, never written (F-T27)."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.signed_in import Clock

from app.auth.bearer import AuthorizedTransport
from app.auth.codex_login import CodexLogin, read_codex_file
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.paths import codex_file
from app.simulator.accounts import ANN
from app.simulator.server import Simulator
from app.usage.client import UsageClient

K = FaultKind


@pytest.fixture
def file(private_home: Path, simulator: Simulator) -> Path:
    path = codex_file({"CODEX_HOME": str(private_home / "codex")})
    path.parent.mkdir()
    write(path, simulator)
    return path


def write(path: Path, simulator: Simulator) -> None:
    content = {
        "auth_mode": "chatgpt",
        "OPENAI_API_KEY": None,
        "tokens": {**simulator.issue_tokens(), "account_id": ANN.account_id, "new": 1},
        "last_refresh": "2026-11-22T15:32:28.307804237Z",
    }
    path.write_text(json.dumps(content))


def state_of(path: Path) -> tuple[bytes, int, int]:
    found = path.stat()
    return path.read_bytes(), found.st_mtime_ns, found.st_mode


def halve(path: Path) -> bytes:
    """As if its writer had come half way; returns the whole."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return whole


def make_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.fixture
def login(endpoints: Endpoints, file: Path, clock: Clock) -> CodexLogin:
    return CodexLogin(endpoints, file, clock)


@pytest.fixture
def usage(http: HttpClient, endpoints: Endpoints, login: CodexLogin) -> UsageClient:
    return UsageClient(AuthorizedTransport(http, login), endpoints)


async def fault_of(usage: UsageClient) -> FaultKind:
    with pytest.raises(AppError) as caught:
        await usage.fetch()
    return caught.value.fault.kind


def test_the_file_is_where_the_cli_keeps_it(private_home: Path) -> None:
    assert codex_file({}) == Path.home() / ".codex" / "auth.json"
    assert codex_file({"CODEX_HOME": "/x"}) == Path("/x/auth.json")


async def test_usage_is_read_with_its_token_and_the_file_stays_as_it_was(
    simulator: Simulator, usage: UsageClient, login: CodexLogin, file: Path
) -> None:
    before = state_of(file)
    assert (await usage.fetch()).windows
    assert login.account is not None
    assert login.account.email == ANN.email
    assert state_of(file) == before
    assert os.listdir(file.parent) == ["auth.json"]


async def test_a_refused_token_is_stale_and_never_refreshed(
    simulator: Simulator, usage: UsageClient
) -> None:
    simulator.expire_access_tokens()
    assert await fault_of(usage) is K.CODEX_LOGIN_STALE
    assert simulator.requests_to("/oauth/token") == []


async def test_an_expired_token_is_not_even_sent(
    simulator: Simulator, usage: UsageClient, clock: Clock
) -> None:
    clock.advance(400 * 86_400)
    assert await fault_of(usage) is K.CODEX_LOGIN_STALE
    assert simulator.requests == []


async def test_a_token_that_the_cli_has_renewed_meanwhile_is_used(
    simulator: Simulator, login: CodexLogin, file: Path
) -> None:
    refused = await login.access_token()
    write(file, simulator)
    assert await login.refresh_after_refusal(refused) != refused


async def test_a_half_written_file_is_read_again(
    simulator: Simulator, login: CodexLogin, file: Path
) -> None:
    whole = halve(file)
    asyncio.get_running_loop().call_later(0.05, file.write_bytes, whole)
    assert await login.access_token()


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda path: path.unlink(), K.CODEX_LOGIN_MISSING),
        (lambda path: path.write_text('{"OPENAI_API_KEY":"sk-x"}'), K.CODEX_LOGIN_MISSING),
        (lambda path: path.write_text("[]"), K.CODEX_LOGIN_MISSING),
        (lambda path: path.write_text('{"tokens":{}}'), K.CODEX_LOGIN_MISSING),
        (lambda path: path.write_text('{"tokens":{"access_token":7}}'), K.CODEX_LOGIN_MISSING),
        (lambda path: path.write_bytes(b" " * (2 << 20)), K.CODEX_LOGIN_MISSING),
        (make_a_pipe, K.CODEX_LOGIN_MISSING),
        (make_a_folder, K.CODEX_LOGIN_MISSING),
        (lambda path: path.write_text("half"), K.NOT_UNDERSTOOD),
    ],
)
async def test_a_file_without_a_login_is_told(
    usage: UsageClient, file: Path, spoil: Callable[[Path], object], kind: FaultKind
) -> None:
    """T-40, F-T27: nothing hangs, nothing is guessed."""
    spoil(file)
    assert await fault_of(usage) is kind


def test_a_token_that_could_not_be_a_header_is_none(simulator: Simulator) -> None:
    tokens = {**simulator.issue_tokens(), "access_token": "two words"}
    with pytest.raises(AppError) as caught:
        read_codex_file(json.dumps({"tokens": tokens}).encode())
    assert caught.value.fault.kind is K.CODEX_LOGIN_MISSING
