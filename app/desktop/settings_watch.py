"""Notices that somebody else changed the settings file: `tidegauge config`, or an editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject

from app.errors import AppError
from app.paths import private_folder


class SettingsWatch(QObject):
    """Calls `on_change` after every change of the file; our own writes are among them.

    Both are watched: the folder, for a file that is replaced whole, and the file itself, for one
    that an editor writes over.
    """

    def __init__(self, file: Path, on_change: Callable[[], None]) -> None:
        super().__init__()
        self._file = file
        self._on_change = on_change
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_event)
        self._watcher.fileChanged.connect(self._on_event)
        try:
            folder = private_folder(file.parent)
        except AppError:
            return  # F-D09: no file can be there, and saving will say so
        self._watcher.addPath(str(folder))
        self._watch_file()

    def stop(self) -> None:
        watched = [*self._watcher.directories(), *self._watcher.files()]
        if watched:
            self._watcher.removePaths(watched)

    def _on_event(self, _path: str) -> None:
        self._watch_file()
        self._on_change()

    def _watch_file(self) -> None:
        """A file put in the place of another is a new one to the system."""
        if not self._watcher.files() and self._file.exists():
            self._watcher.addPath(str(self._file))
