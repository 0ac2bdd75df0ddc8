"""A private database as the file system shows it: ours or not, whole or not, on what disk.

Nothing but a regular file of our own with one name is ever opened (T-40, F-D20), and only after
its first page says that this program wrote it (T-49).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from app.private_database.schema import PAGE_BYTES, Schema
from app.values import dataclass

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_NETWORKS = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "glusterfs", "fuse", "davfs")
_NOT_LATER = 1000  # a version beyond is no version but damage

Identity = tuple[int, int]  # device and inode


class RefusedError(Exception):
    """Something stands in the file's place that is not a private file of ours."""


class NewerError(Exception):
    """A newer version of this program wrote the file."""


class DamagedError(Exception):
    """The file is not, or no longer, the database it should be."""


@dataclass(frozen=True, slots=True)
class Names:
    """The files around the database `path`."""

    path: Path

    @property
    def journal(self) -> Path:
        return self.path.with_name(f"{self.path.name}-journal")

    @property
    def new(self) -> Path:
        """A file being built; it takes the database's place when it is whole."""
        return self.path.with_name(f"{self.path.name}.new")

    def backup(self, version: int) -> Path:
        """The copy made before a migration from `version` (F-D18)."""
        return self.path.with_name(f"{self.path.stem}.version-{version}")

    def copies(self) -> list[Path]:
        """Backups and damaged files set aside, with their journals."""
        folder, stem = self.path.parent, self.path.stem
        return [*folder.glob(f"{stem}.version-*"), *folder.glob(f"{stem}.corrupt-*")]


def identity(path: Path) -> Identity | None:
    """Which file has this name now; None if none. Does not follow links."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def check_file(path: Path, schema: Schema) -> Identity:
    """Look at the file before SQLite does; `schema` is what this program writes.

    Raises `FileNotFoundError`, `RefusedError`, `DamagedError`, `NewerError`, or `OSError`.
    Must not run while a connection to the file is open: closing a file gives up its locks.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    before = os.lstat(path)
    if not stat.S_ISREG(before.st_mode):
        raise RefusedError("not a regular file")
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        _refuse_strangers(status)
        if status.st_mode & 0o077 and hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        header = os.read(descriptor, _HEADER_BYTES)
    finally:
        os.close(descriptor)
    _check_header(header, schema)
    return status.st_dev, status.st_ino


def check_journal(path: Path) -> None:
    """Raises `RefusedError` if the journal's place is taken by anything but a file of ours."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    if not stat.S_ISREG(status.st_mode):
        raise RefusedError("the journal is not a regular file")
    _refuse_strangers(status)


def make_private(path: Path) -> None:
    """An empty file nobody else can read, in place of whatever had the name. Raises `OSError`."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` last. Raises `OSError`."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_on_network(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether the file lies on a file system whose locks and syncs cannot be relied upon (F-D20).

    Known on Linux only; False elsewhere.
    """
    try:
        device = os.lstat(path).st_dev
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in lines:
        # proc(5): id, parent, major:minor, … - type, source, options
        words, _, kind = line.partition(" - ")
        if words.split()[2:3] == [wanted]:
            return kind.startswith(_NETWORKS)
    return False


def _refuse_strangers(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise RefusedError("not a regular file")
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise RefusedError("belongs to another user")
    if status.st_nlink > 1:
        raise RefusedError("has a second name")


def _check_header(header: bytes, schema: Schema) -> None:
    """The fixed parts of an SQLite file's first 100 bytes (fileformat2, §1.3)."""

    def number(at: int, size: int) -> int:
        return int.from_bytes(header[at : at + size])

    is_ours = (
        len(header) == _HEADER_BYTES
        and header.startswith(_MAGIC)
        and number(16, 2) == PAGE_BYTES
        and header[18] in (1, 2)
        and header[19] == header[18]
        and header[20:24] == b"\0\x40\x20\x20"
        and number(44, 4) == 4
        and number(56, 4) == 1
        and number(68, 4) == schema.application_id
    )
    if not is_ours:
        raise DamagedError("the first page is not ours")
    version = number(60, 4)
    if schema.version < version < _NOT_LATER:
        raise NewerError(f"version {version}")
    if not 1 <= version <= schema.version:
        raise DamagedError(f"version {version}")
