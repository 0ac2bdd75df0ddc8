"""The real sign-in window on a private desktop, as an ordinary user with the sandbox on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from support.desktop_session import DesktopSession, wait_until
from support.sign_in_pages import Pages
from support.stalls import Patience

from app.auth.window_process import window_command
from app.embedded_window import Ending, Opening, read_ending, write_opening
from app.wording.sign_in_window import window_words

CHECKOUT = Path(__file__).resolve().parents[2]
LIMIT_S = 30.0
TITLE = "Tidegauge: sign in"
REDIRECT = "http://localhost:1455/auth/callback"


def as_ordinary_user(command: Sequence[str]) -> list[str]:
    """Chromium's sandbox does not work for root; in a user namespace it does."""
    if os.geteuid() != 0:
        return list(command)
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]


def may_use_sandbox() -> bool:
    """Whether this system lets anybody make the user namespaces Chromium's sandbox is made of.

    In a chroot the kernel refuses, and some systems refuse to all but root.
    """
    probe = ["unshare", "--user", "--map-user=1000", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


class Window:
    """One run of the window's process."""

    def __init__(self, session: DesktopSession, process: subprocess.Popen[bytes]) -> None:
        self._session = session
        self.process = process

    def wait_until_shown(self, count: int = 1) -> list[str]:
        """The ids of its windows on the screen, once there are `count`."""
        wait_until(lambda: len(self.windows()) >= count, LIMIT_S, "the window")
        return self.windows()

    def windows(self) -> list[str]:
        search = ["xdotool", "search", "--onlyvisible", "--name", TITLE]
        found = subprocess.run(search, env=self._session.env, capture_output=True, check=False)
        return found.stdout.decode().split()

    def press(self, *keys: str) -> None:
        subprocess.run(["xdotool", "key", *keys], env=self._session.env, check=True)

    def press_until(self, holds: Callable[[], object], *keys: str) -> None:
        """Press `keys` every half second until `holds()`: a page may need a moment to listen."""
        patience = Patience(LIMIT_S)
        while not holds():
            assert not patience.is_over(), f"{keys} had no effect"
            self.press(*keys)
            with suppress(AssertionError):
                wait_until(holds, 0.5)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ending(self, seconds: float = LIMIT_S) -> Ending:
        """How it ended; waits for the end of the process."""
        assert self.process.stdout is not None
        self.process.wait(seconds)
        assert self.process.returncode == 0, self._session.log("window")
        return read_ending(self.process.stdout.read())


def local(pages: Pages, path: str = "/") -> str:
    """The address at which the window finds a page of `pages`."""
    return f"http://127.0.0.1:{pages.port}{path}"


def opening(address: str, **more: object) -> Opening:
    """What the program would tell its window, to begin at `address`."""
    return replace(Opening(address, REDIRECT, window_words()), **more)  # type: ignore[arg-type]


@contextmanager
def shown_window(
    session: DesktopSession,
    opening: Opening,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = (),
) -> Iterator[Window]:
    """The window's process with `opening`; ended at the end of the block at the latest.

    `command` starts another program's window than the checkout's.
    """
    errors = (session.folder / "window.log").open("wb")
    process = session.start(
        as_ordinary_user(command or _measured(window_command())),
        log="window-process",
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**session.env, **(environment or {})},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(write_opening(opening))
        process.stdin.flush()
        yield Window(session, process)
    finally:
        process.stdin.close()
        process.wait(LIMIT_S)
        process.stdout.close()
        errors.close()


def _measured(command: list[str]) -> list[str]:
    """The same, with its coverage written beside that of the tests where they are measured."""
    data = os.environ.get("COVERAGE_FILE")
    if not data:
        return command
    place = command.index("-c") + 1
    options = {
        "data_file": data,
        "data_suffix": True,
        "branch": True,
        "source": [str(CHECKOUT / "app")],
        "context": "tests/end_to_end/window",
    }
    begin = f"import coverage; measured = coverage.Coverage(**{options!r}); measured.start()"
    return [
        *command[:place],
        f"{begin}\n{command[place]}\nmeasured.stop(); measured.save()",
        *command[place + 1 :],
    ]


def family_of(pid: int) -> list[int]:
    """The process and everything below it."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family_of(int(child))
    return found


def arguments_of(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def renderers_of(pid: int) -> list[int]:
    """Its processes that run what pages bring; Chromium writes their arguments as one."""
    return [one for one in family_of(pid) if "--type=renderer" in " ".join(arguments_of(one))]


def listening_ports(pids: Sequence[int]) -> list[str]:
    """The TCP ports that any of these processes listens on."""
    sockets = set()
    for pid in pids:
        with suppress(OSError):
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    sockets.add(os.readlink(descriptor))
    ports = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in sockets:
                ports.append(columns[1])
    return ports


def run_as_ordinary_user(
    session: DesktopSession, script: str, seconds: float = LIMIT_S
) -> subprocess.CompletedProcess[str]:
    """A piece of Python in the session, to its end."""
    return subprocess.run(
        as_ordinary_user([sys.executable, "-c", script]),
        cwd=CHECKOUT,
        env=session.env,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
