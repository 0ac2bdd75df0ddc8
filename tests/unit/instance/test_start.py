"""What the words of a command line ask of the tray program."""

from __future__ import annotations

import pytest

from app.instance.messages import Verb
from app.instance.start import TrayStart, tray_start


@pytest.mark.parametrize(
    ("argv", "start"),
    [
        ([], TrayStart()),
        (["--demo"], TrayStart(demo=True)),
        (["--debug", "--demo"], TrayStart(demo=True, debug=True)),
        (["--show"], TrayStart(verb="show")),
        (["--toggle"], TrayStart(verb="toggle")),
        (["--demo", "--chat"], TrayStart(demo=True, verb="chat")),
        (["--quit"], TrayStart(verb="quit")),
        (["--autostarted"], TrayStart(is_autostarted=True)),
        (["--quit", "--force"], TrayStart(verb="quit", is_forced=True)),
    ],
)
def test_the_trays_own_options(argv: list[str], start: TrayStart) -> None:
    assert tray_start(argv) == start


def test_each_wish_is_one_that_can_be_sent() -> None:
    for word in ("--show", "--toggle", "--chat", "--quit"):
        start = tray_start([word])
        assert start is not None
        assert Verb(start.verb) == word.removeprefix("--")


@pytest.mark.parametrize(
    "argv",
    [
        ["status"],
        ["--demo", "status"],
        ["--help"],
        ["--show", "--quit"],  # one wish at a time
        ["--chat", "hello"],
        ["--url=https://example.com"],
        ["-style", "windows"],
        ["-platform", "vnc"],
        ["--remote-debugging-port=9222"],
        ["--poll"],
        ["--force"],  # what is not the end needs no force
        ["--show", "--force"],
    ],
)
def test_everything_else_is_for_the_command_line(argv: list[str]) -> None:
    """T-48: whatever is not on the list reaches neither Qt nor a running program."""
    assert tray_start(argv) is None
