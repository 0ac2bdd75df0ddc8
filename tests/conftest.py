"""What holds for every test: loopback only, a private home, quiet logs, no task left behind.

Opt-outs are explicit and narrow: `@pytest.mark.expected_log("pattern", …)` or the fixture
`expected_log` for log records a test provokes; pytest-qt's `qt_log_ignore` for Qt messages.
"""

from __future__ import annotations

import asyncio
import inspect
import ipaddress
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest

# A machine that stalls is no fault of an example.
hypothesis.settings.register_profile("tidegauge", deadline=None)
hypothesis.settings.load_profile("tidegauge")

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before pytest-qt makes its QApplication

_TESTS = Path(__file__).parent
_NAMED_BYTES = 16


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes by their length: compressed ones hold the time, and workers must agree on names."""
    return f"{len(val)}-bytes" if isinstance(val, bytes) and len(val) > _NAMED_BYTES else None


# --- sockets ------------------------------------------------------------------------------------

_strayed: list[str] = []


def _is_local_name(host: object) -> bool:
    """Loopback addresses, `localhost`, and names that RFC 6761 reserves to lead nowhere."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    name = name.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".invalid")):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_strangers(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: any address off this machine is noted, then refused.

    Noted as well as refused, because code under test may turn the exception into "offline".
    """
    if event == "socket.getaddrinfo":
        host: object = arguments[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # AF_UNIX, or None for a connected sendmsg
            return
        host = address[0]
    else:
        return
    if not _is_local_name(host):
        _strayed.append(f"{event} {host!r}")
        message = f"tests stay on loopback: {event} {host!r}"
        raise PermissionError(message)


sys.addaudithook(_refuse_strangers)


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[None]:
    """Fails the test that connected to, bound or looked up anything but loopback (T-rows)."""
    _strayed.clear()
    yield
    strayed, _strayed[:] = list(_strayed), []
    assert not strayed, f"left the loopback interface: {strayed}"


# --- environment --------------------------------------------------------------------------------

_UNSET = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "LANGUAGE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "PYTHON_KEYRING_BACKEND",
)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A temporary folder with a short path: local sockets allow 107 bytes.

    Apart from `monkeypatch`, so that it is removed by an `os` that is whole again.
    """
    folder = Path(tempfile.mkdtemp(prefix="tg-")).resolve()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def private_home(
    request: pytest.FixtureRequest, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A home of its own for each test.

    The message buses lead nowhere; a test that needs one starts its own.
    """
    home = short_folder
    for variable, folder in {
        "HOME": ".",
        "USERPROFILE": ".",
        "APPDATA": "roaming",
        "LOCALAPPDATA": "local",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
        "XDG_RUNTIME_DIR": "run",
    }.items():
        path = home / folder
        path.mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(variable, str(path))
    for variable in tuple(os.environ):
        if variable.startswith("TIDEGAUGE_") or variable.upper() in _UNSET:
            monkeypatch.delenv(variable)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for bus in ("SESSION", "SYSTEM"):
        monkeypatch.setenv(f"DBUS_{bus}_BUS_ADDRESS", f"unix:path={home / 'no-bus'}")
    if _TESTS / "end_to_end" in request.path.parents:  # real programs on a real display
        monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    return home


# --- log records --------------------------------------------------------------------------------


class _Recorder(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


_allowed: list[re.Pattern[str]] = []


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test in which something logged at WARNING or above without being expected."""
    _allowed[:] = [
        re.compile(pattern)
        for marker in request.node.iter_markers("expected_log")
        for pattern in marker.args
    ]
    recorder = _Recorder()
    logging.getLogger().addHandler(recorder)
    yield
    logging.getLogger().removeHandler(recorder)
    surprises = [
        line for line in recorder.lines if not any(allowed.search(line) for allowed in _allowed)
    ]
    assert not surprises, f"unexpected log records: {surprises}"


@pytest.fixture
def expected_log() -> Callable[[str], None]:
    """`expected_log(pattern)`: records whose `LEVEL logger: message` matches are fine here."""

    def expect(pattern: str) -> None:
        _allowed.append(re.compile(pattern))

    return expect


# --- coroutines ---------------------------------------------------------------------------------


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests under tests/ui run on the program's loop; all others on asyncio."""
    if _TESTS / "ui" in item.path.parents:
        return {"qasync": _qt_loop}
    return {"asyncio": asyncio.new_event_loop}


def _qt_loop() -> asyncio.AbstractEventLoop:
    from PySide6.QtWidgets import QApplication

    from app.ui.event_loop import EventLoop

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    return EventLoop(application)


@pytest.fixture(autouse=True)
def no_dangling_tasks(request: pytest.FixtureRequest) -> None:
    """Applies `tasks_ended` to coroutine tests."""
    if inspect.iscoroutinefunction(inspect.unwrap(getattr(request.node, "obj", None) or len)):
        request.getfixturevalue("tasks_ended")


@pytest.fixture
async def tasks_ended() -> AsyncIterator[None]:
    """Fails the test that leaves a task running: on exit nobody would await it."""
    yield
    for _ in range(3):  # tasks cancelled last may need a turn to end
        await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not left, f"tasks left running: {left}"
