"""The rows of conversations as a list to walk through, with a menu for each.

Keys: arrows and Enter, F2 renames in place, Delete asks to delete, the menu key shows all of it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QListView, QMenu, QWidget

from app.ui import theme
from app.ui.conversation_list_content import Row
from app.ui.conversation_rows import ROW, ConversationModel, RowPainter, is_on_more
from app.ui.labels import plain
from app.ui.viewports import clear_viewport
from app.wording import conversations as words


class ConversationView(QListView):
    """What is wished of the current row; `left` when the keyboard goes above the first one."""

    opened = Signal(str)  # the id of a conversation
    renamed = Signal(str, str)  # id, title
    delete_requested = Signal(object)  # a `Row`
    export_requested = Signal(object, str)  # a `Row`, "markdown" or "json"
    edited = Signal()  # a title was changed or left as it was
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ConversationModel(self)
        self.rows.renamed.connect(self.renamed)
        self.setModel(self.rows)
        self.setFrameShape(QListView.Shape.NoFrame)
        self._viewport = clear_viewport(self)  # rows lie on the window
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_context)
        painter = RowPainter(self)
        painter.menu_requested.connect(self.show_menu)
        self.setItemDelegate(painter)

    @property
    def current(self) -> Row | None:
        """The row the keyboard is on."""
        row: Row | None = self.currentIndex().data(ROW)
        return row

    @property
    def is_editing(self) -> bool:
        """A title is being changed."""
        return self.state() == QAbstractItemView.State.EditingState

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show `rows`; the current one stays current wherever it went."""
        before = self.current
        if self.rows.show_rows(rows) and rows:
            place = self.rows.place_of(before.conversation_id) if before else -1
            self.setCurrentIndex(self.rows.index(max(0, place)))

    def open_current(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current.conversation_id)

    def rename_current(self) -> None:
        self.setFocus()
        self.edit(self.currentIndex())

    def show_menu(self, index: QPersistentModelIndex) -> QMenu | None:
        """What can be done with a row, below its button; None without a row."""
        if index.isValid():
            self.setCurrentIndex(self.rows.index(index.row()))
        row = self.current
        if row is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, keys, act in (
            (words.open_it(), "Return", self.open_current),
            (words.rename(), "F2", self.rename_current),
            (words.export_markdown(), "", partial(self.export_requested.emit, row, "markdown")),
            (words.export_json(), "", partial(self.export_requested.emit, row, "json")),
            (words.delete(), "Del", partial(self.delete_requested.emit, row)),
        ):
            action = menu.addAction(plain(text))
            if keys:
                action.setShortcut(QKeySequence(keys))
            action.triggered.connect(act)
        menu.setMinimumWidth(menu.sizeHint().width() + theme.PADDING)  # between words and keys
        place = self.visualRect(self.currentIndex()).bottomRight()
        menu.popup(self.viewport().mapToGlobal(place - QPoint(12, 4)))
        return menu

    def _on_context(self, at: QPoint) -> None:
        self.show_menu(QPersistentModelIndex(self.indexAt(at)))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.edited.emit()

    # --- events ------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if (
            event.button() is Qt.MouseButton.LeftButton
            and index.isValid()
            and not is_on_more(event, self.visualRect(index))
        ):
            self.open_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_editing:
            self.open_current()
        elif event.key() == Qt.Key.Key_Delete and self.current is not None:
            self.delete_requested.emit(self.current)
        elif event.key() == Qt.Key.Key_Menu:
            self.show_menu(QPersistentModelIndex(self.currentIndex()))
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left.emit()
        else:
            super().keyPressEvent(event)
