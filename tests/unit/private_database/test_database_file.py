from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.private_database.database_file import Names, is_on_network

_LINE = "36 35 {device} / /mnt rw,noatime shared:1 - {kind} somewhere rw\n"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False), ("tmpfs", False)],
)
def test_a_network_folder_is_known_by_its_mount(tmp_path: Path, kind: str, expected: bool) -> None:
    """F-D20"""
    device = os.lstat(tmp_path).st_dev
    ours = f"{os.major(device)}:{os.minor(device)}"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        _LINE.format(device="0:999", kind="nfs4") + _LINE.format(device=ours, kind=kind)
    )

    assert is_on_network(tmp_path, mounts) is expected


def test_where_nothing_tells_of_mounts_no_network_is_assumed(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("")

    assert not is_on_network(tmp_path, tmp_path / "missing")
    assert not is_on_network(tmp_path, empty)


def test_the_files_around_a_history(tmp_path: Path) -> None:
    names = Names(tmp_path / "history.db")

    assert [names.journal.name, names.new.name, names.backup(3).name] == [
        "history.db-journal",
        "history.db.new",
        "history.version-3",
    ]
    assert names.copies() == []
