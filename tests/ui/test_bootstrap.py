"""What the tray program holds before its loop runs: settings, their notes, and saving them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from gettext import NullTranslations
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.bootstrap import tray_program
from app.bootstrap.tray_program import TrayProgram
from app.paths import Paths
from app.settings import Note, NoteKind, Settings
from app.settings_file import Loaded, load
from app.ui.first_icon import FirstIcon, TrayApplication
from app.wording import labels, language

MakeProgram = Callable[..., TrayProgram]


@pytest.fixture
def settings_file(private_home: Path) -> Path:
    path = Paths.of_user(os.environ).settings_file
    path.parent.mkdir(mode=0o700, parents=True)
    return path


@pytest.fixture
def make_program(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeProgram]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    made: list[TrayProgram] = []

    def make(*, demo: bool = False) -> TrayProgram:
        application = cast(TrayApplication, qapp)  # there can be one application only
        made.append(TrayProgram(application, FirstIcon(QMenu()), demo=demo))
        return made[-1]

    yield make
    for program in made:
        program.tray.stop()
        program.theme.deleteLater()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)
    language.use(NullTranslations(), "en")


def write(path: Path, content: str) -> None:
    path.write_text(content)


@pytest.mark.expected_log("WARNING app.settings_file: settings file not used")
@pytest.mark.parametrize(
    ("content", "notes"),
    [
        ('clock = "24h"\n', ()),
        ('clock = "13h"\n', (Note(NoteKind.VALUE_RESET, "clock"),)),
        ("no = = toml", (Note(NoteKind.FILE_SET_ASIDE),)),
    ],
)
def test_what_is_wrong_with_the_file_is_in_the_state(
    settings_file: Path, make_program: MakeProgram, content: str, notes: tuple[Note, ...]
) -> None:
    """F-D21"""
    write(settings_file, content)
    assert make_program().store.state.notes == notes


async def test_the_newest_settings_are_saved_and_unknown_ones_kept(
    settings_file: Path, make_program: MakeProgram
) -> None:
    write(settings_file, 'of_a_later_version = "kept"\n')
    program = make_program()
    saving = [program.save_settings(Settings(close_percent=value)) for value in range(50, 60)]
    assert [await one for one in saving] == [True] * 10
    loaded = load(settings_file)
    assert loaded.settings == Settings(close_percent=59)
    assert loaded.unknown == {"of_a_later_version": "kept"}


@pytest.mark.expected_log("WARNING app.settings_file: settings not saved")
async def test_a_save_that_fails_is_told(
    settings_file: Path, make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D08"""

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    program = make_program()
    monkeypatch.setattr(os, "fsync", full)
    assert not await program.save_settings(Settings(close_percent=50))
    assert load(settings_file) == Loaded()


async def test_the_demo_keeps_nothing(settings_file: Path, make_program: MakeProgram) -> None:
    assert await make_program(demo=True).save_settings(Settings(close_percent=50))
    assert load(settings_file) == Loaded()


def test_language_and_colours_take_effect_at_once(make_program: MakeProgram) -> None:
    program = make_program()
    assert labels.quit_program() == "Quit"
    program.store.subscribe(lambda state: state.settings, program.apply_settings)
    for scheme in ("dark", "light"):
        settings = Settings(language="zh_CN", colour_scheme=scheme)
        program.store.update(settings=settings)
        assert labels.quit_program() == "退出"
        assert program.theme.colours.is_dark is (scheme == "dark")


class AmericanLocale(QLocale):
    """A system whose person reads a 12-hour clock."""

    @staticmethod
    def system() -> QLocale:
        return QLocale("en_US")


@pytest.mark.parametrize(
    ("platform", "clock"), [("win32", "12h"), ("darwin", "12h"), ("linux", "24h")]
)
def test_windows_and_macos_tell_the_clock_apart_from_the_language(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch, platform: str, clock: str
) -> None:
    """Linux has `LC_TIME` for it."""
    program = make_program()
    with monkeypatch.context() as patched:
        patched.setenv("LC_ALL", "de_DE.UTF-8")
        patched.setattr(tray_program, "QLocale", AmericanLocale)
        patched.setattr(sys, "platform", platform)
        program.speak("en")
    assert language.system_clock() == clock
