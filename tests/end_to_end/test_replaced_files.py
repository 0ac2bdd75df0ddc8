"""An update under the running program: said in words, survived, and a restart that leads out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import CHECKOUT, RunningProgram, environment_of
from support.session_keyring import store_sign_in

from app import VERSION
from app.simulator.server import Simulator

_SCRIPT = """#!{python} -P
import sys
sys.path.insert(0, {folder!r})
from app.__main__ import main
sys.exit(main())
"""


@dataclass
class Installation:
    """A copy of the program with a command of its own, as an installer of packages makes it."""

    folder: Path

    @property
    def command(self) -> Path:
        return self.folder / "bin" / "tidegauge"

    @property
    def package(self) -> Path:
        return self.folder / "code" / "app"

    @classmethod
    def made_in(cls, folder: Path) -> Installation:
        installation = cls(folder)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        packages = sysconfig.get_path("purelib", vars={"base": str(folder)})
        (Path(packages) / "of_tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
        code = installation.package.parent
        for name in ("app", "resources"):
            shutil.copytree(CHECKOUT / name, code / name)  # what was compiled, too
        python = folder / "bin" / "python"
        installation.command.write_text(_SCRIPT.format(python=python, folder=str(code)))
        installation.command.chmod(0o755)
        return installation

    def update(self) -> None:
        """Another version, whose panel asks more of the state's module than the old one has."""
        for name, old, new in (
            ("__init__.py", f'VERSION = "{VERSION}"', 'VERSION = "99.0"'),
            ("state.py", "\n\nclass SessionStatus(", "\n\nNEWER = True\n\n\nclass SessionStatus("),
            (
                "ui/panel.py",
                "from app.state import AppState\n",
                "from app.state import NEWER, AppState\n",
            ),
        ):
            text = (self.package / name).read_text("utf-8")
            assert old in text
            newer = self.package / f"{name}.new"
            newer.write_text(text.replace(old, new), "utf-8")
            os.replace(newer, self.package / name)

    def told(self, session: DesktopSession, *arguments: str) -> str:
        done = subprocess.run(
            [self.command, *arguments], env=session.env, capture_output=True, text=True, check=False
        )
        return done.stdout


@pytest.fixture
def session() -> Iterator[DesktopSession]:
    with desktop_session("double", keyring=True, accessibility=True) as session:
        yield session


@pytest.fixture
def installation(session: DesktopSession) -> Installation:
    return Installation.made_in(session.folder / "installed")


@pytest.fixture
def program(
    session: DesktopSession, installation: Installation, simulator: Simulator
) -> Iterator[RunningProgram]:
    store_sign_in(session, simulator)
    environment = {**session.env, **environment_of(session, simulator)}
    process = session.start(
        [str(installation.command), "--autostarted"], log="program", cwd="/", env=environment
    )
    with ExitStack() as stack:
        yield RunningProgram(session, process, "program", stack)


def words_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")


def test_a_restart_leads_to_the_new_version(
    program: RunningProgram, installation: Installation, session: DesktopSession
) -> None:
    """The old one asks before it imports anything newer; the new one shows its panel, and ends
    when it is told to: nothing the old one ignored at its end is ignored still."""
    program.wait_for_tooltip("5-hour: 86 % used")
    installation.update()
    program.tray.activate()
    program.windows.wait_for_words("Tidegauge was updated")
    assert "Tidegauge: limits" not in program.windows.windows()
    program.windows.press_button("Restart")

    wait_until(lambda: "--show" in words_of(program.process.pid), 30, "the new program")
    fresh = RunningProgram(session, program.process, "program", ExitStack())
    with fresh._stack:
        fresh.wait_for_tooltip("5-hour: 86 % used")
        wait_until(lambda: "Tidegauge: limits" in fresh.windows.windows(), 30, "its panel")
        assert "Tidegauge was updated" not in fresh.windows.words()
        assert "99.0" in installation.told(session, "--version")
        assert "another version has taken the place" in fresh.log_file
        fresh.end(signal.SIGTERM)


def test_not_now_is_survived_whatever_fails(
    program: RunningProgram, installation: Installation
) -> None:
    """F-D23: the newer panel does not fit the older program. It says so, goes on, asks again."""
    program.wait_for_tooltip("5-hour: 86 % used")
    installation.update()
    program.tray.activate()
    program.windows.wait_for_words("Tidegauge was updated")
    program.windows.press_button("Not now")
    wait_until(lambda: "cannot import name 'NEWER'" in program.log_file, 20, "the failure")
    program.tray.activate()
    program.windows.wait_for_words("Tidegauge was updated")
    assert "86 %" in program.tray.tooltip()
    assert program.output == ""
    program.tray.click("Quit")
    assert program.wait_for_exit() == 0
