"""The settings on disk: one TOML file, read with suspicion and replaced whole.

Only a regular file of our own, of at most 1 MiB, is read (T-40). What cannot be used is kept
as `.bad` and the defaults apply (F-D21). Keys of other versions survive a save, and so do
comments (`settings_text.py`). The tray program, `tidegauge config` and an editor may all change
the file: a change is put into what it holds at that moment, under a lock, so that none undoes
another's.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from app.errors import AppError
from app.file_lock import Claim
from app.paths import Paths, private_folder
from app.private_files import UnusableFileError, read_private, replace_private, set_aside
from app.settings import (
    DECLARATIONS,
    DEFAULTS,
    Note,
    NoteKind,
    Settings,
    differences,
    from_mapping,
)
from app.values import dataclass

LARGEST_FILE = 1 << 20
_PATIENCE_S = 2.0  # a write takes milliseconds

_LOG = logging.getLogger(__name__)
_KNOWN = frozenset(declaration.key for declaration in DECLARATIONS)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file held. `notes` are for the user; `unknown` goes back into the next save.

    `password` is the proxy's, if somebody wrote it into the file: the settings are without it,
    and so will be the next file that is written.
    """

    settings: Settings = DEFAULTS
    notes: tuple[Note, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)
    password: str | None = field(default=None, repr=False)


def load(path: Path) -> Loaded:
    """The settings in `path`; the defaults if there is no file. Never raises."""
    try:
        return _read(path)
    except (OSError, UnusableFileError) as error:
        _LOG.warning("settings file not used: %s", error)
        return Loaded(notes=(Note(_set_aside(path)),))


def peek(path: Path) -> Settings:
    """The settings in `path` as far as they can be read, such as for the language of a sentence.

    Moves nothing, says nothing, never raises.
    """
    try:
        return _read(path).settings
    except (OSError, UnusableFileError):
        return DEFAULTS


class SettingsFile:
    """The settings of one process and the file they are kept in.

    `load`, `keep` and `adopt` are for the thread that shows settings; `write` and `look` block
    for a few accesses to the disk and may run on any thread.
    """

    def __init__(self, paths: Paths) -> None:
        self._path = paths.settings_file
        self._lock = paths.settings_lock
        self._turn = threading.Lock()  # held during accesses to the file
        self._guard = threading.Lock()  # of the three below, held for a moment
        self._on_file = Loaded()  # as last seen
        self._in_force = DEFAULTS  # that, with the changes not yet written
        self._shown = DEFAULTS  # what the showing thread has of it

    def load(self) -> Loaded:
        """What the file holds at the start; one that cannot be used is set aside."""
        loaded = self._on_file = load(self._path)
        self._in_force = self._shown = loaded.settings
        return loaded

    def keep(self, settings: Settings) -> None:
        """These are shown and in force from now on; `write` brings the change to the file."""
        with self._guard:
            changes = differences(self._shown, settings)
            self._in_force = replace(self._in_force, **changes)
            self._shown = settings

    def adopt(self) -> Settings:
        """What is to be shown now, with what `look` found."""
        with self._guard:
            self._shown = self._in_force
            return self._shown

    def write(self) -> bool:
        """Put all changes not yet written into the file.

        The old file stays whole until the new one is. Returns False, and logs why, if the file
        could not be written (F-D08, F-D09); the changes are tried again with the next ones.
        """
        with self._turn:
            with self._guard:
                before = self._on_file.settings
                changes = differences(before, self._in_force)
            try:
                with _held(self._lock):
                    written = self._changed(changes)
            except (OSError, AppError) as error:
                _LOG.warning("settings not saved: %s", error)
                return False
            self._rest_on(written, replace(before, **changes))
            return True

    def look(self) -> Loaded | None:
        """What the file holds by now, for `adopt`; None if that cannot be used, for somebody may
        be in the middle of writing it."""
        with self._turn:
            try:
                found = _read(self._path)
            except (OSError, UnusableFileError) as error:
                _LOG.info("settings file not used: %s", error)
                return None
            self._rest_on(found, self._on_file.settings)
            return found

    def _rest_on(self, found: Loaded, before: Settings) -> None:
        """`found` is on file where `before` was; what was changed since then stays changed."""
        with self._guard:
            self._in_force = replace(found.settings, **differences(before, self._in_force))
            self._on_file = found

    def _changed(self, changes: Mapping[str, Any]) -> Loaded:
        """What the file holds after `changes`. Raises `OSError` or `AppError`."""
        try:
            found = _read(self._path)
        except (OSError, UnusableFileError):
            _set_aside(self._path)
            found = self._on_file  # what it held while it could be read
        settings = replace(found.settings, **changes)
        _replace(self._path, settings, found.unknown)
        return Loaded(settings, (), found.unknown)


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    claim = Claim(lock, _PATIENCE_S)
    try:
        if not claim.take():
            message = "another program has been writing the settings for too long"
            raise OSError(message)
        yield
    finally:
        claim.give_up()


def _replace(path: Path, settings: Settings, unknown: Mapping[str, Any]) -> None:
    from app.settings_text import changed_text  # noqa: PLC0415 - not needed to start

    private_folder(path.parent)
    try:
        text = _text_in(path)
    except (OSError, ValueError, UnusableFileError):
        text = ""
    replace_private(path, changed_text(text, settings, unknown, LARGEST_FILE).encode())


def _read(path: Path) -> Loaded:
    """Raises `OSError` or `UnusableFileError`."""
    try:
        values = _decoded(path)
    except FileNotFoundError:
        return Loaded()
    password = None
    if "@" in str(values.get("proxy")):
        from app.proxies import without_password  # noqa: PLC0415 - few have such a proxy

        values["proxy"], password = without_password(str(values["proxy"]))
    settings, refused = from_mapping(values)
    return Loaded(
        settings,
        tuple(Note(NoteKind.VALUE_RESET, key) for key in refused),
        {key: value for key, value in values.items() if key not in _KNOWN},
        password,
    )


def _decoded(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most users have no file

    try:
        return tomllib.loads(_text_in(path))
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(f"not TOML: {error}") from error


def _text_in(path: Path) -> str:
    """Raises `OSError`, `UnusableFileError`, or `ValueError` for what is not UTF-8."""
    return read_private(path, LARGEST_FILE).decode("utf-8-sig")


def _set_aside(path: Path) -> NoteKind:
    """Keep what cannot be used beside its place."""
    if set_aside(path):
        return NoteKind.FILE_SET_ASIDE
    _LOG.warning("settings file could not be set aside")
    return NoteKind.FILE_UNREADABLE
