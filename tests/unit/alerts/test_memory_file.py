"""The memory of the warnings on disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.alerts.memory import AccountMemory, Memory
from app.alerts.memory_file import LARGEST_FILE, MemoryFile

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SOME = Memory({"a" * 16: AccountMemory(at=5, sign_in_told=True)}, (7,), 0)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "state" / "alerts.json"
    assert MemoryFile(path).load(NOW) == Memory()
    MemoryFile(path).save(SOME)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert MemoryFile(path).load(NOW) == SOME
    assert [one.name for one in path.parent.iterdir()] == ["alerts.json"]


@pytest.mark.expected_log("WARNING tidegauge.alerts: the memory of the warnings cannot be used")
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version":2}', b"\xff", b"[" * 100_000, b" " * LARGEST_FILE + b" "],
)
def test_a_damaged_file_is_kept_and_means_that_all_was_told(tmp_path: Path, content: bytes) -> None:
    """F-D21."""
    path = tmp_path / "alerts.json"
    path.write_bytes(content)
    memory = MemoryFile(path).load(NOW)
    assert memory.lost_until > NOW.timestamp()
    assert (tmp_path / "alerts.json.bad").read_bytes() == content
    assert MemoryFile(path).load(NOW) == Memory()


@pytest.mark.expected_log("WARNING tidegauge.alerts: the memory of the warnings cannot be used")
def test_a_folder_in_its_place_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "alerts.json").mkdir()
    assert MemoryFile(tmp_path / "alerts.json").load(NOW).lost_until


@pytest.mark.expected_log("WARNING tidegauge.alerts: the memory of the warnings was not saved")
def test_what_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """F-D08, F-D09."""
    (tmp_path / "state").write_text("")
    MemoryFile(tmp_path / "state" / "alerts.json").save(SOME)
    assert (tmp_path / "state").read_text() == ""
