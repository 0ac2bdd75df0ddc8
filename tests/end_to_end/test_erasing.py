"""A whole life, then everything of it is deleted: searched for like the secrets of figure 12."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import RunningProgram, run_command, running_program
from support.sentinels import hits_in_files, secrets_of_life
from support.session_keyring import is_locked, lock, store_accounts, stored_secrets, unlock

from app.simulator.accounts import ANN, BO
from app.simulator.server import Simulator

QUESTION = "the question nobody else may read"


_STORE = """\
import secretstorage, sys
bus = secretstorage.dbus_init()
collection = secretstorage.get_default_collection(bus)
for service, name in (line.split("=") for line in sys.argv[1:]):
    collection.create_item(name, {"service": service, "username": name}, b"secret")
bus.close()
"""


def store(session: DesktopSession, *entries: str) -> None:
    """Entries "SERVICE=NAME" in the keyring, besides sign-ins."""
    subprocess.run(
        [sys.executable, "-c", _STORE, *entries], env=session.env, check=True, timeout=60
    )


def own_files(session: DesktopSession) -> list[Path]:
    """All that is left below the folders of ours, wherever they are, and what starts us."""
    return [path for path in session.folder.rglob("*") if "tidegauge" in path.as_posix().lower()]


def live(session: DesktopSession, simulator: Simulator, program: RunningProgram) -> None:
    """Poll, ask, leave a draft, change a setting, switch the start with the system on."""
    program.wait_for_tooltip("5-hour: 86 % used")
    program.tray.click("Chat")
    program.windows.wait_for("Message", "text")
    program.type_text(QUESTION)
    program.press_key("Return")
    wait_until(lambda: program.windows.find("Send", "push button"), 30, "the end of the answer")
    program.type_text("a draft")
    assert run_command(session, simulator, "config", "set", "clock", "24h").returncode == 0
    assert run_command(session, simulator, "autostart", "on").returncode == 0
    state = Path(session.env["XDG_STATE_HOME"]) / "tidegauge"
    for name in ("history.db", "conversations.db", "chat-desk.json", "log/tidegauge.log"):
        wait_until((state / name).exists, 20, name)


def nothing_is_left(session: DesktopSession, secrets: dict[str, str]) -> None:
    assert stored_secrets(session) == []
    assert own_files(session) == []
    assert not hits_in_files(secrets, [session.folder])


def test_everything_goes_from_the_window(simulator: Simulator) -> None:
    """T-43, figure 12: accounts, keyring, files, start entry, lock and log; the service is told."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_accounts(session, simulator, ANN, BO)
        with running_program(session, simulator, "--debug") as program:
            live(session, simulator, program)
            secrets = secrets_of_life(simulator)
            assert secrets
            program.tray.click("Settings")
            program.windows.press_button("Delete all my data…")
            program.windows.press_button("Delete everything")
            program.windows.wait_for("Your data is deleted", "label")
            assert len(simulator.requests_to("/oauth/revoke")) == 2
            assert stored_secrets(session) == []
            program.windows.press_button("Quit")
            assert program.wait_for_exit(10) == 0
        nothing_is_left(session, secrets | {"question": QUESTION})


def test_everything_goes_from_the_terminal_while_the_tray_runs(simulator: Simulator) -> None:
    """T-43: what is not ours stays and is named; a second time there is nothing to do."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_accounts(session, simulator, ANN)
        foreign = Path(session.env["XDG_STATE_HOME"]) / "tidegauge" / "history-notes.txt"
        with running_program(session, simulator) as program:
            live(session, simulator, program)
            secrets = secrets_of_life(simulator)
            foreign.write_text("mine")
            store(session, "Tidegauge=proxy.example", "Tidegauge=elsewhere/default/a0", "Other=x")
            refused = run_command(session, simulator, "erase")
            assert refused.returncode == 2
            assert "--yes" in refused.stderr
            ended = run_command(session, simulator, "erase", "--yes")
            assert (ended.returncode, ended.stdout) == (0, "")
            assert str(foreign) in ended.stderr
            assert program.wait_for_exit() == 0
        assert simulator.requests_to("/oauth/revoke")
        assert [one["attributes"]["service"] for one in stored_secrets(session)] == ["Other"]
        assert [path for path in own_files(session) if path.is_file()] == [foreign]
        foreign.unlink()
        assert run_command(session, simulator, "erase", "--yes").returncode == 0
        assert own_files(session) == []
        assert not hits_in_files(secrets, [session.folder])
        with running_program(session, simulator, log="anew") as program:
            program.wait_for_tooltip("Not signed in")
            program.quit()


def test_a_locked_keyring_is_told_and_the_next_try_ends_it(simulator: Simulator) -> None:
    """T-43, F-T17: without a terminal nobody is asked; what was left is found again."""
    with desktop_session("double", keyring=True) as session:
        (tokens,) = store_accounts(session, simulator, ANN)
        lock(session)
        assert is_locked(session)
        ended = run_command(session, simulator, "erase", "--yes")
        assert ended.returncode == 7
        assert "locked" in ended.stderr
        unlock(session)
        assert stored_secrets(session)
        again = run_command(session, simulator, "erase", "--yes")
        assert again.returncode == 0
        assert simulator.requests_to("/oauth/revoke")
        nothing_is_left(session, {"refresh token": tokens.refresh_token})


@pytest.mark.parametrize("argument", ["--keep-settings", "--demo"])
def test_settings_may_be_kept_and_the_demo_deletes_nothing(
    simulator: Simulator, argument: str
) -> None:
    with desktop_session("double") as session:
        run_command(session, simulator, "config", "set", "clock", "24h")
        settings = Path(session.env["XDG_CONFIG_HOME"]) / "tidegauge" / "settings.toml"
        before = settings.read_text()
        words = ["erase", "--yes", argument] if argument != "--demo" else [argument, "erase"]
        ended = run_command(session, simulator, *words)
        assert ended.returncode == (2 if argument == "--demo" else 0)
        assert settings.read_text() == before
