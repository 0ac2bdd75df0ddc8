"""Changes of a file by others, however they write it, and whether it is there yet."""

from __future__ import annotations

import os
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.desktop.file_watch import FileWatch


def test_a_file_in_a_folder_that_comes_later_is_noticed(qtbot: QtBot, tmp_path: Path) -> None:
    changes: list[int] = []
    file = tmp_path / "config" / "autostart" / "entry"
    watch = FileWatch(file, lambda: changes.append(1))
    for step in (file.parent.parent.mkdir, file.parent.mkdir, lambda: file.write_text("one")):
        seen = len(changes)
        step()
        qtbot.waitUntil(lambda seen=seen: len(changes) > seen)  # type: ignore[misc]
    watch.stop()


def test_a_file_is_noticed_however_it_is_written(qtbot: QtBot, tmp_path: Path) -> None:
    changes: list[int] = []
    file = tmp_path / "file"
    file.write_text("one")
    watch = FileWatch(file, lambda: changes.append(1))

    def replaced() -> None:
        new = tmp_path / "new"
        new.write_text("three")
        os.replace(new, file)

    for step in (lambda: file.write_text("two"), replaced, lambda: file.write_text("four")):
        seen = len(changes)
        step()
        qtbot.waitUntil(lambda seen=seen: len(changes) > seen)  # type: ignore[misc]
        qtbot.wait(50)  # what else the step brings is not of the next
    seen = len(changes)
    file.unlink()
    qtbot.waitUntil(lambda: len(changes) > seen)
    watch.stop()
    seen = len(changes)
    file.write_text("five")
    qtbot.wait(100)
    assert len(changes) == seen


def test_a_folder_that_cannot_be_is_no_error(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    FileWatch(tmp_path / "file" / "below" / "it", lambda: None).stop()
