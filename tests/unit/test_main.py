"""Who answers a start: the keyring's child, the tray, or the command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import KEYRING_CHILD_OPTION, __main__
from app.instance.start import TrayStart

ROOT = Path(__file__).parents[2]


class Answers:
    """Takes the place of what a start leads to, and notes who was asked for what."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[object] = []
        monkeypatch.setattr(__main__, "_run_tray", self._tray)
        command_line = SimpleNamespace(parse=list, run=self._command_line)
        monkeypatch.setitem(sys.modules, "app.cli", command_line)
        keyring_child = SimpleNamespace(main=lambda: self.asked.append("keyring"))
        monkeypatch.setitem(sys.modules, "app.auth.keyring_child", keyring_child)

    def _tray(self, start: TrayStart) -> int:
        self.asked.append(("tray", start.demo, start.debug))
        return 11

    def _command_line(self, options: Sequence[str]) -> int:
        self.asked.append(("command line", *options))
        return 12


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    return Answers(monkeypatch)


@pytest.mark.parametrize(
    ("arguments", "demo", "debug"),
    [
        ([], False, False),
        (["--demo"], True, False),
        (["--debug"], False, True),
        (["--debug", "--demo"], True, True),
    ],
)
def test_with_a_display_the_tray_is_shown(
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    demo: bool,
    debug: bool,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert __main__.main(arguments) == 11
    assert answers.asked == [("tray", demo, debug)]


@pytest.mark.parametrize("display", ["", ":0"])
@pytest.mark.parametrize(
    "arguments", [["status"], ["--demo", "status"], ["--help"], ["--no-such-option"]]
)
def test_commands_and_unknown_options_are_for_the_command_line(
    answers: Answers, monkeypatch: pytest.MonkeyPatch, arguments: list[str], display: str
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert __main__.main(arguments) == 12
    assert answers.asked == [("command line", *arguments)]


@pytest.mark.parametrize("arguments", [[], ["--demo"]])
def test_without_a_display_the_command_line_takes_over(
    answers: Answers, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert __main__.main(arguments) == 12
    assert answers.asked == [("command line", *arguments)]


def test_a_session_without_a_display_gets_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], private_home: Path
) -> None:
    """F-D01: the command line knows nothing of the option that entries pass."""
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert __main__.main(["--autostarted"]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith("The display cannot be used")


def test_the_keyrings_child_is_told_from_everything_else(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["tidegauge", KEYRING_CHILD_OPTION])
    assert __main__.main() == 0
    assert answers.asked == ["keyring"]
    assert __main__.main([KEYRING_CHILD_OPTION, "status"]) == 12


def test_the_keyrings_child_answers_each_line_and_ends_with_its_input() -> None:
    """As a process: no Qt, no command line, no network code."""
    script = (
        "import sys; from app.__main__ import main; code = main(); "
        "heavy = {'PySide6', 'httpx', 'app.cli', 'app.bootstrap'} & set(sys.modules); "
        "sys.exit(code or ', '.join(sorted(heavy)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, KEYRING_CHILD_OPTION],
        cwd=ROOT,
        input=b"",
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
