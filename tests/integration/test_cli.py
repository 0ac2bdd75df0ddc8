"""The command line as a process: real sockets, a real keyring, signals, pipes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.command_line import LIMIT_S, ROOT, Ended, environment, started, tidegauge
from support.far_browser import last_address
from support.open_conversations import conversation, open_conversations, turn
from support.secret_service import SecretService, secret_service
from support.signed_in import tokens_from
from support.simulator import MakeSimulator
from support.stalls import code_within

from app.auth.keyring_text import KeyringText
from app.auth.private_names import PrivateNames
from app.auth.vault import KeyringVault
from app.conversations.store import FILE_NAME as CONVERSATIONS
from app.history.history import FILE_NAME, History
from app.paths import Paths
from app.simulator.accounts import ANN, ANN_AT_WORK, BO, SimulatedAccount, choice_of
from app.simulator.faults import Fault, late
from app.simulator.server import Simulator
from app.simulator.state import Pace
from app.simulator.visitor import approve_device, visit
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

USAGE = "/backend-api/wham/usage"
RESPONSES = "/backend-api/codex/responses"
CASES = Path(__file__).parents[1] / "support" / "usage-cases.json"


@pytest.fixture
def keyring(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A bus with an unlocked keyring."""
    with secret_service(private_home / "run") as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        running.start_keyring()
        yield running


def sign_in(simulator: Simulator) -> None:
    tokens = tokens_from(simulator, datetime.now(UTC))
    asyncio.run(KeyringVault(simulator.url).store(tokens))


@pytest.fixture
def signed_in(keyring: SecretService, simulator: Simulator) -> Simulator:
    sign_in(simulator)
    return simulator


def recorded(case: str) -> str:
    cases = {entry["case"]: entry for entry in json.loads(CASES.read_text(encoding="utf-8"))}
    return json.dumps(cases[case]["input"])


# --- signing in and out --------------------------------------------------------------------------


@pytest.mark.xdist_group("callback-port")
@pytest.mark.usefixtures("keyring")
def test_from_login_to_logout(simulator: Simulator) -> None:
    with started(simulator.url, "login", "--no-browser") as login:
        assert login.stdout is not None
        address = login.stdout.readline().decode().strip()
        assert address.startswith("http")
        visit(address)
        assert login.wait(LIMIT_S) == 0
        assert login.stdout.read() == b""
    assert tidegauge(simulator.url, "status").code == 0
    ended = tidegauge(simulator.url, "logout")
    assert (ended.code, ended.out) == (0, "")
    assert simulator.requests_to("/oauth/revoke")
    assert tidegauge(simulator.url, "status").code == 3
    assert tidegauge(simulator.url, "logout").code == 0


@pytest.mark.xdist_group("callback-port")
def test_a_login_killed_before_its_tokens_are_stored_leaves_nothing(
    simulator: Simulator, keyring: SecretService
) -> None:
    """F-L19: no half state, and the next login works."""
    simulator.faults.add("/oauth/token", late(30))
    with started(simulator.url, "login", "--no-browser") as login, ThreadPoolExecutor() as pool:
        assert login.stdout is not None
        browser = pool.submit(visit, login.stdout.readline().decode().strip())
        assert simulator.wait_until(lambda: bool(simulator.requests_to("/oauth/token")), 20)
        login.kill()
        login.wait()
        browser.exception()  # whatever the browser saw of it
    assert tidegauge(simulator.url, "status").code == 3
    with started(simulator.url, "login", "--no-browser") as login:
        assert login.stdout is not None
        visit(login.stdout.readline().decode().strip())
        assert login.wait(LIMIT_S) == 0
    assert tidegauge(simulator.url, "status").code == 0


@pytest.mark.xdist_group("callback-port")
@pytest.mark.usefixtures("keyring")
def test_login_ends_with_ctrl_c(simulator: Simulator) -> None:
    """F-L02: the port is free again."""
    with started(simulator.url, "login", "--no-browser") as login:
        assert login.stdout is not None
        login.stdout.readline()
        login.send_signal(signal.SIGINT)
        assert login.wait(LIMIT_S) == 130
        assert login.stderr is not None
        assert b"Traceback" not in login.stderr.read()


@pytest.mark.usefixtures("keyring")
def test_login_with_a_code_typed_in_elsewhere(simulator: Simulator) -> None:
    with started(simulator.url, "login", "--device") as login:
        assert login.stdout is not None
        address = login.stdout.readline().decode().strip()
        user_code = login.stdout.readline().decode().strip()
        approve_device(address, user_code)
        assert login.wait(LIMIT_S) == 0
    assert tidegauge(simulator.url, "status").code == 0


def paste_into(login: subprocess.Popen[bytes], account: SimulatedAccount) -> None:
    assert login.stdout is not None
    assert login.stdin is not None
    address = login.stdout.readline().decode().strip()
    login.stdin.write(b"http://localhost:1455/auth/callback?code=x&state=guess\n")
    login.stdin.write(last_address(address, choice_of(account)).encode() + b"\n")
    login.stdin.flush()


@pytest.mark.usefixtures("keyring")
def test_login_with_a_pasted_address(simulator: Simulator) -> None:
    """T-06: what is not the answer is asked for again. Nothing listens here."""
    with started(simulator.url, "login", "--paste", is_fed=True) as login:
        paste_into(login, ANN)
        assert login.wait(LIMIT_S) == 0
        assert login.stderr is not None
        assert b"That is not the address" in login.stderr.read()
    assert tidegauge(simulator.url, "status").code == 0


def test_another_account_is_not_added_unasked(signed_in: Simulator) -> None:
    """T-16, F-L14"""
    with started(signed_in.url, "login", "--paste", is_fed=True) as login:
        paste_into(login, BO)
        assert login.wait(LIMIT_S) == 3
        assert login.stderr is not None
        told = login.stderr.read().decode()
    assert "--add" in told
    assert BO.email in told
    assert "bo@" not in tidegauge(signed_in.url, "status").out
    with started(signed_in.url, "login", "--paste", "--add", is_fed=True) as login:
        paste_into(login, BO)
        assert login.wait(LIMIT_S) == 0
    assert BO.email in tidegauge(signed_in.url, "status").out


@pytest.mark.usefixtures("keyring")
def test_nothing_to_paste_and_ctrl_c_end_the_login(simulator: Simulator) -> None:
    ended = tidegauge(simulator.url, "login", "--paste")
    assert ended.code == 3
    with started(simulator.url, "login", "--paste", is_fed=True) as login:
        assert login.stdout is not None
        login.stdout.readline()
        login.send_signal(signal.SIGINT)
        assert login.wait(LIMIT_S) == 130
        assert login.stderr is not None
        told = login.stderr.read()
        assert b"Traceback" not in told
        assert b"Fatal" not in told


# --- accounts ------------------------------------------------------------------------------------


def add_account(simulator: Simulator, account: SimulatedAccount, *command: str) -> Ended:
    with started(simulator.url, *command, "--paste", is_fed=True) as login:
        paste_into(login, account)
        code = login.wait(LIMIT_S)
        assert login.stdout is not None
        assert login.stderr is not None
        return Ended(code, login.stdout.read().decode(), login.stderr.read().decode())


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


# --- status --------------------------------------------------------------------------------------


def test_status_with_the_codex_clis_login(simulator: Simulator, private_home: Path) -> None:
    """F-T27: no keyring is needed, and the file stays as it is."""
    file = private_home / "auth.json"
    ended = tidegauge(simulator.url, "status", "--codex", CODEX_HOME=str(private_home))
    assert (ended.code, "codex" in ended.err) == (3, True)
    file.write_text(json.dumps({"tokens": simulator.issue_tokens()}))
    before = file.read_bytes()
    ended = tidegauge(simulator.url, "status", "--codex", CODEX_HOME=str(private_home))
    assert (ended.code, ended.err) == (0, "")
    assert ANN.email in ended.out
    assert file.read_bytes() == before


def test_status_as_a_table(signed_in: Simulator) -> None:
    ended = tidegauge(signed_in.url, "status")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "ann@example.com · Plus"
    assert any(line.startswith("5-hour") and "86 % used" in line for line in lines)
    assert any(line.startswith("Weekly") and "31 % used" in line for line in lines)
    assert any(line.startswith("Credits") and "12.50" in line for line in lines)
    assert "\x1b" not in ended.out


def test_status_as_json(signed_in: Simulator) -> None:
    ended = tidegauge(signed_in.url, "status", "--json")
    assert (ended.code, ended.err) == (0, "")
    report = ended.json
    assert {"account", "plan", "windows", "credits", "fetched_at"} <= report.keys()
    assert report["account"]["email"] == "ann@example.com"
    assert report["plan"] == "plus"
    assert report["credits"]["balance"] == "12.50"
    assert datetime.fromisoformat(report["fetched_at"]).tzinfo is not None
    ids = [window["id"] for window in report["windows"]]
    assert ids[:3] == ["codex/18000", "codex/604800", "code_review/604800"]
    assert len(ids) == len(set(ids)) == 5
    session = report["windows"][0]
    assert session.keys() == {
        "id",
        "label",
        "used_percent",
        "used_percent_reported",
        "window_seconds",
        "resets_at",
        "resets_in_seconds",
        "is_sliding",
        "limit_id",
        "blocked_by",
    }
    assert report["binding_window"] == "codex/18000"
    assert [limit["id"] for limit in report["limits"]] == [
        "codex",
        "code_review",
        "codex_bengalfox",
    ]
    assert (report["source"], report["doubts"]) == ("poll", [])
    assert session["label"] == "5-hour"
    assert (session["used_percent"], session["used_percent_reported"]) == (86, 86)
    assert session["resets_in_seconds"] == pytest.approx(1.8 * 3600, abs=60)


def test_status_of_a_saved_reply_needs_nothing(tmp_path: Path) -> None:
    """No sign-in, no keyring, no request; the recorded example of the notes."""
    saved = tmp_path / "reply.json"
    saved.write_text(recorded("seed_example"), encoding="utf-8")
    nowhere = "http://127.0.0.1:9"
    ended = tidegauge(nowhere, "status", "--json", "--from", str(saved))
    assert (ended.code, ended.err) == (0, "")
    assert [w["resets_at"] for w in ended.json["windows"]] == [
        "2025-12-18T10:22:35Z",
        "2025-12-25T05:22:35Z",
        "2025-12-25T07:21:47Z",
    ]
    assert [w["resets_in_seconds"] for w in ended.json["windows"]] == [10_848, 597_648, 604_800]
    assert ended.json["fetched_at"] == "2025-12-18T07:21:47Z"
    piped = tidegauge(nowhere, "status", "--from", "-", given=recorded("seed_example"))
    assert piped.code == 0
    assert piped.out.splitlines()[-1] == "As of 18 Dec 2025 07:21"


def test_a_saved_reply_of_a_reached_limit_tells_by_its_code() -> None:
    given = recorded("limit_reached_100")
    ended = tidegauge("http://127.0.0.1:9", "status", "--json", "--from", "-", given=given)
    assert ended.code == 5
    assert ended.json["limit_reached"] is True


@pytest.mark.parametrize("given", ["", "{}", "<html>", "[" * 100_000, " " * (1 << 20) + "{}"])
def test_a_file_without_usage_is_not_understood(given: str) -> None:
    ended = tidegauge("http://127.0.0.1:9", "status", "--from", "-", given=given)
    assert (ended.code, ended.out) == (6, "")
    assert ended.err.count("\n") == 1


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    ended = tidegauge("http://127.0.0.1:9", "status", "--from", str(tmp_path / "none"))
    assert (ended.code, ended.out) == (2, "")
    assert "none" in ended.err


def test_hostile_texts_reach_no_terminal() -> None:
    """T-54, F-U08."""
    reply = json.loads(recorded("additional_one"))
    reply["plan_type"] = "\x1b]0;owned\x07\u202eplus"
    reply["additional_rate_limits"][0]["limit_name"] = "\x9b31mred\r\n"
    ended = tidegauge("http://127.0.0.1:9", "status", "--from", "-", given=json.dumps(reply))
    assert ended.code == 0
    assert not set(ended.out) & set("\x1b\x07\x9b\r\u202e")


@pytest.mark.usefixtures("keyring")
def test_chinese(make_simulator: MakeSimulator) -> None:
    given = recorded("seed_example")
    ended = tidegauge(
        "http://127.0.0.1:9", "status", "--from", "-", given=given, LC_ALL="zh_CN.UTF-8"
    )
    assert "每周" in ended.out


# --- exit codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"], ["watch"]])
@pytest.mark.usefixtures("keyring")
def test_3_when_nobody_is_signed_in(simulator: Simulator, command: list[str]) -> None:
    ended = tidegauge(simulator.url, *command)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith("ChatGPT account. Sign in with “tidegauge login”.\n")  # once
    assert simulator.requests == []


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"]])
def test_4_when_the_service_cannot_be_reached(signed_in: Simulator, command: list[str]) -> None:
    """F-N02."""
    signed_in.stop()
    ended = tidegauge(signed_in.url, *command)
    assert ended.code == 4
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"]])
@pytest.mark.usefixtures("keyring")
def test_5_when_the_limit_is_reached(make_simulator: MakeSimulator, command: list[str]) -> None:
    simulator = make_simulator("exhausted")
    sign_in(simulator)
    assert tidegauge(simulator.url, *command).code == 5


def test_6_when_the_reply_is_not_understood(signed_in: Simulator) -> None:
    signed_in.faults.add(USAGE, Fault(200, b'{"surprise": 1}'))
    ended = tidegauge(signed_in.url, "status", "--json")
    assert (ended.code, ended.out) == (6, "")


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"], ["watch"]])
def test_7_without_a_keyring(simulator: Simulator, command: list[str]) -> None:
    """F-T19: the bus leads nowhere."""
    ended = tidegauge(simulator.url, *command)
    assert (ended.code, ended.out) == (7, "")


def test_7_with_a_locked_keyring(keyring: SecretService, signed_in: Simulator) -> None:
    """F-T17: nobody sits at a terminal, so nobody is prompted."""
    keyring.lock()
    assert tidegauge(signed_in.url, "status").code == 7


def test_2_for_a_bad_address() -> None:
    assert tidegauge("http://service.example", "status").code == 2


# --- ask -----------------------------------------------------------------------------------------


def test_ask_prints_the_answer(signed_in: Simulator) -> None:
    signed_in.script_answers("Hello **there**\n\n```py\nx = 1\n```")
    ended = tidegauge(signed_in.url, "ask", "hello", "--model", "gpt-5.5")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "Hello **there**\n\n```py\nx = 1\n```\n"
    [request] = signed_in.requests_to(RESPONSES)
    assert json.loads(request.body)["model"] == "gpt-5.5"


def test_ask_as_json_lines(signed_in: Simulator) -> None:
    signed_in.script_answers("Hello there")
    ended = tidegauge(signed_in.url, "ask", "-", "--json", given="hello")
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert "".join(e["text"] for e in events if e["type"] == "text") == "Hello there"
    assert events[-1]["type"] == "completed"
    assert events[-1]["usage"]["output_tokens"] > 0


@pytest.mark.parametrize("arguments", [[], [""], ["  "], ["-"]])
def test_ask_needs_a_question(arguments: list[str]) -> None:
    assert tidegauge("http://127.0.0.1:9", "ask", *arguments).code == 2


def test_ask_without_a_pipe_does_not_wait_for_one() -> None:
    with started("http://127.0.0.1:9", "ask") as ask:  # the empty device: nobody to read from
        assert ask.wait(LIMIT_S) == 2


@pytest.mark.parametrize("arguments", [[], ["-"], ["  "]])
def test_ask_reads_its_question_from_standard_input(
    signed_in: Simulator, arguments: list[str]
) -> None:
    signed_in.script_answers("Hello")
    ended = tidegauge(signed_in.url, "ask", *arguments, "--effort", "low", given="Why?\nHow?\n")
    assert (ended.code, ended.out) == (0, "Hello\n")
    [request] = signed_in.requests_to(RESPONSES)
    body = json.loads(request.body)
    assert body["input"][-1]["content"] == [{"type": "input_text", "text": "Why?\nHow?\n"}]
    assert body["reasoning"]["effort"] == "low"


def test_what_is_piped_in_beside_a_question_goes_along(signed_in: Simulator) -> None:
    signed_in.script_answers("Hello")
    assert tidegauge(signed_in.url, "ask", "what is this", given="a = 1\n").code == 0
    [request] = signed_in.requests_to(RESPONSES)
    texts = [part["text"] for part in json.loads(request.body)["input"][-1]["content"]]
    assert texts == ["File: stdin\n\na = 1\n", "what is this"]


@pytest.mark.parametrize("arguments", [["-"], ["what is this"]])
def test_what_is_neither_text_nor_picture_is_not_sent(arguments: list[str]) -> None:
    ended = tidegauge("http://127.0.0.1:9", "ask", *arguments, given="a\0b")
    assert ended.code == 2
    assert "neither plain text nor a picture" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="no shell to close it")
@pytest.mark.parametrize("arguments", ["", "-"])
@pytest.mark.usefixtures("private_home")
def test_a_closed_standard_input_holds_no_question(arguments: str) -> None:
    """Its number may by then belong to a connection, which is not to be read."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m app --demo ask {arguments} <&-', sys.executable],
        capture_output=True, cwd=ROOT, env=environment("http://127.0.0.1:9"), timeout=30,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no question" in done.stderr


@pytest.mark.usefixtures("private_home")
def test_a_signal_ends_ask_while_it_reads() -> None:
    """Somebody who sits before a silent pipe is told, and Ctrl+C ends it."""
    with started("http://127.0.0.1:9", "ask", "what is this", is_fed=True) as ask:
        assert ask.stderr is not None
        assert b"standard input" in ask.stderr.readline()
        ask.send_signal(signal.SIGINT)
        assert ask.wait(LIMIT_S) == 130
        assert b"Traceback" not in ask.stderr.read()


def test_ask_tells_which_model_answers_instead(signed_in: Simulator) -> None:
    """Row C1 of the protocol's failures."""
    signed_in.script_answers("Hello")
    ended = tidegauge(signed_in.url, "ask", "hello", "--model", "gpt-5.1-codex-max")
    assert (ended.code, ended.out) == (0, "Hello\n")
    assert "gpt-5.1-codex-max is not available" in ended.err
    assert len(signed_in.requests_to(RESPONSES)) == 2


SLOW = Pace(first_s=0.0, between_s=0.05, delta_chars=4)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.usefixtures("keyring")
def test_ask_streams_and_a_signal_closes_the_connection(
    make_simulator: MakeSimulator, sent: signal.Signals, code: int
) -> None:
    """F-C01, F-D06."""
    simulator = make_simulator(pace=SLOW)
    sign_in(simulator)
    simulator.script_answers("word " * 2000)
    with started(simulator.url, "ask", "hello") as ask:
        assert ask.stdout is not None
        assert ask.stderr is not None
        assert ask.stdout.read(4) == b"word"
        assert ask.poll() is None
        ask.send_signal(sent)
        assert code_within(2, ask) == code
        assert b"Traceback" not in ask.stderr.read()
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)


@pytest.mark.usefixtures("keyring")
def test_events_of_a_stopped_answer_end_with_its_end(make_simulator: MakeSimulator) -> None:
    """F-C01: whoever reads the events learns that there are no more."""
    simulator = make_simulator(pace=SLOW)
    sign_in(simulator)
    simulator.script_answers("word " * 2000)
    with started(simulator.url, "ask", "hello", "--json") as ask:
        assert ask.stdout is not None
        while json.loads(ask.stdout.readline())["type"] != "text":
            pass
        ask.send_signal(signal.SIGINT)
        assert ask.wait(LIMIT_S) == 130
        *_, last = ask.stdout.read().splitlines()
    assert json.loads(last)["type"] == "stopped"
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.usefixtures("keyring")
def test_ask_ends_when_nobody_reads_on(make_simulator: MakeSimulator, more: list[str]) -> None:
    simulator = make_simulator(pace=SLOW)
    sign_in(simulator)
    simulator.script_answers("word " * 2000)
    with started(simulator.url, "ask", "hello", *more) as ask:
        assert ask.stdout is not None
        assert ask.stderr is not None
        ask.stdout.read(4)
        ask.stdout.close()
        assert ask.wait(LIMIT_S) == 141
        assert ask.stderr.read() == b""
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)


# --- watch ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["watch"], []])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_watch_prints_a_line_per_poll_until_a_signal(
    signed_in: Simulator, arguments: list[str], sent: signal.Signals
) -> None:
    """Without a display, the bare command says so in one line and watches."""
    with started(signed_in.url, *arguments, QT_QPA_PLATFORM="") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        line = watch.stdout.readline().decode()
        assert "5-hour 86 %" in line
        assert "Weekly 31 %" in line
        watch.send_signal(sent)
        assert code_within(2, watch) == 0
        said = watch.stderr.read().decode()
        assert said.count("\n") == (0 if arguments else 1)


def test_an_impatient_second_signal_changes_nothing(signed_in: Simulator) -> None:
    """`timeout` sends each signal twice, and so do people (F-D06)."""
    with started(signed_in.url, "watch") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stdout.readline()
        while watch.poll() is None:
            watch.send_signal(signal.SIGINT)
            time.sleep(0.002)
        assert watch.returncode == 0
        assert watch.stderr.read() == b""


def test_watch_ends_when_nobody_reads_on(signed_in: Simulator) -> None:
    with started(signed_in.url, "watch") as watch:
        assert watch.stdout is not None
        watch.stdout.close()
        assert watch.wait(LIMIT_S) == 141


def test_watch_goes_on_over_faults(signed_in: Simulator) -> None:
    signed_in.faults.add(USAGE, Fault(500, b""))
    with started(signed_in.url, "watch") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stderr.readline().startswith(b"tidegauge: ")
        assert b"86 %" in watch.stdout.readline()
        watch.terminate()


def test_watch_ends_when_the_session_does(signed_in: Simulator) -> None:
    signed_in.revoke_all()
    assert tidegauge(signed_in.url, "watch").code == 3


# --- what it drags in ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["status", "ask hello", "status --from -", "logout"])
def test_no_command_imports_qt(signed_in: Simulator, command: str) -> None:
    script = (
        "import sys\n"
        "from app.cli import parse, run\n"
        "code = run(parse(sys.argv[1:]))\n"
        "windows = any(name.startswith(('PySide6', 'qasync')) for name in sys.modules)\n"
        "sys.exit(99 if windows else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command.split()],
        input=recorded("seed_example").encode(),
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(signed_in.url),
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0
