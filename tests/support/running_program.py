"""Starts the real program in a desktop session and looks at it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from support.accessible_tree import FOCUSED, AccessibleProgram
from support.desktop_session import DesktopSession, wait_until
from support.stalls import code_within
from support.tray_host import TrayReader

from app.simulator.server import Simulator
from app.simulator.visitor import visit

CHECKOUT = Path(__file__).resolve().parents[2]
EXIT_LIMIT_S = 2.0  # F-D06, F-D24
_BY_ITSELF_S = 30.0  # start, sign-in and first numbers on a busy machine

_START = "import sys; from app.__main__ import main; sys.exit(main())"

Shoot = Callable[[DesktopSession, str], None]  # the fixture `shoot` of the end-to-end tests

_OPENER = """#!/bin/sh
for word in "$0" "$@"; do printf '%s\\n' "$word"; done > "$HOME/opened.new"
mv "$HOME/opened.new" "$HOME/opened"
"""


@dataclass
class RunningProgram:
    """One start of the program. `output` must stay empty: the program has nothing to say."""

    session: DesktopSession
    process: subprocess.Popen[bytes]
    log: str
    _stack: ExitStack = field(repr=False, default_factory=ExitStack)
    _windows: AccessibleProgram | None = None
    _tray: TrayReader | None = None

    @property
    def tray(self) -> TrayReader:
        """The item in a StatusNotifier host."""
        if self._tray is None:
            self._tray = TrayReader(self.session.bus_address)
            self._stack.callback(self._tray.close)
        return self._tray

    @property
    def windows(self) -> AccessibleProgram:
        """What is on the screen; the session must have been started with accessibility."""
        if self._windows is None:
            self._windows = AccessibleProgram(self.session.bus_address, self.process.pid)
            self._stack.callback(self._windows.close)
        return self._windows

    @property
    def output(self) -> str:
        """Everything printed so far, both streams."""
        return self.session.log(self.log)

    @property
    def log_file(self) -> str:
        """The program's own log; empty if there is none."""
        path = Path(self.session.env["XDG_STATE_HOME"]) / "tidegauge" / "log" / "tidegauge.log"
        return path.read_text() if path.exists() else ""

    def wait_for_tooltip(self, *texts: str, seconds: float = _BY_ITSELF_S) -> str:
        """The tooltip, as soon as it holds all of `texts`."""
        self.tray.wait_for_item(seconds)

        def found() -> str:
            tooltip = self.tray.tooltip()
            return tooltip if all(text in tooltip for text in texts) else ""

        try:
            return self.tray.wait_for(found, seconds)
        except AssertionError:
            message = f"no {texts} in {self.tray.tooltip()!r}; printed: {self.output}"
            raise AssertionError(message) from None

    def type_text(self, text: str) -> None:
        """Type on the keyboard, into what has the focus, once something has it."""
        wait_until(self._has_focus, 20, "keyboard focus")
        subprocess.run(["xdotool", "type", "--delay", "5", text], env=self.session.env, check=True)

    def press_key(self, key: str) -> None:
        subprocess.run(["xdotool", "key", key], env=self.session.env, check=True)

    def _has_focus(self) -> bool:
        return any(FOCUSED in node.states for node in self.windows.nodes())

    def children(self) -> list[int]:
        """The ids of the processes it started that still run."""
        return children_of(self.process.pid)

    def wait_for_exit(self, seconds: float = EXIT_LIMIT_S) -> int:
        """The exit code; fails if the program takes longer than `seconds` of its own to end."""
        code = code_within(seconds, self.process)
        if code is None:
            message = f"still running after {seconds} s; printed: {self.output}"
            raise AssertionError(message)
        return code

    def quit(self) -> None:
        """Choose Quit in the menu and hold the program to a clean end (F-D06, F-D24)."""
        children = self.children()
        self.tray.click("Quit")
        self.assert_clean_end(children)

    def end(self, number: int, seconds: float = EXIT_LIMIT_S) -> None:
        """Send a signal to the program, and only to it, and hold it to the same end."""
        children = self.children()
        os.kill(self.process.pid, number)
        self.assert_clean_end(children, seconds)

    def assert_clean_end(self, children: list[int], seconds: float = EXIT_LIMIT_S) -> None:
        """Exit code 0 in time, nothing printed, no error logged, none of `children` left."""
        code = self.wait_for_exit(seconds)
        assert code == 0, (code, self.output, self.log_file)
        assert self.output == "", self.output
        log = self.log_file
        assert not [line for line in log.splitlines() if " ERROR " in line], log
        assert "py.warnings" not in log, log
        left = {child: command_of(child) for child in children if is_running(child)}
        assert not left, left


@contextmanager
def running_program(
    session: DesktopSession,
    simulator: Simulator | None,
    *arguments: str,
    log: str = "program",
    before: str = "",
) -> Iterator[RunningProgram]:
    """`python -m app ARGUMENTS` in the session, pointed at the simulator, warnings shown.

    Its browser is a script that only notes the address: see `opened_address`. `before`: Python
    that runs in its process first, to look at it from within.
    """
    start = ["-c", f"{before}\n{_START}"] if before else ["-m", "app"]
    process = session.start(
        [sys.executable, "-W", "default", *start, *arguments],
        log=log,
        cwd=CHECKOUT,
        env={**session.env, **environment_of(session, simulator)},
    )
    with ExitStack() as stack:
        yield RunningProgram(session, process, log, stack)


def environment_of(session: DesktopSession, simulator: Simulator | None) -> dict[str, str]:
    """What the program needs beside the session: the service's address and a browser."""
    opener = session.folder / "browser"
    opener.write_text(_OPENER)
    opener.chmod(0o700)
    where = {}
    if simulator is not None:
        where = {"TIDEGAUGE_AUTH_URL": simulator.url, "TIDEGAUGE_BACKEND_URL": simulator.url}
    return {"BROWSER": str(opener), **where}


def opened_arguments(session: DesktopSession, seconds: float = 20.0) -> list[str]:
    """All arguments the browser was started with, its own name first; waits for the start."""
    note = session.folder / "opened"
    wait_until(note.exists, seconds, "the browser")
    return note.read_text().splitlines()


def opened_address(session: DesktopSession) -> str:
    """The address the program wanted to be opened."""
    return opened_arguments(session)[-1]


def sign_in_by_browser(session: DesktopSession, program: RunningProgram) -> None:
    """From "Not signed in" to the first numbers, with the browser and the program's own words."""
    program.wait_for_tooltip("Not signed in")
    program.tray.click("Sign in")
    program.windows.press_button("Use my browser")
    assert visit(opened_address(session)).status == 200
    program.windows.press_button("Use this account")
    program.wait_for_tooltip("5-hour: 86 % used")


def run_command(
    session: DesktopSession,
    simulator: Simulator | None,
    *arguments: str,
    seconds: float = 60.0,
) -> subprocess.CompletedProcess[str]:
    """`python -m app ARGUMENTS` in the session, to its end."""
    return subprocess.run(
        [sys.executable, "-W", "default", "-m", "app", *arguments],
        cwd=CHECKOUT,
        env={**session.env, **environment_of(session, simulator)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def children_of(pid: int) -> list[int]:
    """The ids of the processes started by this one that have not been collected yet."""
    found = []
    with suppress(OSError):  # it ended meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def command_of(pid: int) -> str:
    """Its words; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    """False for one that is gone, or has ended and only waits to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class ProcessWatch:
    """Collects arguments and environments of a process and all it starts, however short-lived.

    `with ProcessWatch(pid) as watch: …`, then `watch.seen`: everything that any program of the
    same user could read about them.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._seen: set[bytes] = set()

    def __enter__(self) -> ProcessWatch:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def seen(self) -> bytes:
        return b"\n".join(self._seen)

    def _run(self) -> None:
        while not self._ended.wait(0.01):
            self._look_at(self._pid)

    def _look_at(self, pid: int) -> None:
        folder = Path(f"/proc/{pid}")
        with suppress(OSError):
            self._seen.add((folder / "cmdline").read_bytes())
            self._seen.add((folder / "environ").read_bytes())
        for child in children_of(pid):
            self._look_at(child)


def hold_for(seconds: float, holds: Callable[[], object]) -> None:
    """Fails as soon as `holds()` is false within `seconds`: for what must not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert holds()
        time.sleep(0.02)
