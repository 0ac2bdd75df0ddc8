"""A proxy's password that somebody wrote into the settings file, in the running program."""

from __future__ import annotations

from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import ProcessWatch, hold_for, run_command, running_program
from support.sentinels import hits, hits_in_files
from support.session_keyring import lock, store_sign_in, stored_secrets, unlock

from app.simulator.server import Simulator

FIRST, SECOND = "sentinel-password-51d0", "sentinel-password-52e1"
KEPT = 'clock = "24h"\nproxy = "socks5://ann@proxy.invalid:1080"\n'


def typed(password: str) -> str:
    return KEPT.replace("ann@", f"ann:{password}@")


def is_gone(session: DesktopSession) -> bool:
    try:
        found = stored_secrets(session)
    except AssertionError:  # one went while it was read
        return False
    return not any(one["attributes"]["username"].startswith("network/") for one in found)


def test_it_moves_to_the_keyring_and_is_nowhere_else(simulator: Simulator) -> None:
    """T-29, T-34, T-39: not in a log at DEBUG, an argument, an environment or a file."""
    secrets = {"first": FIRST, "second": SECOND}
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        file = Path(session.env["XDG_CONFIG_HOME"]) / "tidegauge" / "settings.toml"
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(typed(FIRST))

        def is_kept(password: str) -> bool:
            return any(password in one["secret"] for one in stored_secrets(session))

        with (
            running_program(session, simulator, "--debug") as program,
            ProcessWatch(program.process.pid) as watch,
        ):
            program.wait_for_tooltip("5-hour: 86 % used")
            wait_until(lambda: file.read_text() == KEPT, 20, "a file without it")
            assert is_kept(FIRST)
            assert not hits(secrets, run_command(session, simulator, "diagnose").stdout.encode())

            lock(session)
            file.write_text(typed(SECOND))  # once more, while nothing can be kept
            hold_for(2, lambda: file.read_text() == typed(SECOND))
            unlock(session)
            wait_until(lambda: file.read_text() == KEPT, 20, "a file without it")
            assert is_kept(SECOND)
            assert not is_kept(FIRST)

            file.write_text('clock = "24h"\n')  # and by hand it is taken away
            wait_until(lambda: is_gone(session), 20, "an entry that is gone")
            assert not is_kept(SECOND)
            program.tray.click("Quit")
            assert program.wait_for_exit(10) == 0
        assert not hits(secrets, watch.seen)
        assert not hits_in_files(secrets, [session.folder])
