"""`tidegauge config`: from the words typed to the file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.command_line import tidegauge

from app.paths import Paths
from app.settings import DECLARATIONS, DEFAULTS


@pytest.fixture
def settings_file(private_home: Path) -> Path:
    return Paths.of_user(os.environ).settings_file


def test_a_setting_is_set_told_and_put_back(settings_file: Path) -> None:
    assert tidegauge("", "config", "get", "clock").out == "system\n"
    ended = tidegauge("", "config", "set", "clock", "24h")
    assert (ended.code, ended.out) == (0, "clock = 24h\n")
    assert settings_file.read_text() == 'clock = "24h"\n'
    assert tidegauge("", "config", "get", "clock").out == "24h\n"
    assert tidegauge("", "config", "reset", "clock").out == "clock = system\n"
    assert settings_file.read_text() == ""


@pytest.mark.usefixtures("private_home")
def test_all_settings_are_listed() -> None:
    shown = tidegauge("", "config", "list").out
    listed = json.loads(tidegauge("", "config", "list", "--json").out)
    assert listed == {one.key: getattr(DEFAULTS, one.key) for one in DECLARATIONS}
    assert all(f"{key} = " in shown for key in listed)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "clok", "24h"), "clock"),
        (("get", "nothing_like_it"), "config list"),
        (("set", "close_percent", "900"), "1 to 100"),
        (("set", "warnings", "perhaps"), "on, off"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_written(
    settings_file: Path, arguments: tuple[str, ...], words: str
) -> None:
    ended = tidegauge("", "config", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert not settings_file.exists()


def test_a_file_that_had_a_bad_value_is_told(settings_file: Path) -> None:
    """F-D21"""
    settings_file.parent.mkdir(mode=0o700, parents=True)
    settings_file.write_text('clock = "13h"\n')
    assert "Clock" in tidegauge("", "config", "list").err


def test_settings_that_cannot_be_saved_are_told(settings_file: Path) -> None:
    """F-D09, F-D10"""
    settings_file.parent.parent.mkdir(parents=True, exist_ok=True)
    settings_file.parent.write_text("a file where the folder should be")
    ended = tidegauge("", "config", "set", "clock", "24h")
    assert ended.code == 1
    assert "nothing has changed" in ended.err
