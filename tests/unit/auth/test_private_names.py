"""A few names in a small private file that nobody has to trust."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from app.auth.private_names import PrivateNames

VAULT, OTHER = "auth.openai.com/default", "127.0.0.1:80/default"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keyring.json"


def test_a_name_is_kept_by_vault_until_it_is_forgotten(path: Path) -> None:
    """F-T19"""
    memory = PrivateNames(path)
    assert memory.get(VAULT) == ""
    memory.put(VAULT, "gnome-keyring-d")
    memory.put(OTHER, "keepassxc")
    memory.put(VAULT, "KWallet")
    assert [PrivateNames(path).get(name) for name in (VAULT, OTHER)] == ["KWallet", "keepassxc"]
    memory.put(VAULT, "")
    assert [memory.get(name) for name in (VAULT, OTHER)] == ["", "keepassxc"]
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]


def test_what_is_known_already_is_not_written_again(path: Path) -> None:
    memory = PrivateNames(path)
    memory.put(VAULT, "")
    assert not path.exists()
    memory.put(VAULT, "KWallet")
    before = path.stat()
    memory.put(VAULT, "KWallet")
    assert path.stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b'{"x": 1, "auth.openai.com/default": ["a"]}', b"{" * 9000]
)
def test_what_nobody_wrote_is_nothing(path: Path, content: bytes) -> None:
    """T-40"""
    path.parent.mkdir()
    path.write_bytes(content)
    memory = PrivateNames(path)
    assert memory.get(VAULT) == ""
    memory.put(VAULT, "KWallet")
    assert memory.get(VAULT) == "KWallet"


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
def test_the_file_is_private_and_follows_no_link(path: Path, tmp_path: Path) -> None:
    """T-29, T-40"""
    path.parent.mkdir()
    other = tmp_path / "letter"
    other.write_text('{"auth.openai.com/default": "theirs"}')
    path.symlink_to(other)
    memory = PrivateNames(path)
    assert memory.get(VAULT) == ""
    memory.put(VAULT, "KWallet")
    assert other.read_text() == '{"auth.openai.com/default": "theirs"}'
    assert stat.S_IMODE(path.stat(follow_symlinks=False).st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    memory = PrivateNames(tmp_path / "state" / "keyring.json")
    memory.put(VAULT, "KWallet")
    assert memory.get(VAULT) == ""


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
        patch.setattr(os, "replace", full)
        names.put("service", "second")
    assert names.get("service") == "first"
    assert os.listdir(path.parent) == [path.name]
    names.put("service", "second")
    assert names.get("service") == "second"
