"""`tidegauge accounts` as a process, and what `logout` and `login` do among several."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.command_line import LIMIT_S, add_account, recorded, sign_in, started, tidegauge
from support.far_browser import last_address
from support.open_conversations import conversation, open_conversations, turn
from support.secret_service import SecretService

from app.auth.keyring_text import KeyringText
from app.auth.private_names import PrivateNames
from app.auth.vault import KeyringVault
from app.conversations.store import FILE_NAME as CONVERSATIONS
from app.history.history import FILE_NAME, History
from app.paths import Paths
from app.simulator.accounts import ANN, ANN_AT_WORK, BO
from app.simulator.server import Simulator
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")


def test_accounts_are_listed_chosen_added_and_removed(signed_in: Simulator) -> None:
    """T-43"""
    url = signed_in.url
    alone = tidegauge(url, "accounts")
    assert (alone.code, alone.err) == (0, "")
    assert alone.out.split()[:3] == ["*", "1", ANN.email]
    added = add_account(signed_in, BO, "accounts", "add")
    assert added.code == 0
    assert BO.email in added.err
    assert ANN.email in added.err
    both = tidegauge(url, "accounts", "list", "--json").json["accounts"]
    assert both == tidegauge(url, "accounts", "--json").json["accounts"]
    assert [(row["email"], row["is_active"]) for row in both] == [
        (ANN.email, False),
        (BO.email, True),
    ]
    assert set(both[0]) == {
        *("number", "key", "email", "plan", "account_id", "is_active", "is_borrowed")
    }
    assert BO.email in tidegauge(url, "status").out
    chosen = tidegauge(url, "accounts", "switch", ANN.email)
    assert (chosen.code, chosen.out) == (0, "")
    assert ANN.email in chosen.err
    assert ANN.email in tidegauge(url, "status").out
    for who in ("3", "nobody@example.com", ""):
        assert tidegauge(url, "accounts", "switch", who).code == 2
    assert tidegauge(url, "accounts", "remove", both[1]["key"]).code == 0
    assert len(signed_in.requests_to("/oauth/revoke")) == 1
    assert BO.email not in tidegauge(url, "accounts").out
    assert tidegauge(url, "accounts", "remove", "1").code == 0
    nobody = tidegauge(url, "accounts")
    assert (nobody.code, nobody.out) == (3, "")
    assert tidegauge(url, "accounts", "--json").json == {"accounts": []}


def test_one_address_in_two_workspaces_is_chosen_by_number(signed_in: Simulator) -> None:
    assert add_account(signed_in, ANN_AT_WORK, "login", "--add").code == 0
    twice = tidegauge(signed_in.url, "accounts", "switch", ANN.email)
    assert twice.code == 2
    assert "number" in twice.err
    assert tidegauge(signed_in.url, "accounts", "switch", "1").code == 0
    assert "Plus" in tidegauge(signed_in.url, "status").out


@pytest.mark.parametrize("entry", ["default", "listed"])
@pytest.mark.usefixtures("keyring")
def test_a_damaged_sign_in_is_removed_all_the_same(simulator: Simulator, entry: str) -> None:
    """T-43, F-T21"""
    if entry == "listed":
        assert add_account(simulator, ANN, "login").code == 0
        (row,) = tidegauge(simulator.url, "accounts", "--json").json["accounts"]
        entry = row["key"]
    asyncio.run(KeyringText(simulator.url, entry).write("garbage"))
    assert tidegauge(simulator.url, "status").code == 3
    assert tidegauge(simulator.url, "logout").code == 0
    assert asyncio.run(KeyringText(simulator.url, entry).held([entry, "accounts"])) == set()
    assert tidegauge(simulator.url, "accounts").code == 3


def hide_identity(*, on: bool) -> None:
    file = Paths.of_user(os.environ).settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"hide_identity = {str(on).lower()}\n", encoding="utf-8")


def test_no_command_tells_who_is_signed_in_while_that_is_hidden(signed_in: Simulator) -> None:
    """T-41: for people and for programs; an account is still chosen by number, address or key."""
    url = signed_in.url
    hide_identity(on=True)
    added = add_account(signed_in, BO, "accounts", "add")
    told = [
        added,
        tidegauge(url, "accounts"),
        tidegauge(url, "accounts", "--json"),
        tidegauge(url, "status"),
        tidegauge(url, "status", "--json"),
        tidegauge(url, "status", "--from", "-", given=recorded("seed_example")),
        tidegauge(url, "accounts", "switch", ANN.email),
        tidegauge(url, "logout"),
        tidegauge(url, "accounts", "remove", "1"),
    ]
    assert [one.code for one in told] == [0] * len(told)
    everything = "\n".join(one.out + one.err for one in told).casefold()
    for word in ("@", "plus", "pro ", ANN.account_id, BO.account_id[-4:], BO.user_id, "example"):
        assert word.casefold() not in everything
    assert "Account 2" in added.err
    assert told[1].out.split()[:3] == ["1", "Account", "1"]
    assert told[4].json["account"] == {"email": None, "account_id": None, "user_id": None}
    assert "Account 1" in told[6].err
    sign_in(signed_in)
    hide_identity(on=False)
    assert ANN.email in tidegauge(url, "status").out


def test_logging_out_goes_on_with_the_next_account(signed_in: Simulator) -> None:
    assert add_account(signed_in, BO, "accounts", "add").code == 0
    ended = tidegauge(signed_in.url, "logout")
    assert ended.code == 0
    assert ANN.email in ended.err
    assert ANN.email in tidegauge(signed_in.url, "status").out


def test_what_is_left_of_a_removed_account_is_listed_as_such_and_removed_again(
    signed_in: Simulator,
) -> None:
    """T-43: nobody can be it any more."""
    url = signed_in.url
    assert add_account(signed_in, BO, "accounts", "add").code == 0
    key = tidegauge(url, "accounts", "--json").json["accounts"][1]["key"]
    marks = PrivateNames(Paths.of_user(os.environ).state / "account.json")
    marks.put(f"{urlsplit(url).netloc}/leaving/{key}", "yes")  # a removal that a kill cut short
    listed = tidegauge(url, "accounts").out.splitlines()
    assert len(listed) == 2
    assert ANN.email in listed[0]
    assert listed[1].endswith("removed, but not from the keyring yet")
    assert ANN.email in tidegauge(url, "status").out
    assert tidegauge(url, "accounts", "switch", "2").code == 2
    assert tidegauge(url, "accounts", "remove", "2").code == 0
    assert len(tidegauge(url, "accounts").out.splitlines()) == 1
    assert asyncio.run(KeyringVault(url, entry=key).load()) is None
    assert marks.below(urlsplit(url).netloc + "/leaving/") == ()


def test_a_locked_keyring_is_not_taken_for_nobody(
    signed_in: Simulator, keyring: SecretService
) -> None:
    """F-T17: nothing was removed, and that is said."""
    keyring.lock()
    for arguments in (("logout",), ("accounts", "remove", "1")):
        ended = tidegauge(signed_in.url, *arguments)
        assert ended.code == 7
        assert "locked" in ended.err
    keyring.unlock()
    assert ANN.email in tidegauge(signed_in.url, "status").out


def test_the_history_of_an_account_goes_only_if_that_is_asked_for(signed_in: Simulator) -> None:
    """T-43: the history is a question of its own."""
    url = signed_in.url
    key = tidegauge(url, "accounts", "--json").json["accounts"][0]["key"]
    file = Paths.of_user(os.environ).state / FILE_NAME
    write_history(file, key)
    assert add_account(signed_in, BO, "accounts", "add").code == 0
    assert tidegauge(url, "accounts", "remove", "1").code == 0
    assert windows_on_file(file, key) == 1
    assert tidegauge(url, "logout", "--forget-history").code == 0
    assert windows_on_file(file, key) == 1
    sign_in(signed_in)
    assert tidegauge(url, "logout", "--forget-history").code == 0
    assert windows_on_file(file, key) == 0


def test_the_conversations_of_an_account_go_with_its_history(signed_in: Simulator) -> None:
    """T-43: and leave no byte."""
    url = signed_in.url
    key = tidegauge(url, "accounts", "--json").json["accounts"][0]["key"]
    file = Paths.of_user(os.environ).state / CONVERSATIONS
    asyncio.run(write_conversation(file, key))
    assert tidegauge(url, "logout").code == 0
    assert b"SENTINEL" in file.read_bytes()
    sign_in(signed_in)
    assert tidegauge(url, "logout", "--forget-history").code == 0
    assert b"SENTINEL" not in file.read_bytes()


async def write_conversation(file: Path, key: str) -> None:
    async with open_conversations(file) as store:
        store.save(key, conversation("one", turn(0, "SENTINEL?")))


def write_history(file: Path, key: str) -> None:
    async def write() -> None:
        history = History(file, now=lambda: datetime.now(UTC))
        window = RateLimitWindow(MAIN_LIMIT, 31.0, 604_800, datetime.now(UTC) + timedelta(days=3))
        limits = (RateLimit(MAIN_LIMIT, windows=(window,)),)
        history.record(key, UsageSnapshot(datetime.now(UTC), "plus", limits))
        await history.close()

    asyncio.run(write())


def windows_on_file(file: Path, key: str) -> int:
    async def read() -> int:
        history = History(file, now=lambda: datetime.now(UTC))
        found = await history.windows(key)
        await history.close()
        return len(found)

    return asyncio.run(read())


def test_the_codex_clis_login_among_the_accounts(
    keyring: SecretService, simulator: Simulator, private_home: Path
) -> None:
    """F-T27: no keyring entry comes of it, and signing out leaves the CLI signed in."""
    home = {"CODEX_HOME": str(private_home)}
    missing = tidegauge(simulator.url, "login", "--codex", **home)
    assert missing.code == 3
    file = private_home / "auth.json"
    file.write_text(json.dumps({"tokens": simulator.issue_tokens()}))
    assert tidegauge(simulator.url, "login", "--codex", **home).code == 0
    assert ANN.email in tidegauge(simulator.url, "status", **home).out
    (row,) = tidegauge(simulator.url, "accounts", "--json", **home).json["accounts"]
    assert (row["key"], row["is_borrowed"], row["is_active"]) == ("codex", True, True)
    refused = tidegauge(simulator.url, "ask", "Why?", **home)
    assert (refused.code, refused.out) == (3, "")
    assert "Sign in to ask" in refused.err
    assert tidegauge(simulator.url, "logout", **home).code == 0
    assert file.exists()
    assert simulator.requests_to("/oauth/revoke") == []
    assert tidegauge(simulator.url, "status", **home).code == 3
    del keyring


def test_a_locked_keyring_is_told_by_accounts_as_well(
    keyring: SecretService, signed_in: Simulator
) -> None:
    """F-T17"""
    keyring.lock()
    for command in ((), ("switch", "1")):
        ended = tidegauge(signed_in.url, "accounts", *command)
        assert (ended.code, ended.out) == (7, "")
        assert "locked" in ended.err


def test_a_second_login_says_so_and_may_not_be_asked(signed_in: Simulator) -> None:
    """F-L09: nobody sits at the second terminal, so the first sign-in goes on."""
    with started(signed_in.url, "login", "--paste", is_fed=True) as first:
        assert first.stdout is not None
        address = first.stdout.readline().decode().strip()
        second = tidegauge(signed_in.url, "login", "--paste")
        assert second.code == 3
        assert "under way" in second.err
        assert first.stdin is not None
        first.stdin.write(f"{last_address(address)}\n".encode())
        first.stdin.flush()
        assert first.wait(LIMIT_S) == 0
