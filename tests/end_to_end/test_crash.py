"""The program dies of a bug in a library: what it leaves says where, and nothing it held."""

from __future__ import annotations

import os
import re
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session
from support.running_program import RunningProgram, running_program
from support.sentinels import hits, hits_in_files
from support.session_keyring import store_sign_in

from app.auth.tokens import TokenSet
from app.simulator.server import Simulator


def secrets_in(tokens: TokenSet) -> dict[str, str]:
    return {
        "access token": tokens.access_token,
        "signature": tokens.access_token.rpartition(".")[2],
        "refresh token": tokens.refresh_token,
    }


@contextmanager
def core_dumps_allowed() -> Iterator[None]:
    """What starts now could leave one, and has to see to it itself that it does not."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def limits_of(pid: int) -> dict[str, list[str]]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): line[26:].split()[:2] for line in lines}


def test_a_crash_leaves_frames_and_nothing_else(simulator: Simulator) -> None:
    """T-33: SIGSEGV while signed in, at DEBUG, with Python's own fault handler switched on."""
    with desktop_session("double", keyring=True) as session:
        tokens = store_sign_in(session, simulator)
        session.env["PYTHONFAULTHANDLER"] = "1"
        with core_dumps_allowed(), running_program(session, simulator, "--debug") as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            assert limits_of(program.process.pid)["Max core file size"] == ["0", "0"]
            before = files_in(session)
            assert how_it_ended(program) == os.CLD_KILLED  # not CLD_DUMPED
        assert "Fatal Python error: Segmentation fault" in program.output
        assert re.search(r'File ".*", line \d+ in \w+', program.output)
        assert not hits(secrets_in(tokens), program.output.encode())
        left = files_in(session) - before
        assert not [path for path in left if "core" in path.name]
        keyrings = session.folder / "data" / "keyrings"
        assert not hits_in_files(secrets_in(tokens), [session.folder], without=[keyrings])


def how_it_ended(program: RunningProgram) -> int:
    pid = program.process.pid
    os.kill(pid, signal.SIGSEGV)
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    assert ended.si_status == signal.SIGSEGV
    return ended.si_code


def files_in(session: DesktopSession) -> set[Path]:
    return {path for path in session.folder.rglob("*") if path.is_file()}
