"""Sixty-odd surroundings in which something a program counts on is missing or wrong (figure 24).

Each is a change of a healthy home, of the environment, or of what the process may do. What must
come of it stands beside it: an icon with the numbers, one without them, or one clear line.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

NUMBERS = "the icon with its numbers"
ICON = "the icon"
WINDOW = "the panel as a window"
TERMINAL = "a line on why, and the numbers at the terminal"
LINE = "one line, and the end"


@dataclass
class Start:
    """What a start finds; `before_exec` runs in the new process, `mounts` is what a shell does
    there to the file systems that it alone sees."""

    folder: Path
    env: dict[str, str]
    before_exec: Callable[[], object] | None = None
    mounts: str = ""

    def command(self, command: list[str]) -> list[str]:
        """`command`, in a name space of its own if it needs one."""
        if not self.mounts:
            return command
        user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
        inside = ["sh", "-c", f'set -e; {self.mounts}; exec "$@"', "sh"]
        return ["unshare", *user, "--mount", *inside, *command]

    def home(self, variable: str) -> Path:
        """The program's own folder below an XDG base."""
        return Path(self.env[variable]) / "tidegauge"

    def write(self, variable: str, name: str, content: bytes | str) -> Path:
        path = self.home(variable) / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@dataclass(frozen=True)
class BrokenStart:
    name: str
    prepare: Callable[[Start], object]
    outcome: str = NUMBERS
    says: str = ""  # part of the line, or of what may be printed beside the icon
    allows: tuple[str, ...] = field(default=())  # beginnings of lines that libraries print


BASES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


def _set(**changes: str) -> Callable[[Start], object]:
    return lambda start: start.env.update(changes)


def _unset(*names: str) -> Callable[[Start], object]:
    return lambda start: [start.env.pop(name, None) for name in names]


def _bases_below_home(start: Start) -> None:
    _unset(*BASES)(start)
    start.env["HOME"] = str(start.folder)


def _bases(**changes: str) -> Callable[[Start], object]:
    """Bases that mean nothing, so that the ones below the home count."""

    def prepare(start: Start) -> None:
        _bases_below_home(start)
        start.env.update(changes)

    return prepare


def _new_home(start: Start) -> None:
    _bases_below_home(start)
    start.env["HOME"] = str(start.folder / "not" / "there")


def _home_is_a_file(start: Start) -> None:
    _bases_below_home(start)
    path = start.folder / "file"
    path.write_text("")
    start.env["HOME"] = str(path)


def _file_for(variable: str) -> Callable[[Start], object]:
    def prepare(start: Start) -> None:
        path = start.folder / "in-the-way"
        path.write_text("")
        start.env[variable] = str(path)

    return prepare


def _foreign(variable: str) -> Callable[[Start], object]:
    """The folder exists and belongs to another user."""

    def prepare(start: Start) -> None:
        path = start.home(variable)
        path.mkdir(mode=0o700, parents=True)
        os.chown(path, 12345, 12345)

    return prepare


def _open_to_all(start: Start) -> None:
    for variable in BASES:
        path = start.home(variable)
        path.mkdir(parents=True)
        path.chmod(0o777)


def _runtime(mode: int) -> Callable[[Start], object]:
    def prepare(start: Start) -> None:
        path = start.folder / "runtime"
        path.mkdir()
        path.chmod(mode)
        start.env["XDG_RUNTIME_DIR"] = str(path)

    return prepare


def _settings(content: bytes | str) -> Callable[[Start], object]:
    return lambda start: start.write("XDG_CONFIG_HOME", "settings.toml", content)


def _settings_is_a(make: Callable[[Path], object]) -> Callable[[Start], object]:
    def prepare(start: Start) -> None:
        path = start.write("XDG_CONFIG_HOME", "settings.toml", "")
        path.unlink()
        make(path)

    return prepare


def _history(content: bytes) -> Callable[[Start], object]:
    return lambda start: start.write("XDG_STATE_HOME", "history.sqlite3", content)


def _foreign_database(statement: str) -> Callable[[Start], object]:
    def prepare(start: Start) -> None:
        path = _history(b"")(start)
        connection = sqlite3.connect(str(path))
        connection.executescript(statement)
        connection.close()

    return prepare


def _state_is_a_folder(name: str) -> Callable[[Start], object]:
    return lambda start: (start.home("XDG_STATE_HOME") / name).mkdir(parents=True, mode=0o700)


def _limited(kind: int, amount: int) -> Callable[[Start], object]:
    def prepare(start: Start) -> None:
        start.before_exec = lambda: resource.setrlimit(kind, (amount, amount))

    return prepare


def _umask(start: Start) -> None:
    start.before_exec = lambda: os.umask(0o777)


def _lost_folder(start: Start) -> None:
    """The working directory is removed under the process."""
    folder = start.folder / "gone"
    folder.mkdir()

    def enter() -> None:
        os.chdir(folder)
        os.rmdir(folder)

    start.before_exec = enter
    start.env["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])


def _read_only(*variables: str) -> Callable[[Start], object]:
    """Folders of a disk that can only be read; what is in them can be."""

    def prepare(start: Start) -> None:
        start.write("XDG_CONFIG_HOME", "settings.toml", 'language = "en"\n')
        folders = [start.env[variable] for variable in variables]
        for folder in folders:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        start.mounts = "; ".join(
            f'mount --bind "{folder}" "{folder}"; mount -o remount,bind,ro "{folder}"'
            for folder in folders
        )

    return prepare


def _full(start: Start) -> None:
    """A disk of its own for each folder, and not a byte free on any of them."""
    for variable in BASES:
        Path(start.env[variable]).mkdir(mode=0o700, parents=True)
    start.mounts = "; ".join(
        f'mount -t tmpfs -o size=64k,mode=700 none "{start.env[variable]}"; '
        f'mkdir -m 700 "{start.env[variable]}/tidegauge"; '
        f'cat /dev/zero > "{start.env[variable]}/filler" 2> /dev/null || true'
        for variable in BASES
    )


def can_mount() -> bool:
    """Whether this system lets a test have file systems of its own."""
    probe = Start(Path("/"), {}, mounts="mount -t tmpfs none /mnt").command(["true"])
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _closed(*streams: int) -> Callable[[Start], object]:
    def prepare(start: Start) -> None:
        def close() -> None:
            for stream in streams:
                os.close(stream)

        start.before_exec = close

    return prepare


_LATER = "PRAGMA user_version = 9000; CREATE TABLE t (x);"
_OTHER = "PRAGMA application_id = 77; CREATE TABLE notes (x); INSERT INTO notes VALUES (1);"
_QT = ("qt.", "QStandardPaths:")
_NO_LOG = ("20",)  # F-D27: without a log file, warnings stand on the error stream with their times

BROKEN_STARTS = (
    # F-D10: folders
    BrokenStart("no XDG bases", _bases_below_home),
    BrokenStart("a home that is not there yet", _new_home),
    BrokenStart("a home that is a file", _home_is_a_file, ICON, allows=_NO_LOG),
    BrokenStart("a relative HOME beside good bases", _set(HOME="home")),
    BrokenStart("an empty HOME beside good bases", _set(HOME="")),
    BrokenStart("relative bases", _bases(XDG_CONFIG_HOME="c", XDG_STATE_HOME="s")),
    BrokenStart("empty bases", _bases(**dict.fromkeys(BASES, ""))),
    BrokenStart("a relative TIDEGAUGE_HOME", _set(TIDEGAUGE_HOME="here"), LINE, "TIDEGAUGE_HOME"),
    *(BrokenStart(f"a file for {base}", _file_for(base), allows=_NO_LOG) for base in BASES),
    *(BrokenStart(f"another's folder in {base}", _foreign(base)) for base in BASES),
    BrokenStart("folders open to everybody", _open_to_all),
    BrokenStart("a umask that takes everything", _umask),
    # F-D11: the runtime folder
    BrokenStart("no runtime folder", _unset("XDG_RUNTIME_DIR"), allows=_QT),
    BrokenStart("a relative runtime folder", _set(XDG_RUNTIME_DIR="run"), allows=_QT),
    BrokenStart(
        "a runtime folder that is not there", _set(XDG_RUNTIME_DIR="/no/such/folder"), allows=_QT
    ),
    BrokenStart("a runtime folder open to everybody", _runtime(0o777), allows=_QT),
    BrokenStart("a runtime folder one may not enter", _runtime(0o000), allows=_QT),
    # F-D12: languages
    BrokenStart("LANG=C", _set(LANG="C", LC_ALL="C")),
    BrokenStart("no language", _unset("LANG", "LC_ALL", "LANGUAGE")),
    BrokenStart("POSIX and Latin-1 streams", _set(LC_ALL="POSIX", PYTHONIOENCODING="latin1")),
    BrokenStart("a language that is not installed", _set(LC_ALL="xx_YY.UTF-8"), allows=_QT),
    BrokenStart("Turkish", _set(LC_ALL="tr_TR.UTF-8"), allows=_QT),
    BrokenStart("Arabic digits", _set(LC_ALL="ar_EG.UTF-8"), allows=_QT),
    BrokenStart("another encoding", _set(LC_ALL="zh_CN.GB18030"), allows=_QT),
    BrokenStart("a language list of rubbish", _set(LANGUAGE=":::@@:")),
    # F-D21: settings
    BrokenStart("settings: empty", _settings("")),
    BrokenStart("settings: no TOML", _settings("= = =")),
    BrokenStart("settings: binary", _settings(bytes(range(256)))),
    BrokenStart("settings: huge", _settings(b"#" * (2 << 20))),
    BrokenStart("settings: deep", _settings("x = " + "[" * 50_000)),
    BrokenStart("settings: values of other types", _settings("poll_idle_s = 'x'\nlanguage = 7\n")),
    BrokenStart("settings: of a later version", _settings("[future]\nkey = 1\n")),
    BrokenStart("settings: a folder", _settings_is_a(os.mkdir)),
    BrokenStart("settings: a pipe", _settings_is_a(os.mkfifo)),
    BrokenStart("settings: a link to nowhere", _settings_is_a(lambda p: p.symlink_to("/no/where"))),
    BrokenStart("settings: a proxy that is none", _settings('proxy = "http://[::bad"\n'), ICON),
    # F-D16, F-D17: the history
    BrokenStart("history: empty", _history(b"")),
    BrokenStart("history: no database", _history(b"not a database at all\n" * 500)),
    BrokenStart("history: cut short", _history(b"SQLite format 3\x00" + bytes(84))),
    BrokenStart("history: of a later version", _foreign_database(_LATER)),
    BrokenStart("history: of another program", _foreign_database(_OTHER)),
    BrokenStart("history: a folder", _state_is_a_folder("history.sqlite3")),
    BrokenStart("warnings: no JSON", lambda s: s.write("XDG_STATE_HOME", "alerts.json", b"\xff{{")),
    BrokenStart("warnings: a folder", _state_is_a_folder("alerts.json")),
    BrokenStart("locks: a file for their folder", lambda s: s.write("XDG_STATE_HOME", "locks", "")),
    BrokenStart(
        "log: a file for its folder", lambda s: s.write("XDG_STATE_HOME", "log", ""), allows=_NO_LOG
    ),
    # F-D08, F-D09, F-D22: what the process may do
    BrokenStart("no file may grow", _limited(resource.RLIMIT_FSIZE, 0)),
    BrokenStart("a disk to be read only", _read_only(*BASES), allows=_NO_LOG),
    BrokenStart(
        "a disk to be read only, for the runtime folder too",
        _read_only(*BASES, "XDG_RUNTIME_DIR"),
        allows=_NO_LOG,
    ),
    BrokenStart("a full disk", _full, allows=_NO_LOG),
    BrokenStart("few open files", _limited(resource.RLIMIT_NOFILE, 64)),
    BrokenStart("no core files", _limited(resource.RLIMIT_CORE, 0)),
    BrokenStart("no working directory", _lost_folder),
    BrokenStart("no standard input", _closed(0)),
    BrokenStart("no standard output", _closed(1)),
    BrokenStart("no standard streams", _closed(0, 1, 2)),
    # the desktop
    BrokenStart("no session bus", _unset("DBUS_SESSION_BUS_ADDRESS"), WINDOW),
    BrokenStart(
        "a session bus that is gone", _set(DBUS_SESSION_BUS_ADDRESS="unix:path=/no/bus"), WINDOW
    ),
    BrokenStart("no display", _unset("DISPLAY", "WAYLAND_DISPLAY"), TERMINAL),
    BrokenStart("a display that is gone", _set(DISPLAY=":9876"), TERMINAL),
    BrokenStart("another's Qt plugins", _set(QT_PLUGIN_PATH="/no/plugins")),
    BrokenStart("a style that is not there", _set(QT_STYLE_OVERRIDE="nosuchstyle"), allows=_QT),
    BrokenStart("a scale that is none", _set(QT_SCALE_FACTOR="a lot")),
    BrokenStart("a time zone that is none", _set(TZ="Nowhere/Land")),
    BrokenStart(
        "a proxy in the environment that is none", _set(HTTPS_PROXY="::::", ALL_PROXY="::::")
    ),
    BrokenStart("certificates that are not there", _set(SSL_CERT_FILE="/no/certificates")),
)
