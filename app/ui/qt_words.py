"""What Qt itself says and how it lays windows out, in the language in force.

The menus of text fields and the dialog for files are Qt's; it brings their words in catalogues of
its own. A language that runs from right to left mirrors every window.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QObject, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from app.wording import language

_LOG = logging.getLogger(__name__)


class QtWords(QObject):
    """Follows the language by `speak`; to be called when it may have changed.

    Windows that do not show the state, such as dialogs, hear of it by Qt's `LanguageChange`.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._locale = language.SOURCE_LOCALE  # Qt's own source language as well
        self._translator: QTranslator | None = None

    def speak(self) -> None:
        """Use the language in force; the same once more costs nothing."""
        locale = language.locale()
        if locale == self._locale:
            return
        self._locale = locale
        before, self._translator = self._translator, None
        if before is not None:
            self._app.removeTranslator(before)
        if locale != language.SOURCE_LOCALE:
            self._translator = self._installed(locale)
        if before is self._translator:  # without words of its own, Qt tells nobody
            for window in self._app.topLevelWidgets():
                QCoreApplication.postEvent(window, QEvent(QEvent.Type.LanguageChange))
        is_leftwards = language.is_right_to_left()
        direction = (
            Qt.LayoutDirection.RightToLeft if is_leftwards else Qt.LayoutDirection.LeftToRight
        )
        self._app.setLayoutDirection(direction)

    def _installed(self, locale: str) -> QTranslator | None:
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        translator = QTranslator(self)
        if not translator.load(f"qtbase_{locale}", folder):
            _LOG.info("Qt has no words in %s", locale)
            return None
        self._app.installTranslator(translator)
        return translator
