"""`tidegauge diagnose` as a process, beside a keyring, a history and the log of a tray program."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.command_line import tidegauge
from support.secret_service import SecretService
from support.signed_in import tokens_from
from support.simulator import MakeSimulator

from app import logs
from app.auth.tokens import TokenSet, account_key
from app.auth.vault import KeyringVault
from app.history.history import FILE_NAME, History
from app.instance.place import Place
from app.paths import Paths
from app.simulator.accounts import ANN
from app.simulator.server import Simulator
from app.trail import Trail
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")


@pytest.fixture
def tokens(keyring: SecretService, simulator: Simulator) -> TokenSet:
    issued = tokens_from(simulator, datetime.now(UTC))
    asyncio.run(KeyringVault(simulator.url).store(issued))
    return issued


def write_past(paths: Paths, key: str) -> None:
    """What a tray program would have left: readings and a log."""

    async def write() -> None:
        now = datetime.now(UTC)
        history = History(paths.state / FILE_NAME, now=lambda: datetime.now(UTC))
        for minutes, used in ((10, 60.0), (5, 78.0), (4, 78.0), (3, 79.0)):
            at = now - timedelta(minutes=minutes)
            window = RateLimitWindow(MAIN_LIMIT, used, 18_000, now + timedelta(hours=3))
            limits = (RateLimit(MAIN_LIMIT, (window,)),)
            history.record(key, UsageSnapshot(at, "plus", limits, served_at=at))
        await history.close()

    asyncio.run(write())
    undo = logs.set_up(paths)
    trail = Trail()
    trail.note("poll", "accepted", status=200, wait_s=61.2, why="quiet")
    trail.note("poll", "server_error", status=502, wait_s=3.0, why="back_off")
    undo()


def test_a_diagnosis_tells_what_is_and_not_who(simulator: Simulator, tokens: TokenSet) -> None:
    """T-41: no identity unless asked, no token at all; nothing is asked of the service."""
    paths = Paths.of_user(os.environ)
    write_past(paths, account_key(tokens.account))
    paths.config.mkdir(parents=True, exist_ok=True)
    paths.settings_file.write_text('proxy = "none"\nwarn_first_percent = 70\n', encoding="utf-8")
    before = len(simulator.requests)

    told = tidegauge(simulator.url, "diagnose")
    assert (told.code, told.err) == (0, "")
    made = told.json
    assert made["services"]["secret_service"] == "running"
    assert made["running_program"] == "not running"
    assert made["sign_in"]["status"] == "signed_in"
    assert made["settings_changed"] == {"proxy": "(set)", "warn_first_percent": 70}
    assert [step["outcome"] for step in made["steps"]] == ["accepted", "server_error"]
    assert made["steps"][1]["why"] == "back_off"
    assert {"history.db", "settings.toml", "tidegauge.log"} <= {f["name"] for f in made["files"]}
    for word in (
        *(ANN.email, ANN.account_id, ANN.user_id, "plus", tokens.access_token),
        *(tokens.refresh_token, str(Path.home()), str(paths.state), os.uname().nodename),
    ):
        assert word not in told.out
    assert len(simulator.requests) == before

    named = tidegauge(simulator.url, "diagnose", "--with-identity")
    assert named.json["identity"]["email"] == ANN.email
    assert tokens.access_token not in named.out


def test_what_was_saved_is_replayed(simulator: Simulator, tokens: TokenSet, tmp_path: Path) -> None:
    paths, saved = Paths.of_user(os.environ), tmp_path / "diagnosis.json"
    write_past(paths, account_key(tokens.account))
    assert tidegauge(simulator.url, "diagnose", "--out", str(saved)).code == 0
    assert saved.stat().st_mode & 0o777 == 0o600

    replay = tidegauge(simulator.url, "diagnose", "--replay", str(saved))
    assert (replay.code, replay.err) == (0, "")
    lines = replay.out.splitlines()
    assert "  codex/18000: 60 %, level calm" in lines or any("60 %" in line for line in lines)
    assert sum(line == "  due: threshold codex/18000 75" for line in lines) == 1
    assert "  nothing due: nothing_new" in lines


@pytest.mark.parametrize(
    "content", ["", "{}", "[" * 100_000, '{"format": "tidegauge diagnosis 1"}']
)
def test_what_is_no_diagnosis_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, encoding="utf-8")

    told = tidegauge("http://127.0.0.1:9", "diagnose", "--replay", str(file))
    assert (told.code, told.out) == (6, "")
    assert "holds no diagnosis" in told.err
    assert "Traceback" not in told.err


def test_files_that_cannot_be_read_or_written_are_said_to_be_so(tmp_path: Path) -> None:
    absent = tmp_path / "absent" / "file"
    url = "http://127.0.0.1:9"

    assert tidegauge(url, "diagnose", "--replay", str(absent)).code == 2
    assert tidegauge(url, "diagnose", "--out", str(absent)).code == 1


def test_without_keyring_bus_or_sign_in_there_is_a_diagnosis_all_the_same() -> None:
    told = tidegauge("http://127.0.0.1:9", "diagnose", DBUS_SESSION_BUS_ADDRESS="unix:path=/none")

    assert told.code == 0
    assert told.json["services"] == {"session_bus": "FileNotFoundError"}
    assert told.json["sign_in"]["fault"].startswith("keyring_")
    assert told.json["readings"] == []
    assert json.dumps(told.json)


def test_a_locked_keyring_is_named_and_not_asked_about(
    simulator: Simulator, tokens: TokenSet, keyring: SecretService
) -> None:
    """F-T17"""
    keyring.lock()
    told = tidegauge(simulator.url, "diagnose")
    assert told.code == 0
    assert told.json["sign_in"]["fault"] == "keyring_locked"
    assert told.json["sign_in"]["tokens"] is None
    assert told.json["services"]["secret_service"] == "running"


@pytest.mark.parametrize("is_listening", [True, False])
def test_a_program_that_hangs_is_told_apart_from_none(
    simulator: Simulator, is_listening: bool
) -> None:
    """F-D15"""
    place = Place(Paths.of_user(os.environ))
    with socket.socket(socket.AF_UNIX) as hung:
        if is_listening:
            place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            hung.bind(str(place.socket))
            hung.listen()
        told = tidegauge(simulator.url, "diagnose")
    assert told.code == 0
    assert told.json["running_program"] == ("silent" if is_listening else "not running")


def test_a_replay_without_readings_says_where_there_are_some(
    make_simulator: MakeSimulator, tmp_path: Path
) -> None:
    saved = tmp_path / "diagnosis.json"
    url = make_simulator().url
    assert tidegauge(url, "diagnose", "--out", str(saved)).code == 0

    told = tidegauge(url, "diagnose", "--replay", str(saved))
    assert (told.code, told.out) == (0, "")
    assert "no readings" in told.err
