"""How the program is started again, in the place of itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from app import restart
from app.instance.start import TrayStart
from app.restart import begin_anew, restart_command

OWN = ("/opt/tidegauge/tidegauge", "--autostarted")
CHECKOUT = ("/usr/bin/python3", "-P", "-m", "app", "--autostarted")


@pytest.mark.parametrize(
    ("own", "start", "expected"),
    [
        (OWN, TrayStart(), ["/opt/tidegauge/tidegauge", "--show"]),
        (OWN, TrayStart(is_autostarted=True), ["/opt/tidegauge/tidegauge", "--show"]),
        (OWN, TrayStart(verb="chat"), ["/opt/tidegauge/tidegauge", "--show"]),
        (
            OWN,
            TrayStart(demo=True, debug=True),
            ["/opt/tidegauge/tidegauge", "--demo", "--debug", "--show"],
        ),
        (CHECKOUT, TrayStart(), ["/usr/bin/python3", "-P", "-m", "app", "--show"]),
    ],
)
def test_it_comes_back_with_its_panel_and_as_what_it_was(
    own: tuple[str, ...], start: TrayStart, expected: list[str]
) -> None:
    assert restart_command(own, start) == expected


def system(name: str, execve: Callable[..., None]) -> SimpleNamespace:
    """What of `os` is asked for; the environment is that of a bundle."""
    environ = {"HOME": "/srv/ann", "LD_LIBRARY_PATH": "/bundle", "_PYI_ARCHIVE_FILE": "/bundle/x"}
    return SimpleNamespace(name=name, environ=environ, execve=execve)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """Commands with their environments, of a bundle at /bundle; nothing is really started."""
    found: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(restart, "own_command", lambda _environment: OWN)
    monkeypatch.setattr(sys, "_MEIPASS", "/bundle", raising=False)
    popen = SimpleNamespace(Popen=lambda command, env: found.append((command, env)))
    monkeypatch.setattr(restart, "subprocess", popen)
    posix = system("posix", lambda _path, command, env: found.append((command, env)))
    monkeypatch.setattr(restart, "os", posix)
    return found


@pytest.mark.parametrize("name", ["posix", "nt"])
def test_the_new_program_gets_nothing_of_the_old_bundle(
    started: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("app.restart.os.name", name)
    begin_anew(TrayStart())
    assert started == [(["/opt/tidegauge/tidegauge", "--show"], {"HOME": "/srv/ann"})]


@pytest.mark.usefixtures("started")
@pytest.mark.expected_log("not restarted: .*No such file")
def test_a_program_that_is_gone_by_then_is_an_end_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_arguments: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("app.restart.os.execve", gone)
    assert begin_anew(TrayStart()) == 1
