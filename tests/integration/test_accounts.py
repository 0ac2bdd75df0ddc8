"""Which account is in front: nothing of one reaches another, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from support.person import USAGE, Browser, until

from app import account_clients
from app.auth.accounts import CODEX_KEY, newly_known
from app.auth.memory_safe import MemorySafe
from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.http_client import HttpClient
from app.paths import Paths
from app.program import Person, Program, Surroundings, open_program
from app.settings import Settings
from app.simulator.accounts import ANN, ANN_AT_WORK, BO, SimulatedAccount, choice_of
from app.simulator.faults import late
from app.simulator.server import Simulator

MODELS = "/backend-api/codex/models"
REVOKE = "/oauth/revoke"
K = FaultKind


@dataclass
class World:
    """One keyring and one home, which any number of programs share."""

    simulator: Simulator
    home: Path
    browser: Browser = field(default_factory=Browser)
    safe: MemorySafe = field(default_factory=MemorySafe)

    @property
    def codex_file(self) -> Path:
        return self.home / "codex" / "auth.json"

    @asynccontextmanager
    async def program(self) -> AsyncIterator[Program]:
        surroundings = Surroundings(
            paths=Paths.below(self.home),
            settings=Settings(proxy="none"),
            endpoints=Endpoints(self.simulator.url, self.simulator.url),
            safe=self.safe,
            open_url=self.browser.open,
            callback_ports=(0,),
            codex_file=self.codex_file,
        )
        async with open_program(surroundings) as program:
            yield program

    def write_codex_login(self, account: SimulatedAccount = ANN, **changes: object) -> None:
        tokens = {**self.simulator.issue_tokens(account), **changes}
        self.codex_file.parent.mkdir(exist_ok=True)
        self.codex_file.write_text(json.dumps({"auth_mode": "chatgpt", "tokens": tokens}))

    def revoked(self) -> list[str]:
        return [r.body.decode() for r in self.simulator.requests_to(REVOKE)]


@pytest.fixture
def world(simulator: Simulator, private_home: Path) -> World:
    return World(simulator, private_home)


async def yes(_old: Account | None, _new: Account) -> bool:
    return True


async def sign_in(
    program: Program, world: World, account: SimulatedAccount, way: Way = Way.BROWSER
) -> list[SignInProgress]:
    """Sign in and agree; what was told meanwhile."""
    told: list[SignInProgress] = []
    world.browser.choice = choice_of(account)
    await program.sign_in(program.wish(Settings(), way), Person(told.append, yes))
    return told


def key_of(account: SimulatedAccount) -> str:
    return newly_known(Account(account.account_id, account.user_id)).key


def seen(world: World) -> list[tuple[str, str]]:
    """(account id, cookie) of every usage request."""
    return [
        (str(r.header("chatgpt-account-id")), r.header("cookie") or "")
        for r in world.simulator.requests_to(USAGE)
    ]


# --- several of them --------------------------------------------------------------------------


async def test_an_account_is_added_beside_and_switched_back_to(world: World) -> None:
    """T-16, F-L13: who it is, is told before anything is stored; both are kept."""
    async with world.program() as program:
        first = await sign_in(program, world, ANN)
        second = await sign_in(program, world, BO)
        assert [p.account.email for p in (first[-1], second[-1]) if p.account] == [
            ANN.email,
            BO.email,
        ]
        assert {p.stage for p in (first[-1], second[-1])} == {Stage.CONFIRMING}
        assert not second[-1].is_known
        assert [known.key for known in program.accounts.known] == [key_of(ANN), key_of(BO)]
        assert (await program.usage.fetch()).plan == "pro"
        await program.accounts.switch(key_of(ANN))
        assert (await program.usage.fetch()).plan == "plus"
        await program.end_unused_sessions()
    assert world.revoked() == []
    async with world.program() as program:  # the next start
        account = await program.accounts.restore()
        assert account is not None
        assert account.email == ANN.email
        assert len(program.accounts.known) == 2
        assert program.accounts.key == key_of(ANN)


async def test_one_address_in_two_workspaces_is_two_accounts(world: World) -> None:
    async with world.program() as program:
        await sign_in(program, world, ANN)
        told = await sign_in(program, world, ANN_AT_WORK)
        assert told[-1].stage is Stage.CONFIRMING
        assert [known.account.account_id for known in program.accounts.known] == [
            ANN.account_id,
            ANN_AT_WORK.account_id,
        ]
        assert (await program.usage.fetch()).plan == "team"


async def test_the_same_account_is_not_asked_about_and_its_old_session_is_ended(
    world: World,
) -> None:
    """F-L14: once the new one is safe."""
    async with world.program() as program:
        await sign_in(program, world, ANN)
        old = program.session._held.tokens
        assert old is not None
        told = await sign_in(program, world, ANN)
        assert Stage.CONFIRMING not in [p.stage for p in told]
        assert world.revoked() == []
        await program.end_unused_sessions()
        (revoked,) = world.revoked()
        assert old.refresh_token in revoked
        await program.usage.fetch()
        assert len(program.accounts.known) == 1


async def test_an_account_behind_the_front_is_renewed_and_its_old_session_ended(
    world: World,
) -> None:
    """F-L14"""
    async with world.program() as program:
        await sign_in(program, world, ANN)
        old = program.session._held.tokens
        assert old is not None
        await sign_in(program, world, BO)
        told = await sign_in(program, world, ANN)
        assert (told[-1].stage, told[-1].is_known) == (Stage.CONFIRMING, True)
        await program.end_unused_sessions()
        (revoked,) = world.revoked()
        assert old.refresh_token in revoked
        assert [known.key for known in program.accounts.known] == [key_of(ANN), key_of(BO)]
        assert program.accounts.key == key_of(ANN)


# --- no leaks ---------------------------------------------------------------------------------


async def test_no_cookie_and_no_connection_of_one_account_is_used_for_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Peers fact 21: the gateway's cookie comes back to it from its own account only."""
    with_cookies = partial(HttpClient, cookie_hosts=("127.0.0.1",))
    monkeypatch.setattr(account_clients, "HttpClient", with_cookies)
    world.simulator.state.sets_gateway_cookie = True
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await program.usage.fetch()
        await program.usage.fetch()
        await sign_in(program, world, BO)
        await program.usage.fetch()
        await program.usage.fetch()
        await program.accounts.switch(key_of(ANN))
        await program.usage.fetch()
    first, second, third, fourth, fifth = seen(world)
    assert [first[0], second[0]] == [ANN.account_id] * 2
    assert [third[0], fourth[0]] == [BO.account_id] * 2
    assert (first[1], third[1], fifth[1]) == ("", "", "")  # nobody's cookie at the beginning
    assert second[1].startswith("__cf_bm=")
    assert fourth[1].startswith("__cf_bm=")
    assert second[1] != fourth[1]
    connections = [
        {r.connection for r in world.simulator.requests_to(USAGE) if account in str(r.headers)}
        for account in (ANN.account_id, BO.account_id)
    ]
    assert connections[0].isdisjoint(connections[1])


async def test_a_list_of_models_is_asked_for_by_each_account(world: World) -> None:
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await program.chat.models()
        await program.chat.models()
        assert len(world.simulator.requests_to(MODELS, "GET")) == 1
        await sign_in(program, world, BO)
        await program.chat.models()
    asked = world.simulator.requests_to(MODELS, "GET")
    assert [r.header("chatgpt-account-id") for r in asked] == [ANN.account_id, BO.account_id]
    assert asked[1].header("if-none-match") is None


async def test_a_reply_on_its_way_is_dropped_when_another_account_comes_to_the_front(
    world: World,
) -> None:
    async with world.program() as program:
        await sign_in(program, world, BO)
        await sign_in(program, world, ANN)
        world.simulator.faults.add(USAGE, late(0.3))
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(_kind_of_poll(program))
            await until(lambda: world.simulator.requests_to(USAGE))
            await program.accounts.switch(key_of(BO))
        assert polling.result() is K.ACCOUNT_CHANGED


async def _kind_of_poll(program: Program) -> FaultKind | None:
    try:
        await program.usage.fetch()
    except AppError as error:
        return error.fault.kind
    return None


async def test_tokens_that_no_keyring_took_survive_a_switch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T22, T-31: session-only mode with two accounts."""

    async def refuse(*_arguments: object, **_more: object) -> None:
        raise fail(K.KEYRING_MISSING)

    monkeypatch.setattr(world.safe, "add", refuse)
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await sign_in(program, world, BO)
        assert not program.session.is_saved
        await program.accounts.switch(key_of(ANN))
        assert not program.session.is_saved
        assert (await program.usage.fetch()).plan == "plus"
        await program.accounts.switch(key_of(BO))
        assert (await program.usage.fetch()).plan == "pro"
        await program.end_unused_sessions()
    assert world.revoked() == []


# --- another process --------------------------------------------------------------------------


async def test_what_another_process_chose_is_followed(world: World) -> None:
    async with world.program() as tray, world.program() as terminal:
        await sign_in(tray, world, ANN)
        await terminal.accounts.restore()
        assert not await tray.accounts.is_changed_elsewhere()
        await sign_in(terminal, world, BO)
        assert await tray.accounts.is_changed_elsewhere()
        await tray.accounts.follow()
        assert tray.accounts.key == key_of(BO)
        assert len(tray.accounts.known) == 2
        assert not await tray.accounts.is_changed_elsewhere()
        await terminal.accounts.remove(key_of(BO))
        await tray.accounts.follow()
        assert tray.accounts.key == key_of(ANN)
        await terminal.accounts.remove(key_of(ANN))
        await tray.accounts.follow()
        assert tray.account is None
        assert not tray.accounts.known


async def test_a_sign_in_removed_elsewhere_is_not_brought_back_by_a_refresh(world: World) -> None:
    """F-T20, T-43"""
    async with world.program() as tray, world.program() as terminal:
        await sign_in(tray, world, ANN)
        await terminal.accounts.restore()
        await terminal.accounts.remove(key_of(ANN))
        world.simulator.expire_access_tokens()
        posts = len(world.simulator.requests_to("/oauth/token"))
        with pytest.raises(AppError) as caught:
            await tray.usage.fetch()
        assert caught.value.fault.kind is K.NOT_SIGNED_IN
        assert len(world.simulator.requests_to("/oauth/token")) == posts
        assert (await world.safe.take_stock("")).accounts == ()


# --- the end ----------------------------------------------------------------------------------


async def test_removing_the_account_in_front_brings_the_next_one(world: World) -> None:
    """T-43"""
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await sign_in(program, world, BO)
        tokens = program.session._held.tokens
        assert tokens is not None
        assert await program.accounts.remove(key_of(BO))
        assert program.accounts.key == key_of(ANN)
        (revoked,) = world.revoked()
        assert tokens.refresh_token in revoked
        assert await program.accounts.remove(key_of(ANN))
        assert (program.account, program.accounts.known) == (None, ())
        assert len(world.revoked()) == 2
    async with world.program() as program:
        assert await program.accounts.restore() is None


async def test_an_account_behind_the_front_is_removed_alone(world: World) -> None:
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await sign_in(program, world, BO)
        assert await program.accounts.remove(key_of(ANN))
        assert [known.key for known in program.accounts.known] == [key_of(BO)]
        assert (await program.usage.fetch()).plan == "pro"
        with pytest.raises(AppError) as caught:
            await program.accounts.switch(key_of(ANN))
        assert caught.value.fault.kind is K.NOT_SIGNED_IN


async def test_a_switch_to_tokens_that_are_gone_changes_nothing(world: World) -> None:
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await sign_in(program, world, BO)
        ann = next(known for known in program.accounts.known if known.key == key_of(ANN))
        await world.safe._vault_of(ann).delete()
        with pytest.raises(AppError) as caught:
            await program.accounts.switch(key_of(ANN))
        assert caught.value.fault.kind is K.NOT_SIGNED_IN
        assert program.accounts.key == key_of(BO)
        assert len(program.accounts.known) == 1


# --- the Codex CLI's login --------------------------------------------------------------------


async def test_the_codex_login_is_borrowed_for_the_numbers_and_for_nothing_else(
    world: World,
) -> None:
    """F-T27: read before each poll, remembered over a restart, never written, never refreshed."""
    world.write_codex_login()
    async with world.program() as program:
        assert await program.accounts.clients.can_borrow()
        (told,) = await sign_in(program, world, ANN, Way.CODEX)
        assert (told.stage, told.way) == (Stage.CONFIRMING, Way.CODEX)
        assert (await program.usage.fetch()).plan == "plus"
        assert program.accounts.key == key_of(ANN)  # what is kept is kept under the person's key
        with pytest.raises(AppError) as caught:
            _ = program.chat
        assert caught.value.fault.kind is K.CODEX_LOGIN_NO_CHAT
    async with world.program() as program:
        assert await program.accounts.restore() is not None
        (known,) = program.accounts.known
        assert (known.key, known.is_borrowed) == (CODEX_KEY, True)
        world.write_codex_login()  # the CLI has rotated it
        rotated = json.loads(world.codex_file.read_text())["tokens"]["access_token"]
        found = world.codex_file.read_bytes(), world.codex_file.stat().st_mtime_ns
        await program.usage.fetch()
    assert found == (world.codex_file.read_bytes(), world.codex_file.stat().st_mtime_ns)
    last = world.simulator.requests_to(USAGE)[-1]
    assert last.header("authorization") == f"Bearer {rotated}"
    assert world.simulator.requests_to("/oauth/token") == []
    assert (await world.safe.take_stock("")).accounts == ()


async def test_a_stale_codex_login_is_told_and_mends_itself(world: World) -> None:
    """F-T27"""
    world.write_codex_login()
    async with world.program() as program:
        await sign_in(program, world, ANN, Way.CODEX)
        world.simulator.expire_access_tokens()
        assert await _kind_of_poll(program) is K.CODEX_LOGIN_STALE
        world.write_codex_login()
        assert await _kind_of_poll(program) is None
        world.codex_file.unlink()
        assert await _kind_of_poll(program) is K.CODEX_LOGIN_MISSING
    assert world.simulator.requests_to("/oauth/token") == []


async def test_a_codex_login_that_became_somebody_elses_is_not_used_unseen(world: World) -> None:
    """Peers fact 21"""
    world.write_codex_login()
    async with world.program() as program:
        await sign_in(program, world, ANN, Way.CODEX)
        world.write_codex_login(BO)
        assert await _kind_of_poll(program) is K.ACCOUNT_CHANGED
        assert world.simulator.requests_to(USAGE) == []
        await program.accounts.switch(CODEX_KEY)
        assert program.accounts.key == key_of(BO)
        assert (await program.usage.fetch()).plan == "pro"


async def test_the_codex_login_stands_beside_accounts_of_our_own(world: World) -> None:
    world.write_codex_login(BO)
    async with world.program() as program:
        await sign_in(program, world, ANN)
        await sign_in(program, world, BO, Way.CODEX)
        await program.accounts.switch(key_of(ANN))
        assert [known.is_borrowed for known in program.accounts.known] == [False, True]
    async with world.program() as program:
        await program.accounts.restore()
        assert [known.is_borrowed for known in program.accounts.known] == [False, True]
        assert program.accounts.key == key_of(ANN)
        assert await program.accounts.remove(CODEX_KEY)
    async with world.program() as program:
        await program.accounts.restore()
        assert [known.key for known in program.accounts.known] == [key_of(ANN)]
    assert world.codex_file.exists()
    assert world.revoked() == []


async def test_without_a_codex_login_there_is_nothing_to_borrow(world: World) -> None:
    async with world.program() as program:
        assert not await program.accounts.clients.can_borrow()
        with pytest.raises(AppError) as caught:
            await sign_in(program, world, ANN, Way.CODEX)
        assert caught.value.fault.kind is K.CODEX_LOGIN_MISSING
        nowhere = replace(program.surroundings, codex_file=None)
    async with open_program(nowhere) as program:
        assert not await program.accounts.clients.can_borrow()
        with pytest.raises(AppError):
            program.usage_by_codex_login()


async def test_a_codex_login_that_is_declined_changes_nothing(world: World) -> None:
    world.write_codex_login(BO)
    async with world.program() as program:
        await sign_in(program, world, ANN)
        with pytest.raises(AppError) as caught:
            await program.sign_in(program.wish(Settings(), Way.CODEX))
        assert caught.value.fault.kind is K.SIGN_IN_CANCELLED
        assert program.accounts.key == key_of(ANN)


# --- one sign-in at a time --------------------------------------------------------------------


async def test_a_second_sign_in_says_so_and_the_newest_may_end_the_first(world: World) -> None:
    """F-L09, F-L01: in another process of the same person."""
    world.browser.is_left_alone = True
    told: list[SignInProgress] = []

    async def agree() -> bool:
        world.browser.is_left_alone = False
        return True

    async with world.program() as first, world.program() as second, asyncio.TaskGroup() as group:
        wish = first.wish(Settings())
        waiting = group.create_task(_kind_of(first, wish))
        await until(lambda: world.browser.opened)
        with pytest.raises(AppError) as caught:
            await second.sign_in(wish, Person(told.append))
        assert caught.value.fault.kind is K.SIGN_IN_ELSEWHERE
        assert [p.stage for p in told] == [Stage.ELSEWHERE]
        assert len(world.browser.opened) == 1
        account = await second.sign_in(wish, Person(told.append, yes, agree))
        assert account.email == ANN.email
        assert await waiting is K.SIGN_IN_ELSEWHERE
        assert first.account is None


async def _kind_of(program: Program, wish: object) -> FaultKind | None:
    try:
        await program.sign_in(wish)  # type: ignore[arg-type]
    except AppError as error:
        return error.fault.kind
    return None


async def test_a_folder_that_cannot_be_written_to_stops_no_sign_in(world: World) -> None:
    """F-D09"""
    (world.home / "state").mkdir(mode=0o700, exist_ok=True)
    (world.home / "state" / "locks").write_text("in the way")
    async with world.program() as program:
        await sign_in(program, world, ANN)
        assert program.account is not None
