"""`tidegauge config` for proxies and certificates, against a real keyring."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme
from support.command_line import ROOT, tidegauge
from support.secret_service import SecretService
from support.sentinels import hits_in_files

from app.auth.keyring_text import KeyringText
from app.paths import Paths

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

PASSWORD = "sentinel-password-7c1e"
ADDRESS = "socks5://ann@proxy.example:1080"
TYPED = f"socks5://ann:{PASSWORD}@proxy.example:1080"


@pytest.fixture
def settings_file(private_home: Path) -> Iterator[Path]:
    yield Paths.of_user(os.environ).settings_file
    assert not hits_in_files({"password": PASSWORD}, [private_home])


def stored() -> str:
    return asyncio.run(KeyringText("tidegauge://network", "proxy").read()) or ""


@pytest.mark.parametrize("reads_stdin", [False, True])
def test_a_password_goes_to_the_keyring(
    keyring: SecretService, settings_file: Path, reads_stdin: bool
) -> None:
    """T-39: with - it stands in no list of commands either."""
    value, given = ("-", f"{TYPED}\n") if reads_stdin else (TYPED, "")
    ended = tidegauge("", "config", "set", "proxy", value, given=given)
    assert (ended.code, ended.out, ended.err) == (0, f"proxy = {ADDRESS}\n", "")
    assert settings_file.read_text() == f'proxy = "{ADDRESS}"\n'
    assert tidegauge("", "config", "get", "proxy").out == f"{ADDRESS}\n"
    assert PASSWORD not in tidegauge("", "config", "list", "--json").out
    assert PASSWORD in stored()


@pytest.mark.parametrize("words", [("reset", "proxy"), ("set", "proxy", "http://p:1")])
def test_it_goes_with_its_proxy(
    keyring: SecretService, settings_file: Path, words: tuple[str, ...]
) -> None:
    tidegauge("", "config", "set", "proxy", TYPED)
    assert tidegauge("", "config", *words).code == 0
    assert stored() == ""
    assert tidegauge("", "config", "set", "proxy", TYPED).code == 0
    keyring.lock()
    ended = tidegauge("", "config", *words)
    assert ended.code == 0
    assert "may still be" in ended.err
    keyring.unlock()
    tidegauge("", "config", "set", "proxy", TYPED)
    assert PASSWORD in stored()


@pytest.mark.parametrize("state", ["locked", "missing"])
def test_without_a_keyring_nothing_changes(
    keyring: SecretService, settings_file: Path, state: str
) -> None:
    """Named, and no half of it is done: there is no session in which it could hold."""
    if state == "locked":
        keyring.lock()
    else:
        keyring.stop_keyring()
    ended = tidegauge("", "config", "set", "proxy", TYPED)
    assert ended.code == 7
    assert "nothing has changed" in ended.err
    assert PASSWORD not in ended.err
    assert not settings_file.exists()


def test_a_password_in_the_file_is_moved_with_the_next_change(
    keyring: SecretService, settings_file: Path
) -> None:
    settings_file.parent.mkdir(mode=0o700, parents=True)
    settings_file.write_text(f'proxy = "{TYPED}"\nunknown = 1\n')
    assert tidegauge("", "config", "get", "proxy").out == f"{ADDRESS}\n"
    keyring.lock()
    before = settings_file.read_text()
    assert tidegauge("", "config", "set", "clock", "24h").code == 7
    assert settings_file.read_text() == before  # nothing is lost
    keyring.unlock()
    assert tidegauge("", "config", "set", "clock", "24h").code == 0
    assert PASSWORD in stored()
    assert settings_file.read_text() == f'proxy = "{ADDRESS}"\nunknown = 1\nclock = "24h"\n'


@pytest.mark.parametrize("typed", [f"socks4://ann:{PASSWORD}@p:1", f"http://:{PASSWORD}@", "a b"])
def test_an_address_that_cannot_be_read(settings_file: Path, typed: str) -> None:
    ended = tidegauge("", "config", "set", "proxy", typed)
    assert ended.code == 2
    assert "socks5://proxy.example:1080" in ended.err
    assert PASSWORD not in ended.err
    assert not settings_file.exists()


def test_certificates(settings_file: Path, tmp_path: Path) -> None:
    ended = tidegauge("", "config", "set", "ca_file", str(tmp_path / "missing.pem"))
    assert ended.code == 2
    assert "no such file" in ended.err
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "own.pem"))
    ended = tidegauge("", "config", "set", "ca_file", str(tmp_path / "x" / ".." / "own.pem"))
    assert (ended.code, ended.out) == (0, f"ca_file = {tmp_path}/own.pem\n")
    assert tidegauge("", "config", "reset", "ca_file").out == 'ca_file = ""\n'


@pytest.mark.usefixtures("settings_file")
def test_any_value_may_come_from_standard_input() -> None:
    assert tidegauge("", "config", "set", "clock", "-", given="24h\r\n").out == "clock = 24h\n"
    assert tidegauge("", "config", "set", "clock", "-").code == 2
    text = "First line.\n\nLast line."
    tidegauge("", "config", "set", "chat_instructions", "-", given=f"{text}\n")
    assert tidegauge("", "config", "get", "chat_instructions").out == f"{text}\n"


@pytest.mark.usefixtures("settings_file")
def test_at_a_terminal_it_is_asked_for_and_not_shown() -> None:
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "config", "set", "clock", "-"],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,  # no terminal but this one
            bufsize=0,
        )
        assert process.stderr is not None
        asked = process.stderr.read(10).decode()
        os.write(master, b"24h\n")
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, b"clock = 24h\n")
        assert (asked + err.decode()).strip() == "The new value (it is not shown):"
        os.set_blocking(master, False)
        with suppress(BlockingIOError):
            assert b"24h" not in os.read(master, 100)
    finally:
        os.close(master)
        os.close(slave)
