"""Small private files: read with suspicion, replaced whole.

Only a regular file of our own is read (T-40); a file is never seen half written (F-D08).
Calls block for one access to the disk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from app.paths import private_folder

_PRIVATE = 0o600


class UnusableFileError(Exception):
    """It is not a file that we read."""


def read_private(path: Path, most: int) -> bytes:
    """The content of `path`, at most `most` bytes.

    Raises `FileNotFoundError`, another `OSError`, or `UnusableFileError` for what is no regular
    file, somebody else's or larger.
    """
    # Without O_NONBLOCK, opening a pipe would wait for its other end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnusableFileError("not a regular file")
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            raise UnusableFileError("belongs to another user")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(most + 1)
    finally:
        os.close(descriptor)
    if len(content) > most:
        raise UnusableFileError(f"larger than {most >> 10} KiB")
    return content


def replace_private(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path`, mode 0600, in a private folder; the old file stays
    whole until the new one is. Raises `OSError` or `AppError(CONFIGURATION)`."""
    private_folder(path.parent)
    with replacing(path) as file:
        file.write(content)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def replacing(target: Path, mode: int = _PRIVATE) -> Iterator[BinaryIO]:
    """A file that takes the place of `target` at the end of the block, whole.

    Its folder stays as it is. Left by an exception, the block leaves no trace. Raises `OSError`.
    """
    import tempfile  # noqa: PLC0415 - not needed to start

    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # mode 0600
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode != _PRIVATE:
            os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


@contextmanager
def written_whole(target: Path) -> Iterator[TextIO]:
    """Like `replacing`, for text in UTF-8 that the person wants anywhere."""
    with replacing(target) as file:
        out = TextIOWrapper(file, "utf-8", newline="")
        yield out
        out.detach()


def set_aside(path: Path) -> bool:
    """Keep what cannot be used beside its place, as `.bad`; False if that failed."""
    try:
        path.replace(path.with_name(f"{path.name}.bad"))
    except OSError:
        return False
    return True
