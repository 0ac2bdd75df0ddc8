"""Choosing a file without holding anything up: no loop of its own, so an answer streams on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


class FileDialog(QFileDialog):
    """Gone once it is closed; `title` is asked again when the language changes."""

    def __init__(self, parent: QWidget, title: Callable[[], str], folder: str = "") -> None:
        super().__init__(parent, title(), folder)
        self._title = title
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setWindowTitle(self._title())


def ask_for_file(
    parent: QWidget, title: Callable[[], str], patterns: str, then: Callable[[str], object]
) -> None:
    """Offer the files that match `patterns`, or all; `then` is called with the chosen path."""
    dialog = FileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([patterns, "*"])
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_where_to_save(
    parent: QWidget, title: Callable[[], str], file_name: str, then: Callable[[str], object]
) -> None:
    """Offer `file_name` in the folder of documents; `then` is called with the chosen path."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    dialog = FileDialog(parent, title, QStandardPaths.writableLocation(documents))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    suffix = file_name.rpartition(".")[2]
    dialog.setDefaultSuffix(suffix)
    dialog.setNameFilter(f"*.{suffix}")
    dialog.selectFile(file_name)
    dialog.fileSelected.connect(then)
    dialog.open()
