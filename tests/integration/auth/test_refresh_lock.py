"""The lock around a refresh: one holder, a deadline, a private file that stays."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from contextlib import AbstractAsyncContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.desktop_session import wait_until
from support.signed_in import Clock, tokens_from

from app.auth.refresh_lock import FileRefreshLock, LocalRefreshLock, RefreshLock, RefreshTurn
from app.auth.refresh_pace import RefreshPace, RefreshRecord
from app.auth.session import Session
from app.auth.tokens import Account, TokenSet
from app.auth.vault import MemoryVault
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.faults import late, refused
from app.simulator.server import Simulator

TOKENS = TokenSet("access", "refresh", Account("acc-1", "user-1"), "https://auth", "client")
RECORD = RefreshRecord(RefreshPace().after_post(datetime(2026, 11, 22, tzinfo=UTC)), None)

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and pipes of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "locks"


@pytest.fixture
def lock(folder: Path) -> FileRefreshLock:
    return FileRefreshLock(folder)


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


async def kind_of_taking(lock: RefreshLock, patience_s: float = 0.1) -> FaultKind:
    with pytest.raises(AppError) as caught:
        async with lock.held(TOKENS, patience_s):
            pass
    return caught.value.fault.kind


async def test_only_one_holds_it_and_the_wait_has_an_end(
    lock: FileRefreshLock, folder: Path
) -> None:
    """F-T04"""
    async with lock.held(TOKENS):
        assert await kind_of_taking(lock) is FaultKind.TIMED_OUT
        assert await kind_of_taking(FileRefreshLock(folder)) is FaultKind.TIMED_OUT
    async with lock.held(TOKENS, 0):
        pass


async def test_the_next_gets_it_as_soon_as_it_is_free(lock: FileRefreshLock) -> None:
    order: list[int] = []

    async def hold(number: int) -> None:
        async with lock.held(TOKENS, 30):
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(hold(number))
    assert len(order) == 16
    assert order[::2] == order[1::2]


async def test_another_issuer_or_client_has_a_lock_of_its_own(lock: FileRefreshLock) -> None:
    others = [
        TokenSet("a", "r", TOKENS.account, "https://other", "client"),
        TokenSet("a", "r", TOKENS.account, "https://auth", "other"),
    ]
    async with lock.held(TOKENS):
        for other in others:
            async with lock.held(other, 0):
                pass


@on_posix
async def test_the_file_is_private_holds_no_token_and_stays(
    lock: FileRefreshLock, folder: Path
) -> None:
    """T-29"""
    before = os.umask(0)
    try:
        async with lock.held(TOKENS) as turn:
            turn.write(RECORD)
    finally:
        os.umask(before)
    assert_private(folder)


def assert_private(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600
    text = the_file(folder).read_text()
    assert not [word for word in ("access", "refresh", "acc-1", "user-1") if word in text]


async def test_the_next_holder_reads_what_the_last_one_wrote(
    lock: FileRefreshLock, folder: Path
) -> None:
    """F-T05; another account's record is not believed."""
    async with lock.held(TOKENS) as turn:
        assert turn.read() == RefreshRecord()
        turn.write(RefreshRecord(RECORD.pace, FaultKind.INTERRUPTED))
        turn.write(RECORD)
    assert turn.read() == RefreshRecord()
    turn.write(RefreshRecord())
    async with FileRefreshLock(folder).held(TOKENS) as turn:
        assert turn.read() == RECORD
    other = TokenSet("a", "r", Account("acc-2"), TOKENS.issuer, TOKENS.client_id)
    async with lock.held(other) as turn:
        assert turn.read() == RefreshRecord()


@on_posix
async def test_a_removed_file_does_not_make_two_holders(
    lock: FileRefreshLock, folder: Path
) -> None:
    async with lock.held(TOKENS):
        pass
    path = the_file(folder)
    with ExitStack() as stack:
        import fcntl

        old = stack.enter_context(path.open("r+"))
        fcntl.flock(old, fcntl.LOCK_EX)
        async with asyncio.TaskGroup() as group:
            taking = group.create_task(_hold_and_compare(lock, path))
            await asyncio.sleep(0.05)
            path.unlink()
            fcntl.flock(old, fcntl.LOCK_UN)
    assert taking.result()


async def _hold_and_compare(lock: FileRefreshLock, path: Path) -> bool:
    """Whether the file that was locked is the one at `path`: a second claim has to wait."""
    async with lock.held(TOKENS, 20):
        return await kind_of_taking(FileRefreshLock(path.parent)) is FaultKind.TIMED_OUT


@on_posix
@pytest.mark.parametrize("obstacle", ["symlink", "hard link", "pipe", "folder"])
async def test_only_a_file_of_ours_is_used(
    lock: FileRefreshLock, folder: Path, obstacle: str
) -> None:
    """T-40"""
    async with lock.held(TOKENS):
        pass
    path, other = the_file(folder), folder.parent / "letter"
    other.write_text("dear")
    path.unlink()
    if obstacle == "symlink":
        path.symlink_to(other)
    elif obstacle == "hard link":
        path.hardlink_to(other)
    elif obstacle == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert await kind_of_taking(lock) is FaultKind.CONFIGURATION
    assert other.read_text() == "dear"


async def test_a_state_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """F-D09: without the lock there is no refresh that another process could ruin."""
    (tmp_path / "state").write_text("in the way")
    lock = FileRefreshLock(tmp_path / "state" / "locks")
    assert await kind_of_taking(lock) is FaultKind.CONFIGURATION


async def test_giving_up_the_wait_leaves_nothing_behind(lock: FileRefreshLock) -> None:
    async with lock.held(TOKENS), asyncio.TaskGroup() as group:
        waiting = group.create_task(kind_of_taking(lock, 60))
        await asyncio.sleep(0.05)
        waiting.cancel()
    async with lock.held(TOKENS, 5):
        pass


async def test_a_process_of_its_own_needs_no_file() -> None:
    lock = LocalRefreshLock()
    async with lock.held(TOKENS) as turn:
        turn.write(RECORD)
    async with lock.held(TOKENS) as turn:
        assert turn.read() == RECORD


# --- the session under it -----------------------------------------------------------------------


async def test_a_lock_that_stays_taken_leaves_the_tokens_as_they_are(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints, clock: Clock, folder: Path
) -> None:
    """F-T04: stale after the wait, and never a second post."""

    class ImpatientLock:
        def held(
            self, tokens: TokenSet, patience_s: float = 60
        ) -> AbstractAsyncContextManager[RefreshTurn]:
            return FileRefreshLock(folder).held(tokens, 0.1)

    tokens = tokens_from(simulator, clock())
    session = Session(http, endpoints, MemoryVault(), clock, lock=ImpatientLock())
    await session.adopt(tokens)
    assert tokens.expires_at is not None
    clock.advance((tokens.expires_at - clock()).total_seconds() - 120)
    async with FileRefreshLock(folder).held(tokens):
        assert await session.access_token() == tokens.access_token
        clock.advance(121)
        with pytest.raises(AppError) as caught:
            await session.access_token()
        assert caught.value.fault.kind is FaultKind.TIMED_OUT
    assert simulator.requests_to("/oauth/token") == []
    assert await session.access_token() != tokens.access_token


async def test_a_restart_does_not_ask_a_failing_server_again_at_once(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints, clock: Clock, folder: Path
) -> None:
    """Figure 7, F-T12: six posts in ten minutes, however often the program is started."""
    vault = MemoryVault()
    tokens = tokens_from(simulator, clock())
    await vault.store(tokens)
    simulator.faults.add("/oauth/token", refused(503), times=None)
    for _ in range(60):
        session = Session(http, endpoints, vault, clock, lock=FileRefreshLock(folder))
        await session.restore()
        with pytest.raises(AppError) as caught:
            await session.refresh_after_refusal(tokens.access_token)
        assert caught.value.fault.kind is FaultKind.SERVER_ERROR
        clock.advance(10)
    assert 2 <= len(simulator.requests_to("/oauth/token")) <= 6


async def test_a_new_sign_in_begins_without_a_wait(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints, clock: Clock, folder: Path
) -> None:
    first = tokens_from(simulator, clock())
    simulator.faults.add("/oauth/token", refused(503))
    session = Session(http, endpoints, MemoryVault(), clock, lock=FileRefreshLock(folder))
    await session.adopt(first)
    with pytest.raises(AppError):
        await session.refresh_after_refusal(first.access_token)
    second = tokens_from(simulator, clock())
    await session.adopt(second)
    assert await session.refresh_after_refusal(second.access_token) != second.access_token


async def test_signing_out_waits_a_moment_for_another_process_that_refreshes(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints, clock: Clock, folder: Path
) -> None:
    """F-T08: what the other one stores is removed with the rest."""
    vault, tokens = MemoryVault(), tokens_from(simulator, clock())
    await vault.store(tokens)
    lock = FileRefreshLock(folder)
    one, other = (Session(http, endpoints, vault, clock, lock=lock) for _ in range(2))
    await one.restore()
    await other.restore()
    simulator.faults.add("/oauth/token", late(0.3))
    async with asyncio.TaskGroup() as group:
        group.create_task(other.refresh_after_refusal(tokens.access_token))
        await asyncio.to_thread(wait_until, lambda: simulator.requests, 10, "the post")
        await one.sign_out()
    assert await vault.load() is None
