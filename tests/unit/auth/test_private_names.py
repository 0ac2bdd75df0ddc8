"""A few names in a small private file, when the disk has no room for them."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from app.auth.private_names import PrivateNames


def full(*_arguments: object, **_named: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_keeps_what_was_there_and_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D08"""
    path = tmp_path / "state" / "account.json"
    names = PrivateNames(path)
    names.put("service", "first")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        names.put("service", "second")
    assert names.get("service") == "first"
    assert os.listdir(path.parent) == [path.name]
    names.put("service", "second")
    assert names.get("service") == "second"
