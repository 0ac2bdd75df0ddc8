"""A whole life at DEBUG, then a search for its secrets in everything it left or showed."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import (
    ProcessWatch,
    RunningProgram,
    opened_arguments,
    running_program,
    sign_in_by_browser,
)
from support.sentinels import hits, hits_in_files, secrets_of_life
from support.session_keyring import stored_secrets

from app.simulator.server import Simulator

SECRET = "sentinel/with+every?kind=of&character-7f3a"
QUESTION = "the question nobody else may read"
# A library that prints all it is given, as HTTP libraries do at DEBUG.
NOISY_LIBRARY = """\
import json, logging
quiet = json.loads
def loads(text, *arguments, **options):
    logging.getLogger("noisy").debug("reading %r", text)
    return quiet(text, *arguments, **options)
json.loads = loads
"""


@pytest.mark.parametrize(
    "left",
    [
        SECRET.encode(),
        b"xy" + base64.b64encode(b"a" + SECRET.encode() + b"bc"),
        base64.urlsafe_b64encode(b"ab" + SECRET.encode() + b"c"),
        quote(SECRET, safe="").encode(),
        json.dumps({"a": SECRET}).encode(),
        SECRET.encode().hex().encode(),
        SECRET.encode("utf-16"),
        gzip.compress(SECRET.encode()),
    ],
)
def test_the_search_finds_what_was_left(left: bytes) -> None:
    """T-29: a search that finds nothing must be able to find something."""
    assert hits({"secret": SECRET}, b"before" * (left[:1] != b"\x1f") + left)
    assert not hits({"secret": SECRET}, b"before" + left[: len(left) // 2])


@contextmanager
def everything_readable() -> Iterator[None]:
    """What starts now must make its files private by itself."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.xdist_group("callback-port")
def test_a_life_at_debug_leaves_no_secret_anywhere(simulator: Simulator) -> None:
    """T-29, T-34, T-35, T-43, figure 12: sign in, poll, refresh, ask, sign out, quit."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        temporary = session.folder / "tmp"
        temporary.mkdir(mode=0o700)
        session.env["TMPDIR"] = str(temporary)
        with (
            everything_readable(),
            running_program(session, simulator, "--debug", before=NOISY_LIBRARY) as program,
            ProcessWatch(program.process.pid) as watch,
        ):
            sign_in_by_browser(session, program)
            refresh(simulator, program)
            ask(program)
            assert stored_secrets(session)
            secrets = secrets_of_life(simulator)
            assert len(secrets) >= 9, secrets
            while_running = found_on_disk(session, secrets)
            program.tray.click("Sign out…")
            program.windows.press_button("Sign out")
            program.wait_for_tooltip("Not signed in")
            wait_until(lambda: simulator.requests_to("/oauth/revoke"), 20, "the revocation")
            program.tray.click("Quit")
            assert program.wait_for_exit(10) == 0
        assert stored_secrets(session) == []
        assert not while_running
        assert not found_on_disk(session, secrets)
        assert not hits(secrets, watch.seen)
        assert not hits(secrets, "\n".join(opened_arguments(session)).encode())
        what_the_log_says(program, secrets)
        what_others_may_open(session)


def refresh(simulator: Simulator, program: RunningProgram) -> None:
    """The service refuses the token, and a new one is fetched."""
    simulator.set_used("codex", 47)
    simulator.expire_access_tokens()
    program.tray.click("Refresh now")
    program.wait_for_tooltip("47 % used")


def ask(program: RunningProgram) -> None:
    program.tray.click("Open")
    program.windows.press_button("Chat")
    program.windows.wait_for("Message", "text")
    program.type_text(QUESTION)
    program.press_key("Return")
    wait_until(lambda: program.windows.find("Send", "push button"), 30, "the end of the answer")


def found_on_disk(session: DesktopSession, secrets: dict[str, str]) -> list[str]:
    """Home, XDG folders, temporary files and what was printed: all lie below one folder."""
    return hits_in_files(secrets, [session.folder])


def what_the_log_says(program: RunningProgram, secrets: dict[str, str]) -> None:
    """It says a lot, and names neither secrets nor people nor what they asked."""
    for text in (program.log_file, program.output):
        for word in ("access_token", "rate_limit"):
            assert re.search(rf" DEBUG noisy: .*{word}", text)
        assert not hits(secrets, text.encode())
        assert "ann@example.com" not in text
        assert QUESTION not in text


def what_others_may_open(session: DesktopSession) -> None:
    """T-29: folders 0700, files 0600, whatever the umask was."""
    own = [path for path in session.folder.rglob("*") if "tidegauge" in path.parts]
    assert [path for path in own if path.is_file()]
    assert not [path for path in own if is_open_to_others(path)]


def is_open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.lstat().st_mode) & 0o077)
