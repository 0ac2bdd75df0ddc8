"""Is there a display? Asked of real sockets."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app import displays
from app.displays import has_display

Listen = Callable[[str | tuple[str, int]], socket.socket]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """`listen(address)`: a server that takes connections there."""
    with ExitStack() as open_sockets:

        def listen(address: str | tuple[str, int]) -> socket.socket:
            family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
            server = open_sockets.enter_context(socket.socket(family))
            server.bind(address)
            server.listen()
            return server

        yield listen


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": "rubbish"}, "linux", False),
        ({"DISPLAY": ":"}, "linux", False),
        ({"DISPLAY": ":１"}, "linux", False),
        ({"DISPLAY": ":99999999"}, "linux", False),
        ({"DISPLAY": "localhost:99999999"}, "linux", False),
        ({"DISPLAY": "/private/tmp/launch/org.xquartz:0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "no\0name"}, "linux", False),
        ({"WAYLAND_SOCKET": "7"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({"QT_QPA_PLATFORM": "minimal"}, "linux", True),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", False),
        ({}, "freebsd14", False),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_what_the_environment_alone_says(
    environment: dict[str, str], platform: str, expected: bool
) -> None:
    assert has_display(environment, platform) is expected


def test_a_compositor_is_there_while_it_listens(tmp_path: Path, listen: Listen) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not has_display(environment, "linux")
    server = listen(str(tmp_path / "wayland-7"))
    assert has_display(environment, "linux")
    assert has_display({"WAYLAND_DISPLAY": str(tmp_path / "wayland-7")}, "linux")
    server.close()  # its file stays
    assert not has_display(environment, "linux")


@pytest.mark.parametrize("before", ["", "\0"], ids=["file", "namespace"])
@pytest.mark.parametrize("display", [":4711", ":4711.0", "unix:4711"])
def test_an_x_server_is_there_while_it_listens(
    display: str, before: str, tmp_path: Path, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(displays, "_X_SOCKETS", str(tmp_path / "X"))
    assert not has_display({"DISPLAY": display}, "linux")
    server = listen(f"{before}{tmp_path}/X4711")
    assert has_display({"DISPLAY": display}, "linux")
    server.close()
    assert not has_display({"DISPLAY": display}, "linux")


def test_an_x_server_of_another_machine(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    server = listen(("127.0.0.1", 0))
    monkeypatch.setattr(displays, "_X_PORT", server.getsockname()[1] - 10)
    assert has_display({"DISPLAY": "127.0.0.1:10.0"}, "linux")
    server.close()
    assert not has_display({"DISPLAY": "127.0.0.1:10.0"}, "linux")
