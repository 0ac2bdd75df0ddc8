"""The question whether to restart, once another version has taken the place of our files.

A plain box of Qt's, and nothing imported but what the tray has loaded: any module of ours would
be the other version's by now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.ui.bringing_up import bring_up
from app.wording import replacement as words

if TYPE_CHECKING:  # Qt is loaded, its Python type costs memory
    from PySide6.QtWidgets import QMessageBox

# As the questions of the program: text wide enough (Qt breaks it at 200 pixels), a bold title.
_SHEET = """
    QLabel#qt_msgbox_label { font-weight: 600; }
    QLabel#qt_msgbox_informativelabel { min-width: 300px; }
"""


class ReplacementNotice:
    """Stands once before what the person wished; afterwards the panel's banner says it."""

    def __init__(self, restart: Callable[[], None]) -> None:
        self._restart = restart
        self._wish: Callable[[], object] | None = None
        self._box: QMessageBox | None = None
        self._is_answered = False

    def put_before(self, wish: Callable[[], object]) -> None:
        """Ask, and do `wish` if the person does not want to restart now."""
        if self._is_answered:
            self._try(wish)
            return
        self._wish = wish
        if self._box is None:
            self._box = restart_box()
            self._box.accepted.connect(self._agree)
            self._box.rejected.connect(self._refuse)
        bring_up(self._box)

    def close(self) -> None:
        if self._box is not None:
            self._box.blockSignals(True)
            self._box.hide()
            self._box.deleteLater()
            self._box = None

    def _agree(self) -> None:
        self.close()
        self._restart()

    def _refuse(self) -> None:
        self._is_answered = True
        self.close()
        if self._wish is not None:
            self._try(self._wish)

    def _try(self, wish: Callable[[], object]) -> None:
        try:
            wish()
        except Exception:
            self._is_answered = False  # it does not work without: the next wish is asked again
            raise


def restart_box() -> QMessageBox:
    """In the language in force; `accepted` is the answer yes."""
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - hardly ever

    box = QMessageBox()
    box.setWindowTitle(words.title())
    box.setStyleSheet(_SHEET)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(words.title())
    box.setInformativeText(words.text())
    restart = box.addButton(words.restart(), QMessageBox.ButtonRole.AcceptRole)
    restart.setProperty("kind", "primary")
    restart.style().polish(restart)
    box.setDefaultButton(restart)
    box.setEscapeButton(box.addButton(words.not_now(), QMessageBox.ButtonRole.RejectRole))
    return box
