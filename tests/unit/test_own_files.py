"""Whether a package manager has put another version in the place of what runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import app
from app.own_files import Mark, OwnFiles, is_another

OLD = Mark(120, 1_000_000_000)


@pytest.mark.parametrize(
    ("at_start", "now", "expected"),
    [
        (OLD, OLD, False),
        (OLD, OLD._replace(written_ns=2), True),
        (OLD, OLD._replace(size=121), True),
        (OLD, None, False),  # between the old file and the new one
        (None, OLD, False),
        (None, None, False),
    ],
)
def test_another_version_is_known_by_its_size_and_time(
    at_start: Mark | None, now: Mark | None, expected: bool
) -> None:
    assert is_another(at_start, now) is expected


def test_a_file_that_is_put_in_the_place_of_ours_is_noticed(tmp_path: Path) -> None:
    """As package managers do it: written beside, then renamed."""
    file = tmp_path / "__init__.py"
    file.write_text('VERSION = "1"')
    own = OwnFiles(str(file))
    assert not own.are_replaced()
    file.unlink()
    assert not own.are_replaced()
    newer = tmp_path / "__init__.py.dpkg-new"
    newer.write_text('VERSION = "1.1"')
    os.replace(newer, file)
    assert own.are_replaced()


def test_the_same_version_anew_is_no_other(tmp_path: Path) -> None:
    """A package keeps the times of its files."""
    file, again = tmp_path / "__init__.py", tmp_path / "again"
    file.write_text('VERSION = "1"')
    own = OwnFiles(str(file))
    again.write_text('VERSION = "1"')
    written = file.stat().st_mtime_ns
    os.utime(again, ns=(written, written))
    os.replace(again, file)
    assert not own.are_replaced()


def test_the_file_looked_at_holds_the_version() -> None:
    assert not OwnFiles().are_replaced()
    assert app.VERSION in Path(app.__file__).read_text("utf-8")
