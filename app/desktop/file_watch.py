"""Notices that somebody else changed a small file: another program, an editor, the desktop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject


class FileWatch(QObject):
    """Calls `on_change` after every change of the file, and perhaps of its neighbours; our own
    writes are among them.

    Watched are its folder, for a file that is replaced whole, and the file itself, for one that
    is written over. As long as the folder is missing, the nearest one above it is watched.
    """

    def __init__(self, file: Path, on_change: Callable[[], None]) -> None:
        super().__init__()
        self._file = file
        self._on_change = on_change
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_event)
        self._watcher.fileChanged.connect(self._on_event)
        self._watch()

    def stop(self) -> None:
        watched = [*self._watcher.directories(), *self._watcher.files()]
        if watched:
            self._watcher.removePaths(watched)

    def _on_event(self, _path: str) -> None:
        self._watch()
        self._on_change()

    def _watch(self) -> None:
        """A file put in the place of another is a new one to the system, and so is a folder."""
        folder = next((one for one in self._file.parents if one.is_dir()), None)
        watched = self._watcher.directories()
        if folder is not None and str(folder) not in watched:
            if watched:
                self._watcher.removePaths(watched)
            self._watcher.addPath(str(folder))
        if not self._watcher.files() and self._file.exists():
            self._watcher.addPath(str(self._file))
