"""Which keyring holds the sign-in: kept in a private file that nobody has to trust."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from app.auth.keyring_memory import KeyringMemory

VAULT, OTHER = "auth.openai.com/default", "127.0.0.1:80/default"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keyring.json"


def test_a_name_is_kept_by_vault_until_it_is_forgotten(path: Path) -> None:
    """F-T19"""
    memory = KeyringMemory(path)
    assert memory.recall(VAULT) == ""
    memory.note(VAULT, "gnome-keyring-d")
    memory.note(OTHER, "keepassxc")
    memory.note(VAULT, "KWallet")
    assert [KeyringMemory(path).recall(name) for name in (VAULT, OTHER)] == ["KWallet", "keepassxc"]
    memory.note(VAULT, "")
    assert [memory.recall(name) for name in (VAULT, OTHER)] == ["", "keepassxc"]
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]


def test_what_is_known_already_is_not_written_again(path: Path) -> None:
    memory = KeyringMemory(path)
    memory.note(VAULT, "")
    assert not path.exists()
    memory.note(VAULT, "KWallet")
    before = path.stat()
    memory.note(VAULT, "KWallet")
    assert path.stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b'{"x": 1, "auth.openai.com/default": ["a"]}', b"{" * 9000]
)
def test_what_nobody_wrote_is_nothing(path: Path, content: bytes) -> None:
    """T-40"""
    path.parent.mkdir()
    path.write_bytes(content)
    memory = KeyringMemory(path)
    assert memory.recall(VAULT) == ""
    memory.note(VAULT, "KWallet")
    assert memory.recall(VAULT) == "KWallet"


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
def test_the_file_is_private_and_follows_no_link(path: Path, tmp_path: Path) -> None:
    """T-29, T-40"""
    path.parent.mkdir()
    other = tmp_path / "letter"
    other.write_text('{"auth.openai.com/default": "theirs"}')
    path.symlink_to(other)
    memory = KeyringMemory(path)
    assert memory.recall(VAULT) == ""
    memory.note(VAULT, "KWallet")
    assert other.read_text() == '{"auth.openai.com/default": "theirs"}'
    assert stat.S_IMODE(path.stat(follow_symlinks=False).st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    memory = KeyringMemory(tmp_path / "state" / "keyring.json")
    memory.note(VAULT, "KWallet")
    assert memory.recall(VAULT) == ""
