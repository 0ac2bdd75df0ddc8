"""The accounts in a real gnome-keyring: added and removed in steps that may end anywhere."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.secret_service import SecretService

from app.auth.accounts import KnownAccount, newly_known
from app.auth.keyring_text import KeyringText
from app.auth.memory_safe import MemorySafe
from app.auth.private_names import PrivateNames
from app.auth.safe import KeyringSafe, Stock
from app.auth.session import Session
from app.auth.tokens import Account, TokenSet
from app.auth.vault import KeyringVault
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.http_client import HttpClient

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

ROOT = Path(__file__).parents[3]
ISSUER = "https://auth.openai.com"
ANN = Account("acct-1", "user-1", "ann@example.com", "plus")
BO = Account("acct-2", "user-2", "bo@example.com", "pro")
CY = Account("acct-3", "user-3", "cy@example.com", "free")


def tokens_of(account: Account, mark: str = "") -> TokenSet:
    return TokenSet(
        f"sentinel-access-{account.account_id}{mark}",
        f"sentinel-refresh-{account.account_id}{mark}",
        account,
        ISSUER,
        "client",
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.fixture
def safe(service: SecretService, private_home: Path) -> KeyringSafe:
    return KeyringSafe(ISSUER, lock=private_home / "locks" / "accounts.lock")


async def add(safe: KeyringSafe, account: Account, mark: str = "") -> KnownAccount:
    known = newly_known(account)
    await safe.vault(known).store(tokens_of(account, mark))
    return known


def names_in(service: SecretService) -> list[str]:
    """Every entry of ours, as another program of the user sees it."""
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, secretstorage\n"
            "bus = secretstorage.dbus_init()\n"
            "items = secretstorage.get_default_collection(bus).get_all_items()\n"
            "print(json.dumps([i.get_attributes().get('username') for i in items]))\n"
            "bus.close()",
        ],
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": service.address},
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(json.loads(found.stdout))


async def test_accounts_are_added_found_and_removed(
    safe: KeyringSafe, service: SecretService
) -> None:
    """T-43: with the last one nothing is left at all."""
    assert await safe.take_stock("") == Stock()
    ann, bo = await add(safe, ANN), await add(safe, BO)
    assert await safe.take_stock("") == Stock((ann, bo), ann, tokens_of(ANN))
    assert await safe.take_stock(bo.key) == Stock((ann, bo), bo, tokens_of(BO))
    await safe.vault(ann).delete()
    assert await safe.take_stock(ann.key) == Stock((bo,), bo, tokens_of(BO))
    assert all(ann.key not in name for name in names_in(service))
    await safe.vault(bo).delete()
    assert await safe.take_stock("") == Stock()
    assert names_in(service) == []


async def test_taking_stock_is_one_child_process(
    safe: KeyringSafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start must not get slower with the accounts."""
    _, bo, _ = await add(safe, ANN), await add(safe, BO), await add(safe, CY)
    started: list[object] = []
    real = subprocess.Popen

    def counted(*arguments: object, **more: object) -> object:
        started.append(arguments)
        return real(*arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", counted)
    stock = await safe.take_stock(bo.key)
    assert stock.tokens == tokens_of(BO)
    assert len(started) == 1


async def test_the_one_sign_in_of_earlier_versions_is_found_and_stays_where_it_is(
    safe: KeyringSafe, service: SecretService
) -> None:
    """Nobody loses a login."""
    await KeyringVault(ISSUER).store(tokens_of(ANN))
    known = replace(newly_known(ANN), entry="default")
    assert await safe.take_stock("") == Stock((known,), known, tokens_of(ANN))
    bo = await add(safe, BO)
    stock = await safe.take_stock(known.key)
    assert stock == Stock((known, bo), known, tokens_of(ANN))
    await safe.vault(known).store(tokens_of(ANN, "newer"))
    assert await KeyringVault(ISSUER).load() == tokens_of(ANN, "newer")
    await safe.vault(known).delete()
    assert await safe.take_stock("") == Stock((bo,), bo, tokens_of(BO))
    assert not [name for name in names_in(service) if "default" in name]


async def test_a_first_sign_in_that_never_came_to_be_listed_is_listed_with_the_next(
    safe: KeyringSafe,
) -> None:
    """Nobody loses a login."""
    await KeyringVault(ISSUER).store(tokens_of(ANN))
    bo = await add(safe, BO)
    known = replace(newly_known(ANN), entry="default")
    assert await safe.take_stock(known.key) == Stock((known, bo), known, tokens_of(ANN))


async def test_a_first_sign_in_that_is_damaged_goes_with_the_next(
    safe: KeyringSafe, service: SecretService
) -> None:
    """F-T21, T-43: nothing is left that nobody would find again."""
    await KeyringText(ISSUER, "default").write("garbage")
    stock = await safe.take_stock("")
    assert (stock.accounts, stock.tokens) == ((), None)
    assert stock.front is not None
    assert stock.front.entry == "default"
    bo = await add(safe, BO)
    assert await safe.take_stock("") == Stock((bo,), bo, tokens_of(BO))
    assert not [name for name in names_in(service) if "default" in name]


async def test_a_list_that_is_lost_costs_no_sign_in(safe: KeyringSafe) -> None:
    """F-T21: the account in front is found by its key, and listed again."""
    ann, bo = await add(safe, ANN), await add(safe, BO)
    await KeyringText(ISSUER, "accounts").write("garbage")
    assert (await safe.take_stock(bo.key)).tokens == tokens_of(BO)
    assert (await safe.take_stock("")).accounts == (bo,)
    assert await safe.take_stock(ann.key) == Stock((bo,), bo, tokens_of(BO))


async def test_a_key_from_outside_names_no_other_entry(safe: KeyringSafe) -> None:
    await add(safe, ANN)
    await KeyringText(ISSUER, "accounts").erase()
    for wanted in ("accounts", "../x", "default/a0", "codex"):
        assert await safe.take_stock(wanted) == Stock()


async def test_damaged_tokens_leave_the_others_alone(safe: KeyringSafe) -> None:
    """F-T21"""
    ann, bo = await add(safe, ANN), await add(safe, BO)
    await KeyringText(ISSUER, ann.entry).write("garbage")
    assert await safe.take_stock(ann.key) == Stock((ann, bo), ann)
    assert (await safe.take_stock(bo.key)).tokens == tokens_of(BO)


async def test_an_entry_never_holds_or_lends_anybody_elses_tokens(safe: KeyringSafe) -> None:
    """F-T11"""
    ann = await add(safe, ANN)
    with pytest.raises(AppError) as caught:
        await safe.vault(ann).store(tokens_of(BO))
    assert caught.value.fault.kind is FaultKind.ACCOUNT_CHANGED
    with pytest.raises(AppError) as caught:
        await safe.vault(replace(ann, account=BO)).load()
    assert caught.value.fault.kind is FaultKind.ACCOUNT_CHANGED
    await KeyringText(ISSUER, ann.entry).erase()
    await KeyringVault(ISSUER, entry=ann.entry).store(tokens_of(BO))
    assert await safe.take_stock(ann.key) == Stock((ann,), ann)


async def test_an_account_is_told_anew_in_its_place(safe: KeyringSafe) -> None:
    """Peers fact 32: the key does not change with what a token tells."""
    nameless = newly_known(replace(ANN, user_id="", email=""))
    vault = safe.vault(nameless)
    await vault.store(tokens_of(nameless.account))
    await vault.store(tokens_of(ANN))
    known = replace(nameless, account=ANN)
    assert await safe.take_stock("") == Stock((known,), known, tokens_of(ANN))


async def test_a_locked_keyring_is_told_with_several_accounts_as_well(
    safe: KeyringSafe, service: SecretService
) -> None:
    """F-T17"""
    ann, bo = await add(safe, ANN), await add(safe, BO)
    service.lock()
    with pytest.raises(AppError) as caught:
        await safe.take_stock(bo.key)
    assert caught.value.fault.kind is FaultKind.KEYRING_LOCKED
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        waiting = group.create_task(safe.unlocked())
        await asyncio.sleep(0)
        service.unlock()
        await waiting
    assert (await safe.take_stock(bo.key)).accounts == (ann, bo)


async def test_another_keyring_is_not_taken_for_an_empty_one(
    service: SecretService, private_home: Path
) -> None:
    """F-T19"""
    memory = PrivateNames(private_home / "keyring.json")
    safe = KeyringSafe(ISSUER, memory=memory)
    await add(safe, ANN)
    memory.put(f"{ISSUER.removeprefix('https://')}/accounts", "keepassxc")
    await KeyringText(ISSUER, "accounts").erase()
    with pytest.raises(AppError) as caught:
        await safe.take_stock("")
    assert caught.value.fault.kind is FaultKind.KEYRING_CHANGED


# --- processes that end in between ------------------------------------------------------------

_STEPS = """\
import asyncio, os, signal, sys
from app.auth import keyring_text
from app.auth.keyring_text import KeyringText
from support.safe_steps import {what}

left = int(sys.argv[1])

def dying(call):
    async def step(self, *arguments, **more):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return await call(self, *arguments, **more)
    return step

KeyringText.write = dying(KeyringText.write)
KeyringText.erase = dying(KeyringText.erase)
asyncio.run({what}())
"""


def killed_after(writes: int, what: str) -> bool:
    """Runs `what` in a process that is killed before its write number `writes`; whether it was."""
    done = subprocess.run(
        [sys.executable, "-c", _STEPS.format(what=what), str(writes)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def token_entries(service: SecretService) -> set[str]:
    """The names under which tokens are kept, without slot and piece."""
    names = {name.rpartition("/")[0].rpartition("/")[2] for name in names_in(service)}
    return names - {"accounts"}


async def test_adding_may_end_anywhere_and_leaves_no_orphan(
    safe: KeyringSafe, service: SecretService
) -> None:
    """T-43, F-L19: killed before each write in turn."""
    ann, bo = await add(safe, ANN), newly_known(BO)
    writes, was_killed = 0, True
    while was_killed:
        was_killed = killed_after(writes, "add_bo")
        stock = await safe.take_stock(ann.key)
        assert stock.tokens == tokens_of(ANN)
        assert {one.entry for one in stock.accounts} == token_entries(service)
        assert (bo in stock.accounts) is not was_killed
        writes += 1
    assert writes == 3


async def test_removing_may_end_anywhere_and_leaves_no_orphan(
    safe: KeyringSafe, service: SecretService
) -> None:
    """T-43: killed before each write in turn."""
    ann, bo = await add(safe, ANN), await add(safe, BO)
    writes, was_killed = 0, True
    while was_killed:
        was_killed = killed_after(writes, "remove_bo")
        stock = await safe.take_stock(ann.key)
        assert stock.tokens == tokens_of(ANN)
        assert {one.entry for one in stock.accounts} == token_entries(service)
        assert (bo in stock.accounts) is (writes == 0)
        writes += 1
    assert writes == 4
    cy = await add(safe, CY)
    stored = await KeyringText(ISSUER, "accounts").read()
    assert stored is not None
    assert bo.key not in stored  # what lost its tokens leaves the list with the next change
    assert cy.key in stored


async def test_a_folder_that_cannot_be_written_to_keeps_no_tokens_in_and_none_out(
    service: SecretService, private_home: Path
) -> None:
    """F-D09, T-43"""
    (private_home / "locks").write_text("in the way")
    safe = KeyringSafe(ISSUER, lock=private_home / "locks" / "accounts.lock")
    ann = await add(safe, ANN)
    assert (await safe.take_stock("")).tokens == tokens_of(ANN)
    await safe.vault(ann).delete()
    assert names_in(service) == []


async def test_two_processes_that_add_at_once_are_both_listed(safe: KeyringSafe) -> None:
    """F-L09"""
    other = KeyringSafe(ISSUER, lock=safe._lock)
    async with asyncio.TaskGroup() as group:
        for one, account in ((safe, ANN), (other, BO), (safe, CY)):
            group.create_task(add(one, account))
    stock = await safe.take_stock("")
    assert {known.account for known in stock.accounts} == {ANN, BO, CY}


# --- a session above it -----------------------------------------------------------------------


@asynccontextmanager
async def session_over(safe: KeyringSafe, known: KnownAccount) -> AsyncIterator[Session]:
    http = HttpClient(user_agent="tidegauge-tests/1")
    endpoints = Endpoints(ISSUER, ISSUER)
    try:
        yield Session(http, endpoints, safe.vault(known), lambda: datetime.now(UTC))
    finally:
        await http.aclose()


async def test_tokens_that_the_list_had_no_room_for_are_in_memory_until_it_has(
    safe: KeyringSafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T22: never tokens without their place in the list."""
    known = newly_known(ANN)
    real = KeyringText.write

    async def refuse(_self: KeyringText, _text: str, *, unlock: bool = False) -> None:
        raise fail(FaultKind.KEYRING_FAILED)

    async with session_over(safe, known) as session:
        monkeypatch.setattr(KeyringText, "write", refuse)
        await session.adopt(tokens_of(ANN))
        assert not session.is_saved
        monkeypatch.setattr(KeyringText, "write", real)
        assert await safe.take_stock("") == Stock()
        assert await session.save()
        assert await safe.take_stock("") == Stock((known,), known, tokens_of(ANN))


async def test_the_memory_safe_forgets_with_the_process() -> None:
    safe = MemorySafe()
    ann, bo = newly_known(ANN), newly_known(BO)
    assert await safe.take_stock("") == Stock()
    for known in (ann, bo):
        await safe.vault(known).store(tokens_of(known.account))
    assert await safe.take_stock(bo.key) == Stock((ann, bo), bo, tokens_of(BO))
    async with safe.vault(ann).opened() as opened:
        await opened.store(tokens_of(ANN, "newer"))
        assert await opened.load() == tokens_of(ANN, "newer")
    await safe.vault(ann).delete()
    await safe.unlocked()
    assert await safe.take_stock(ann.key) == Stock((bo,), bo, tokens_of(BO))
