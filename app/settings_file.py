"""The settings on disk: one TOML file, read with suspicion and replaced whole.

Only a regular file of our own, of at most 1 MiB, is read (T-40). What cannot be used is kept
as `.bad` and the defaults apply (F-D21). Keys of other versions survive a save.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import AppError
from app.paths import private_folder
from app.private_files import UnusableFileError, read_private, replace_private, set_aside
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


def load(path: Path) -> Loaded:
    """The settings in `path`; the defaults if there is no file. Never raises."""
    try:
        values = _decoded(path)
    except FileNotFoundError:
        return Loaded()
    except (OSError, UnusableFileError) as error:
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
        replace_private(path, content)
    except (OSError, AppError) as error:
        _LOG.warning("settings not saved: %s", error)
        return False
    return True


def _decoded(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most users have no file

    content = read_private(path, LARGEST_FILE)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(f"not TOML: {error}") from error


def _set_aside(path: Path) -> NoteKind:
    """Keep what cannot be used beside its place."""
    if set_aside(path):
        return NoteKind.FILE_SET_ASIDE
    _LOG.warning("settings file could not be set aside")
    return NoteKind.FILE_UNREADABLE
