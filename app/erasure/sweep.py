"""Deletes the files of ours, and nothing else; what cannot be deleted is named.

Blocking. Nothing is followed: of a link only the link itself goes. A folder goes when it is empty.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from app.erasure.own_names import (
    NEEDED_FOR_KEYRING,
    OWN_FOLDERS,
    Folder,
    is_own,
    is_setting,
)
from app.paths import Paths
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Swept:
    """`left` of ours, each as "path (reason)", and the files of others, as paths."""

    left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def sweep(
    paths: Paths,
    *,
    keeps_settings: bool = False,
    keeps_accounts: bool = False,
    keeps_runtime: bool = False,
) -> Swept:
    """Delete what is ours below `paths`; a second time it deletes what has come since.

    `keeps_accounts`: the names of what a keyring still holds stay for the next try.
    `keeps_runtime`: so do the lock and the socket of a program that runs.
    """

    def is_kept(folder: Folder, name: str) -> bool:
        is_needed = keeps_accounts and folder is Folder.STATE and name in NEEDED_FOR_KEYRING
        return is_needed or (keeps_settings and is_setting(folder, name))

    swept = _Sweep({getattr(paths, folder.value): folder for folder in Folder}, is_kept)
    for folder, path in _in_order(paths):
        if not (keeps_runtime and folder is Folder.RUNTIME):
            swept.clear(folder, path)
    _remove_if_empty(paths.state)  # which may hold the runtime folder
    return Swept(tuple(swept.left), tuple(swept.foreign))


def _in_order(paths: Paths) -> Iterator[tuple[Folder, Path]]:
    """The lock last, so that no other program begins in between; logs may lie in the state."""
    for folder in (Folder.LOGS, Folder.CONFIG, Folder.CACHE, Folder.STATE, Folder.RUNTIME):
        yield folder, getattr(paths, folder.value)


class _Sweep:
    def __init__(self, folders: dict[Path, Folder], is_kept: Callable[[Folder, str], bool]) -> None:
        self._folders = folders
        self._is_kept = is_kept
        self.left: list[str] = []
        self.foreign: list[str] = []

    def clear(self, folder: Folder, path: Path) -> None:
        """Empty one folder of ours, and remove it if nothing else is in it."""
        self._empty(folder, path, "")
        _remove_if_empty(path)
        if path.parent.name.casefold() == "tidegauge":  # macOS and Windows: one for all of them
            _remove_if_empty(path.parent)

    def _empty(self, folder: Folder, path: Path, inside: str) -> None:
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        except OSError as error:
            self._note(path, error)
            return
        for entry in entries:
            self._take(folder, Path(entry.path), inside + entry.name, entry)

    def _take(self, folder: Folder, path: Path, name: str, entry: os.DirEntry[str]) -> None:
        if entry.is_dir(follow_symlinks=False):
            if path in self._folders:
                return
            if folder is Folder.STATE and name in OWN_FOLDERS:
                self._empty(folder, path, f"{name}/")
                _remove_if_empty(path)
            else:
                self.foreign.append(str(path))
        elif not is_own(folder, name):
            self.foreign.append(str(path))
        elif not self._is_kept(folder, name):
            self._delete(path)

    def _delete(self, path: Path) -> None:
        try:
            _unlink(path)
        except OSError as error:
            self._note(path, error)

    def _note(self, path: Path, error: OSError) -> None:
        self.left.append(f"{path} ({error.strerror or type(error).__name__})")


def _unlink(path: Path) -> None:
    """Also in a folder of ours, or of a file, whose write permission was taken away."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        with suppress(OSError):
            path.parent.chmod(stat.S_IRWXU)
            if os.name == "nt":
                path.chmod(stat.S_IREAD | stat.S_IWRITE)
        path.unlink(missing_ok=True)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
