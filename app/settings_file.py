"""The settings on disk: one TOML file, read with suspicion and replaced whole.

Only a regular file of our own, of at most 1 MiB, is read (T-40). What cannot be used is kept
as `.bad` and the defaults apply (F-D21). Keys of other versions survive a save.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import AppError
from app.paths import private_folder
from app.settings import DECLARATIONS, DEFAULTS, Note, NoteKind, Settings, from_mapping, to_mapping

LARGEST_FILE = 1 << 20

_LOG = logging.getLogger(__name__)
_KNOWN = frozenset(declaration.key for declaration in DECLARATIONS)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file held. `notes` are for the user; `unknown` goes back into the next save."""

    settings: Settings = DEFAULTS
    notes: tuple[Note, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


class _UnusableError(Exception):
    """The file is not one we read, or it does not hold TOML."""


def load(path: Path) -> Loaded:
    """The settings in `path`; the defaults if there is no file. Never raises."""
    try:
        values = _decoded(path)
    except FileNotFoundError:
        return Loaded()
    except (OSError, _UnusableError) as error:
        _LOG.warning("settings file not used: %s", error)
        return Loaded(notes=(Note(_set_aside(path)),))
    settings, refused = from_mapping(values)
    return Loaded(
        settings,
        tuple(Note(NoteKind.VALUE_RESET, key) for key in refused),
        {key: value for key, value in values.items() if key not in _KNOWN},
    )


def save(path: Path, settings: Settings, unknown: Mapping[str, Any]) -> bool:
    """Write `settings` and the `unknown` keys; the old file stays whole until the new one is.

    Returns False, and logs why, if the file could not be written (F-D08, F-D09). Blocks for
    one write to disk.
    """
    import tomli_w  # noqa: PLC0415 - not needed to start

    content = tomli_w.dumps({**unknown, **to_mapping(settings)}).encode()
    try:
        private_folder(path.parent)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            _set_aside(path)
        _replace(path, content)
    except (OSError, AppError) as error:
        _LOG.warning("settings not saved: %s", error)
        return False
    return True


def _decoded(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most users have no file

    content = _read(path)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _UnusableError(f"not TOML: {error}") from error


def _read(path: Path) -> bytes:
    # Without O_NONBLOCK, opening a pipe would wait for its other end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _UnusableError("not a regular file")
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            raise _UnusableError("belongs to another user")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(LARGEST_FILE + 1)
    finally:
        os.close(descriptor)
    if len(content) > LARGEST_FILE:
        raise _UnusableError("larger than 1 MiB")
    return content


def _set_aside(path: Path) -> NoteKind:
    """Keep what cannot be used beside its place."""
    try:
        path.replace(path.with_name(f"{path.name}.bad"))
    except OSError as error:
        _LOG.warning("settings file could not be set aside: %s", error)
        return NoteKind.FILE_UNREADABLE
    return NoteKind.FILE_SET_ASIDE


def _replace(path: Path, content: bytes) -> None:
    import tempfile  # noqa: PLC0415 - not needed to start

    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
