"""The keyring vault on a real gnome-keyring: unlocked, locked, absent, dying, silent."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.backends.SecretService import Keyring as SecretServiceKeyring
from support.secret_service import SecretService, secret_service
from support.stalls import Stalls

from app.auth import keyring_process
from app.auth.accounts import FIRST_ENTRY
from app.auth.keyring_process import KeyringProcess, child_command
from app.auth.keyring_text import KeyringText
from app.auth.private_names import PrivateNames
from app.auth.system_keyrings import Backend
from app.auth.tokens import Account, TokenSet
from app.auth.vault import KeyringVault, MemoryVault
from app.errors import AppError, FaultKind

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

ISSUER = "https://auth.openai.com"
ACCESS, REFRESH = "sentinel-access-" + "a" * 2200, "sentinel-refresh-" + "r" * 90
TOKENS = TokenSet(
    ACCESS,
    REFRESH,
    Account("acc-1", "user-1", "ann@example.com", "plus"),
    ISSUER,
    "client",
    datetime(2026, 12, 1, tzinfo=UTC),
    datetime(2026, 11, 22, tzinfo=UTC),
)


@pytest.fixture
def service(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A bus without keyring; `XDG_RUNTIME_DIR` keeps its private folder."""
    with secret_service(private_home / "run") as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        yield running


def children() -> set[int]:
    """Processes started by this one that still exist, zombies included."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended meanwhile
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def seen_by_everybody(pid: int) -> bytes:
    """What other programs can read about a process."""
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))


async def kind_of(call: object) -> FaultKind:
    with pytest.raises(AppError) as caught:
        await call  # type: ignore[misc]
    return caught.value.fault.kind


async def test_tokens_are_kept_replaced_and_removed(service: SecretService) -> None:
    """T-29, T-43"""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    assert await vault.load() is None
    await vault.store(TOKENS)
    assert await KeyringVault(ISSUER).load() == TOKENS
    newer = replace(TOKENS, refresh_token="rotated")
    await vault.store(newer)
    await vault.store(newer)
    assert await vault.load() == newer
    await vault.delete()
    assert await vault.load() is None
    assert b"sentinel" not in service.stored_bytes()


async def test_a_sign_in_at_another_server_is_another_entry(service: SecretService) -> None:
    service.start_keyring()
    await KeyringVault(ISSUER).store(TOKENS)
    simulated = "http://127.0.0.1:8080"
    vault = KeyringVault(simulated)
    await vault.store(replace(TOKENS, issuer=simulated))
    await vault.delete()
    assert await KeyringVault(ISSUER).load() == TOKENS


async def test_an_opened_vault_starts_no_process_to_store(service: SecretService) -> None:
    """F-T06: between receiving new tokens and having stored them nothing has to start."""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    async with vault.opened() as opened:
        await opened.load()
        running = children()
        for number in range(5):
            await opened.store(replace(TOKENS, refresh_token=f"r{number}"))
            assert children() == running
        async with opened.opened() as again:
            assert await again.load() == replace(TOKENS, refresh_token="r4")
    assert children() == service.pids()


async def test_a_locked_keyring_is_said_at_once_and_asks_nothing(service: SecretService) -> None:
    """F-T17"""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    await vault.store(TOKENS)
    service.lock()
    with Stalls() as stalls:
        start = time.monotonic()
        assert await kind_of(vault.load()) is FaultKind.KEYRING_LOCKED
        assert await kind_of(vault.store(TOKENS)) is FaultKind.KEYRING_LOCKED
        assert await kind_of(vault.delete()) is FaultKind.KEYRING_LOCKED
        assert stalls.lived_s(start, time.monotonic()) < 5


async def test_a_dismissed_prompt_leaves_it_locked(service: SecretService) -> None:
    """F-T18: without a prompter on the bus every prompt is dismissed at once."""
    service.start_keyring()
    vault = KeyringVault(ISSUER, prompt_deadline_s=20)
    await vault.store(TOKENS)
    service.lock()
    assert await kind_of(vault.load(unlock=True)) is FaultKind.KEYRING_LOCKED


async def test_a_prompt_that_nobody_answers_is_left_alone(service: SecretService) -> None:
    """F-T18: ten minutes are one second here; it is locked, and no second prompt appears."""
    service.start_keyring()
    vault = KeyringVault(ISSUER, prompt_deadline_s=1)
    await vault.store(TOKENS)
    service.lock()
    with service.prompter() as prompts:
        assert await kind_of(vault.load(unlock=True)) is FaultKind.KEYRING_LOCKED
        assert prompts() == 1
        for _ in range(3):
            assert await kind_of(vault.load()) is FaultKind.KEYRING_LOCKED
        assert prompts() == 1
    service.unlock()
    assert await vault.load() == TOKENS
    assert children() == service.pids()


async def test_a_fresh_home_holds_nothing_and_writing_needs_a_person(
    service: SecretService,
) -> None:
    """F-T17: creating the first collection asks for a password."""
    service.start_keyring(password=None)
    vault = KeyringVault(ISSUER)
    assert await vault.load() is None
    assert await kind_of(vault.store(TOKENS)) is FaultKind.KEYRING_LOCKED
    await vault.delete()


async def test_no_keyring_is_said_to_be_missing(service: SecretService) -> None:
    """F-T19, T-31"""
    vault = KeyringVault(ISSUER)
    assert await kind_of(vault.load()) is FaultKind.KEYRING_MISSING
    assert await kind_of(vault.store(TOKENS)) is FaultKind.KEYRING_MISSING


async def test_a_keyring_that_crashes_when_it_is_started_has_failed(
    service: SecretService,
) -> None:
    """F-T19: said, and not waited for; as soon as one works it is used."""
    service.activate("/bin/false")
    vault = KeyringVault(ISSUER)
    for _ in range(2):
        assert await kind_of(vault.load()) is FaultKind.KEYRING_FAILED
    service.start_keyring()
    await vault.store(TOKENS)
    assert await vault.load() == TOKENS


async def test_no_session_bus_is_no_keyring() -> None:
    """F-T19"""
    assert await kind_of(KeyringVault(ISSUER).load()) is FaultKind.KEYRING_MISSING


async def test_a_keyring_that_dies_is_missing_and_found_again(service: SecretService) -> None:
    """F-T19"""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    await vault.store(TOKENS)
    service.stop_keyring()
    assert await kind_of(vault.load()) is FaultKind.KEYRING_MISSING
    service.start_keyring()
    assert await vault.load() == TOKENS


async def test_a_keyring_that_never_answers_is_given_up(service: SecretService) -> None:
    """F-T24"""
    service.start_keyring()
    service.freeze()
    vault = KeyringVault(ISSUER, deadline_s=1, prompt_deadline_s=1)
    with Stalls() as stalls:
        start = time.monotonic()
        assert await kind_of(vault.load()) is FaultKind.KEYRING_FAILED
        assert await kind_of(vault.load(unlock=True)) is FaultKind.KEYRING_LOCKED
        assert stalls.lived_s(start, time.monotonic()) < 6
    assert children() == service.pids()


async def test_a_bus_that_is_slow_to_greet_is_waited_for(service: SecretService) -> None:
    """F-T24: it was said to have no keyring."""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    await vault.store(TOKENS)
    service.bus.send_signal(signal.SIGSTOP)
    async with asyncio.TaskGroup() as group:
        loading = group.create_task(vault.load())
        done, _ = await asyncio.wait({loading}, timeout=2)
        service.bus.send_signal(signal.SIGCONT)
    assert not done
    assert loading.result() == TOKENS


async def test_damaged_entries_end_in_a_new_sign_in(service: SecretService) -> None:
    """F-T20, F-T21"""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    keyring: Backend = SecretServiceKeyring()  # type: ignore[no-untyped-call]
    keyring.set_password("Tidegauge", "auth.openai.com/default/a0", "not ours")
    assert await kind_of(vault.load()) is FaultKind.SESSION_EXPIRED
    await vault.store(TOKENS)
    assert await vault.load() == TOKENS


def attributes_of(name: str) -> dict[str, str]:
    """Those by which keyring's backend finds an entry of ours."""
    return {"application": "Python keyring library", "service": "Tidegauge", "username": name}


@pytest.mark.parametrize("slot", ["a0", "b0"])
@pytest.mark.parametrize("twin", ["garbage", "older generation"])
async def test_of_two_entries_that_match_one_is_used_and_it_is_whole(
    service: SecretService, slot: str, twin: str
) -> None:
    """F-T20: a restored backup, or another program, put an entry beside ours."""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    keyring: Backend = SecretServiceKeyring()  # type: ignore[no-untyped-call]
    older = replace(TOKENS, refresh_token="older")
    await vault.store(older)
    kept = keyring.get_password("Tidegauge", "auth.openai.com/default/a0")
    assert kept
    await vault.store(TOKENS)
    text = "x" if twin == "garbage" else kept
    service.put("twin", text, attributes_of(f"auth.openai.com/default/{slot}"))
    assert await vault.load() in (TOKENS, older)
    await vault.store(replace(TOKENS, refresh_token="newest"))
    assert await vault.load() == replace(TOKENS, refresh_token="newest")


async def test_entries_that_only_resemble_ours_are_ignored(service: SecretService) -> None:
    """F-T20"""
    service.start_keyring()
    for wrong in ("service", "username"):
        attributes = attributes_of("auth.openai.com/default/a0")
        service.put("Tidegauge", "not ours", {**attributes, wrong: "other"})
    vault = KeyringVault(ISSUER)
    assert await vault.load() is None
    await vault.store(TOKENS)
    assert await vault.load() == TOKENS


async def test_tokens_of_another_issuer_under_our_name_are_not_used(service: SecretService) -> None:
    service.start_keyring()
    await KeyringVault(ISSUER).store(replace(TOKENS, issuer="https://evil.example"))
    assert await kind_of(KeyringVault(ISSUER).load()) is FaultKind.SESSION_EXPIRED


async def test_the_environment_does_not_choose_the_keyring(
    service: SecretService, private_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-30, T-50: variables, configuration file and planted modules are not even looked at."""
    marker = private_home / "imported"
    planted = private_home / "planted"
    planted.mkdir()
    for name in ("evil_keyring", "keyring", "json", "secretstorage", "sitecustomize"):
        (planted / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")
    configuration = Path(os.environ["XDG_CONFIG_HOME"]) / "python_keyring" / "keyringrc.cfg"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(
        f"[backend]\ndefault-keyring=evil_keyring.Keyring\nkeyring-path={planted}\n"
    )
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "evil_keyring.Keyring")
    monkeypatch.setenv("PYTHONPATH", str(planted))
    monkeypatch.chdir(planted)
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    await vault.store(TOKENS)
    assert await vault.load() == TOKENS
    assert not marker.exists()


async def test_tokens_are_in_no_argument_and_no_environment(service: SecretService) -> None:
    """T-34"""
    service.start_keyring()
    process = KeyringProcess()
    await process.start()
    child = process._child
    assert child is not None
    request = {"do": "write", "name": "x/default", "text": ACCESS, "unlock": False}
    assert (await process.ask(request, 20))["text"] is None
    assert b"sentinel" not in seen_by_everybody(child.pid)
    await process.close()
    assert children() == service.pids()


async def test_a_child_that_dies_is_a_failed_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_process, "child_command", lambda: [sys.executable, "-c", "1"])
    assert await kind_of(KeyringVault(ISSUER).load()) is FaultKind.KEYRING_FAILED
    assert children() == set()


async def test_a_child_that_cannot_start_is_a_failed_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring_process, "child_command", lambda: ["/no/such/program"])
    vault = KeyringVault(ISSUER)
    assert await kind_of(vault.load()) is FaultKind.KEYRING_FAILED
    async with vault.opened() as opened:
        assert await kind_of(opened.load()) is FaultKind.KEYRING_FAILED


async def test_a_child_that_will_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = "import sys, time\nsys.stdin.read()\ntime.sleep(600)"
    monkeypatch.setattr(keyring_process, "child_command", lambda: [sys.executable, "-c", stubborn])
    monkeypatch.setattr(keyring_process, "_END_S", 0.2)
    process = KeyringProcess()
    await process.start()
    await process.close()
    assert children() == set()


@pytest.mark.parametrize("has_started", [False, True])
async def test_a_start_that_is_given_up_leaves_no_child(
    monkeypatch: pytest.MonkeyPatch, has_started: bool
) -> None:
    """T-34: the program quits while its thread starts the child, or has just started it."""
    started, goes_on, was_given = threading.Event(), threading.Event(), threading.Event()
    start, give = keyring_process._start, keyring_process._HandingOver.give
    pids: list[int] = []

    def start_slowly(command: list[str]) -> subprocess.Popen[bytes]:
        started.set()
        goes_on.wait(10)
        child = start(command)
        pids.append(child.pid)
        return child

    def give_and_tell(
        handing_over: keyring_process._HandingOver, child: subprocess.Popen[bytes]
    ) -> subprocess.Popen[bytes]:
        try:
            return give(handing_over, child)
        finally:
            was_given.set()

    monkeypatch.setattr(keyring_process, "_start", start_slowly)
    monkeypatch.setattr(keyring_process._HandingOver, "give", give_and_tell)
    starting = asyncio.get_running_loop().create_task(KeyringProcess().start())
    await asyncio.to_thread(started.wait, 10)
    if has_started:
        goes_on.set()
        was_given.wait(10)  # the loop stands still: the child is given and not yet taken
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    goes_on.set()
    await asyncio.to_thread(was_given.wait, 10)
    assert pids
    assert children() == set()


def test_a_bundle_starts_itself_as_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, "--keyring-child"]


def test_without_the_keyring_library_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(AppError) as caught:
        child_command()
    assert caught.value.fault.kind is FaultKind.KEYRING_MISSING


async def test_the_memory_vault_forgets_with_the_process() -> None:
    vault = MemoryVault()
    assert await vault.load() is None
    await vault.store(TOKENS)
    async with vault.opened() as opened:
        assert await opened.load() == TOKENS
    await vault.delete()
    assert await vault.load() is None


# --- another keyring than before ----------------------------------------------------------------


@pytest.fixture
def memory(private_home: Path) -> PrivateNames:
    return PrivateNames(private_home / "state" / "tidegauge" / "keyring.json")


async def test_a_keyring_without_our_sign_in_is_not_taken_for_a_sign_out(
    service: SecretService, memory: PrivateNames, private_home: Path
) -> None:
    """F-T19: the one that answers is named, and so is the one that holds the sign-in."""
    service.start_keyring()
    vault = KeyringVault(ISSUER, memory=memory)
    assert await vault.load() is None
    await vault.store(TOKENS)
    kept = memory.get("auth.openai.com/default")
    assert kept.startswith("gnome-keyring")
    assert "sentinel" not in (private_home / "state/tidegauge/keyring.json").read_text()
    await KeyringVault(ISSUER).delete()
    assert await vault.load() is None  # the same keyring, emptied by somebody
    memory.put("auth.openai.com/default", "keepassxc")
    with pytest.raises(AppError) as caught:
        await vault.load()
    assert caught.value.fault.kind is FaultKind.KEYRING_CHANGED
    assert caught.value.fault.detail == f"keepassxc → {kept}"


async def test_a_new_sign_in_or_a_sign_out_settles_which_keyring_it_is(
    service: SecretService, memory: PrivateNames
) -> None:
    """F-T19"""
    service.start_keyring()
    memory.put("auth.openai.com/default", "keepassxc")
    vault = KeyringVault(ISSUER, memory=memory)
    async with vault.opened() as opened:
        await opened.store(TOKENS)
    assert await vault.load() == TOKENS
    await vault.delete()
    assert memory.get("auth.openai.com/default") == ""
    assert await vault.load() is None


# --- unlocked by somebody else ------------------------------------------------------------------


async def test_an_unlock_elsewhere_is_noticed_within_two_seconds(service: SecretService) -> None:
    """F-T17: no prompt of ours, and no process is left of the wait."""
    service.start_keyring()
    vault = KeyringVault(ISSUER)
    await vault.store(TOKENS)
    service.lock()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(KeyringText(ISSUER, FIRST_ENTRY).unlocked())
        done, _ = await asyncio.wait({waiting}, timeout=2)
        assert not done
        (child,) = children() - service.pids()
        with Stalls(child) as stalls:
            service.unlock()
            start = time.monotonic()
            await waiting
            assert stalls.lived_s(start, time.monotonic()) < 2
    assert await vault.load() == TOKENS
    assert children() == service.pids()


async def test_an_unlocked_keyring_is_not_waited_for(service: SecretService) -> None:
    service.start_keyring()
    async with asyncio.timeout(60):
        await KeyringText(ISSUER, FIRST_ENTRY).unlocked()
    assert children() == service.pids()


async def test_a_wait_that_is_given_up_leaves_no_process(service: SecretService) -> None:
    service.start_keyring()
    service.lock()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(KeyringText(ISSUER, FIRST_ENTRY).unlocked())
        await asyncio.wait({waiting}, timeout=0.5)
        waiting.cancel()
    assert children() == service.pids()


async def test_a_keyring_that_goes_away_ends_the_wait(service: SecretService) -> None:
    """F-T19"""
    service.start_keyring()
    service.lock()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(kind_of(KeyringText(ISSUER, FIRST_ENTRY).unlocked()))
        await asyncio.wait({waiting}, timeout=0.5)
        service.stop_keyring()
    assert waiting.result() is FaultKind.KEYRING_MISSING


async def test_the_waiting_process_ends_with_its_parent(service: SecretService) -> None:
    """A parent that is killed closes the pipe, and that is heard during the wait too."""
    service.start_keyring()
    service.lock()
    process = KeyringProcess()
    await process.start()
    child = process._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.write(b'{"do": "wait"}\n')
    child.stdin.close()
    assert await asyncio.to_thread(child.wait, 20) == 0
    await process.close()


async def test_the_process_that_holds_tokens_leaves_no_core_dump(service: SecretService) -> None:
    """T-33"""
    service.start_keyring()
    process = KeyringProcess()
    await process.ask({"do": "read", "name": "x/default", "unlock": False}, 20)
    child = process._child
    assert child is not None
    limits = limits_of(child.pid)
    await process.close()
    assert limits["Max core file size"] == ["0", "0"]


def limits_of(pid: int) -> dict[str, list[str]]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): line[26:].split()[:2] for line in lines}


async def test_a_keyring_without_password_is_as_open_as_its_file(service: SecretService) -> None:
    """T-32: such a keyring encrypts nothing; the search for secrets sees it, we cannot help it."""
    service.start_keyring()
    service.make_default_without_password()
    vault = KeyringVault(ISSUER)
    await vault.store(TOKENS)
    assert b"sentinel-refresh" in service.stored_bytes()
    await vault.delete()
    assert b"sentinel" not in service.stored_bytes()
