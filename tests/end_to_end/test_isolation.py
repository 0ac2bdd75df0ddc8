"""Hostile folders and variables: whatever way the program is started, none of their code runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import PySide6
import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import CHECKOUT, environment_of, run_command
from support.session_keyring import store_sign_in
from support.tray_host import TrayReader

from app import APP_ID
from app.simulator.server import Simulator

# Of the standard library and of others, imported early, late, or by a child only.
_MODULES = (
    "asyncio", "dataclasses", "enum", "h11", "httpx", "jeepney", "json", "keyring", "logging",
    "qasync", "secretstorage", "select", "sitecustomize", "socket", "sqlite3", "ssl", "subprocess",
    "tomllib", "truststore", "typing", "usercustomize", "zoneinfo",
)  # fmt: skip
_PLANTED = """\
import os, sys
with open({marker!r}, "a") as file:
    file.write(f"{{__name__}} {{os.getpid()}} {{sys.flags.ignore_environment}}\\n")
"""


@dataclass
class Hostile:
    """A folder with modules in the place of others, and a copy of Qt's plugins."""

    folder: Path

    @property
    def ran(self) -> list[str]:
        """The planted modules that were imported, in order."""
        path = self.folder / "ran"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def variables(self) -> dict[str, str]:
        plugins = str(self.folder / "plugins")
        return {
            "PYTHONPATH": str(self.folder),
            "PYTHONUSERBASE": str(self.folder),
            "PYTHONPYCACHEPREFIX": str(self.folder / "cache"),
            "PYTHONSTARTUP": str(self.folder / "json.py"),
            "PYTHONINSPECT": "1",
            "QT_PLUGIN_PATH": plugins,
            "QT_QPA_PLATFORM_PLUGIN_PATH": f"{plugins}/platforms",
            "QT_QPA_GENERIC_PLUGINS": "tuiotouch",
        }


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    planted = _PLANTED.format(marker=str(tmp_path / "ran"))
    for name in _MODULES:
        (tmp_path / f"{name}.py").write_text(planted)
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text(planted)
    plugins = Path(PySide6.__file__).parent / "Qt" / "plugins"
    for kind in ("platforms", "generic"):
        shutil.copytree(plugins / kind, tmp_path / "plugins" / kind)
    return Hostile(tmp_path)


@pytest.fixture
def session(simulator: Simulator) -> Iterator[DesktopSession]:
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        yield session


def script(folder: Path) -> list[str]:
    """The console script, as installers write it."""
    path = folder / "bin" / "tidegauge"
    path.parent.mkdir()
    path.write_text(
        f"#!{sys.executable}\nimport sys\nfrom app.__main__ import main\n"
        "if __name__ == '__main__':\n    sys.exit(main())\n"
    )
    path.chmod(0o755)
    # Beside it lies what its own folder would have Python import.
    (path.parent / "httpx.py").write_text(_PLANTED.format(marker=str(folder / "ran")))
    return [str(path)]


def module(_folder: Path) -> list[str]:
    return [sys.executable, "-P", "-m", "app"]


@pytest.mark.parametrize("way", [script, module])
def test_no_planted_code_runs_in_the_tray_program(
    way: object, hostile: Hostile, session: DesktopSession, simulator: Simulator
) -> None:
    """T-48, T-50: modules, plugins, the working directory; in the program and in its children."""
    assert callable(way)
    process = session.start(
        way(hostile.folder),
        log="program",
        cwd=hostile.folder,
        env={**session.env, **environment_of(session, simulator), **hostile.variables},
    )
    reader = TrayReader(session.bus_address)
    reader.wait_for_item(30)
    # The numbers need the keyring's child, TLS, SQLite and the whole of the program.
    reader.wait_for(lambda: "86 % used" in reader.tooltip(), 30, "the numbers")
    reader.close()
    only_pythons_own(hostile, process.pid)
    maps = Path(f"/proc/{process.pid}/maps").read_text()
    assert str(hostile.folder) not in maps
    assert "libqxcb" in maps  # so a platform plugin is there: Qt's own
    assert "tuiotouch" not in maps
    assert Path(f"/proc/{process.pid}/cwd").readlink() == session.folder
    process.terminate()
    assert process.wait(30) == 0
    assert session.log("program") == ""


def only_pythons_own(hostile: Hostile, pid: int) -> None:
    """Python imports these two before the program's first line, and the program begins anew."""
    allowed = {f"{name} {pid} 0" for name in ("sitecustomize", "usercustomize")}
    assert set(hostile.ran) <= allowed, hostile.ran


@pytest.mark.parametrize("words", [["status"], ["--help"], ["config", "list"], ["--quit"]])
def test_no_planted_code_runs_in_a_command(
    words: list[str], hostile: Hostile, session: DesktopSession, simulator: Simulator
) -> None:
    """T-50: a command stays in its working directory, whose files it may be asked for."""
    with subprocess.Popen(
        [*script(hostile.folder), *words],
        cwd=hostile.folder,
        env={**session.env, **environment_of(session, simulator), **hostile.variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode in (0, 5), output  # 5: a limit is reached
    only_pythons_own(hostile, process.pid)


def test_a_planted_module_beside_a_plain_start_is_not_seen(
    hostile: Hostile, session: DesktopSession, simulator: Simulator
) -> None:
    """T-50: no variable at all, only a working directory full of files."""
    process = session.start(
        [*script(hostile.folder)],
        log="program",
        cwd=hostile.folder,
        env={**session.env, **environment_of(session, simulator)},
    )
    reader = TrayReader(session.bus_address)
    reader.wait_for_item(30)
    reader.wait_for(lambda: "86 % used" in reader.tooltip(), 30, "the numbers")
    reader.close()
    assert hostile.ran == []
    process.terminate()
    assert process.wait(30) == 0


def test_the_autostart_entry_starts_it_isolated(
    hostile: Hostile, session: DesktopSession, simulator: Simulator
) -> None:
    """T-50: as the session's launcher does it, in a session whose variables are hostile."""
    assert run_command(session, simulator, "autostart", "on").returncode == 0
    entry = Path(session.env["XDG_CONFIG_HOME"]) / "autostart" / f"{APP_ID}.desktop"
    subprocess.run(
        ["gio", "launch", os.fspath(entry)],
        env={**session.env, **environment_of(session, simulator), **hostile.variables},
        cwd=hostile.folder,
        stdout=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    reader = TrayReader(session.bus_address)
    reader.wait_for_item(30)
    reader.wait_for(lambda: "86 % used" in reader.tooltip(), 30, "the numbers")
    assert {line.split()[0] for line in hostile.ran} <= {"sitecustomize", "usercustomize"}
    assert {line.split()[2] for line in hostile.ran} <= {"0"}
    assert run_command(session, simulator, "--quit").returncode == 0
    wait_until(lambda: not reader.items(), 10, "the icon to go")
    reader.close()


@pytest.mark.parametrize(
    "words",
    [
        ["--url=https://example.com"],
        ["tidegauge://show"],
        ["-style", "windows"],
        ["-platform", "vnc"],
        ["--remote-debugging-port=9222"],
        ["-qmljsdebugger=port:3768"],
        ["--", "--show"],
    ],
    ids=" ".join,
)
def test_options_that_are_not_ours_start_nothing(words: list[str]) -> None:
    """T-48: refused with one line, before Qt is there."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=CHECKOUT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
