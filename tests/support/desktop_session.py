"""A private desktop for end-to-end tests: X display, session bus, window manager, tray host.

Everything runs in a home of its own and is ended by process id. Nothing on the bus can be
activated except what a session asks for with `activates`, so "no keyring" and "no notification
daemon" are real states, not accidents of the machine.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jeepney import DBusAddress, new_method_call
from support.bus_configuration import bus_configuration
from support.bus_connection import REPLY_S, bus_connection
from support.stalls import Patience

HOSTS = ("none", "double", "trayer", "xfce4-panel", "lxqt-panel")
KEYRING_PASSWORD = "pw"
_KILLED_S = 30.0

_TRAY_HOST = Path(__file__).with_name("tray_host.py")
_XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"
_AT_SPI = "/usr/libexec/at-spi-bus-launcher"
_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")

_XFCE_PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=640;y=784"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="known-items" type="array"><value type="string" value="Tidegauge"/></property>
    </property>
  </property>
</channel>
"""

_LXQT_PANEL = """[General]
[panel1]
plugins=statusnotifier
panelSize=32
position=Bottom
desktop=0
[statusnotifier]
type=statusnotifier
alignment=Right
"""


@dataclass
class DesktopSession:
    """A running session; `env` is the whole environment for programs in it."""

    env: dict[str, str]
    folder: Path
    host: str
    host_process: subprocess.Popen[bytes] | None = None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)  # by log name
    _stack: ExitStack = field(repr=False, default_factory=ExitStack)

    @property
    def display(self) -> str:
        return self.env["DISPLAY"]

    @property
    def bus_address(self) -> str:
        return self.env["DBUS_SESSION_BUS_ADDRESS"]

    def start(
        self, arguments: Sequence[str], *, log: str = "", **options: object
    ) -> subprocess.Popen[bytes]:
        """Start a program in the session; it is ended with the session at the latest."""
        name = log or Path(arguments[0]).name
        output = self._stack.enter_context((self.folder / f"{name}.log").open("ab"))
        settings: dict[str, object] = {
            "stdin": subprocess.DEVNULL,
            "stdout": output,
            "stderr": subprocess.STDOUT,
            "env": self.env,
        }
        process: subprocess.Popen[bytes] = subprocess.Popen(
            list(arguments),
            start_new_session=True,
            **{**settings, **options},  # type: ignore[call-overload]
        )
        self._stack.callback(end, process)
        self.processes[name] = process
        return process

    def start_host(self, host: str) -> subprocess.Popen[bytes]:
        """Start one tray host (again); see `HOSTS`."""
        self.host_process = self._start_host(host)
        return self.host_process

    def _start_host(self, host: str) -> subprocess.Popen[bytes]:
        if host == "double":
            process = self.start([sys.executable, str(_TRAY_HOST)], log="tray-host")
            self.wait_for_name("org.kde.StatusNotifierWatcher")
            return process
        if host == "trayer":
            place = ["--edge", "bottom", "--align", "right", "--width", "20", "--height", "24"]
            return self.start(["trayer", *place])
        if host == "xfce4-panel":
            self._write("config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml", _XFCE_PANEL)
            self.start([_XFCONFD])
            self.wait_for_name("org.xfce.Xfconf")
        elif host == "lxqt-panel":
            self._write("config/lxqt/panel.conf", _LXQT_PANEL)
        return self.start([host])

    def wait_for_name(self, name: str, seconds: float = 10.0) -> None:
        """Wait until somebody owns `name` on the session bus."""
        wait_until(lambda: has_owner(self.bus_address, name), seconds, f"{name} on the bus")

    def log(self, name: str) -> str:
        """What a program of the session printed so far."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def screenshot(self, path: Path) -> Path:
        """A picture of the whole screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(path)], env=self.env, check=True)
        return path

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@contextmanager
def desktop_session(
    host: str = "double",
    *,
    notifications: bool = False,
    keyring: bool = False,
    accessibility: bool = False,
    screen: str = "1280x800x24",
    activates: Mapping[str, str] | None = None,
) -> Iterator[DesktopSession]:
    """A running desktop with the given tray host; `keyring` unlocks a fresh gnome-keyring.

    `activates` maps a bus name to the program that the bus starts for it on demand.
    """
    if host not in HOSTS:
        message = f"no such tray host: {host}"
        raise ValueError(message)
    folder = Path(tempfile.mkdtemp(prefix="tg-s-")).resolve()  # short: sockets allow 107 bytes
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        session = DesktopSession(_environment(folder), folder, host, _stack=stack)
        if not accessibility:
            session.env["NO_AT_BRIDGE"] = "1"
        session.env["DISPLAY"] = start_display(session, screen)
        for name, program in (activates or {}).items():
            entry = f"[D-BUS Service]\nName={name}\nExec={program}\n"
            session._write(f"services/{name}.service", entry)
        _start_bus(session)
        _start_window_manager(session)
        if accessibility:
            session.start([_AT_SPI, "--launch-immediately"])
            session.wait_for_name("org.a11y.Bus")
        if notifications:
            session._write("config/dunstrc", "")
            session.start(["dunst", "-conf", str(folder / "config" / "dunstrc")])
            session.wait_for_name("org.freedesktop.Notifications")
        if keyring:
            start_keyring(session)
        if host != "none":
            session.start_host(host)
        yield session


def start_keyring(session: DesktopSession) -> subprocess.Popen[bytes]:
    """gnome-keyring with a fresh, unlocked login collection."""
    process = session.start(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(KEYRING_PASSWORD.encode())
    process.stdin.close()
    session.wait_for_name("org.freedesktop.secrets")
    wait_until(lambda: _has_collection(session.bus_address), 10, "login collection")
    return process


def _has_collection(bus_address: str) -> bool:
    name = "org.freedesktop.secrets"
    service = DBusAddress("/org/freedesktop/secrets", name, "org.freedesktop.Secret.Service")
    with bus_connection(bus_address) as connection:
        call = new_method_call(service, "ReadAlias", "s", ("default",))
        answer = connection.send_and_get_reply(call, timeout=REPLY_S).body[0]
        return str(answer).endswith("/login")


def wait_until(holds: Callable[[], object], seconds: float = 10.0, what: str = "") -> None:
    """Poll until `holds()` is true; fails with `what` after the deadline."""
    patience = Patience(seconds)
    while not holds():
        if patience.is_over():
            message = f"not within {seconds} s: {what or holds}"
            raise AssertionError(message)
        time.sleep(0.02)


def has_owner(bus_address: str, name: str) -> bool:
    """True if somebody owns `name` on the bus."""
    with bus_connection(bus_address) as connection:
        call = new_method_call(_BUS, "NameHasOwner", "s", (name,))
        reply = connection.send_and_get_reply(call, timeout=REPLY_S)
        return bool(reply.body[0])


def end(process: subprocess.Popen[bytes] | None, seconds: float = 3.0) -> None:
    """End a process of ours and the group it leads, politely first."""
    if process is None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(seconds)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
        else:
            break
    process.wait(_KILLED_S)


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        k: os.environ[k]
        for k in ("PATH", "PYTHONPATH", "COVERAGE_PROCESS_START")
        if k in os.environ
    }
    for name in ("config", "data", "cache", "state", "run"):
        (folder / name).mkdir(mode=0o700)
    return {
        **kept,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_SESSION_TYPE": "x11",
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder / 'no-system-bus'}",
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
        "GTK_USE_PORTAL": "0",
    }


def start_display(
    session: DesktopSession, screen: str = "1280x800x24", *, log: str = "Xvfb"
) -> str:
    """The name of one more X display, which is empty: no window manager, no panel."""
    ours, theirs = os.pipe()
    # Without -noreset the server starts anew, and refuses whoever comes just then, each time
    # its last client leaves: a look at an empty screen would do.
    options = ["-displayfd", str(theirs), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    try:
        process = session.start(["Xvfb", *options], log=log, pass_fds=(theirs,))
        os.close(theirs)
        number = b""
        while not number.endswith(b"\n"):
            ready, _, _ = select.select([ours], [], [], 20)
            piece = os.read(ours, 16) if ready else b""
            if not piece:
                message = f"Xvfb did not start ({process.poll()}): {session.log(log)}"
                raise AssertionError(message)
            number += piece
    finally:
        os.close(ours)
    return f":{number.decode().strip()}"


def _start_bus(session: DesktopSession) -> None:
    socket, services = session.folder / "bus", session.folder / "services"
    session._write("bus.conf", bus_configuration(socket, services=services))
    session.start(["dbus-daemon", f"--config-file={session.folder / 'bus.conf'}", "--nofork"])
    session.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
    wait_until(lambda: bus_answers(session.bus_address), 10, "session bus answers")


def bus_answers(address: str) -> bool:
    """Whether a bus takes calls; its socket is there a moment before it does."""
    try:
        return has_owner(address, "org.freedesktop.DBus")
    except OSError:
        return False


def _start_window_manager(session: DesktopSession) -> None:
    process = session.start(["openbox"])

    def managed() -> bool:
        query = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
        answer = subprocess.run(query, env=session.env, capture_output=True, check=False)
        return b"window id" in answer.stdout

    try:
        wait_until(managed, 30, "window manager")
    except AssertionError as error:
        error.add_note(f"exit {process.poll()}, printed: {session.log('openbox')}")
        raise
