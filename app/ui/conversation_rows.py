"""The rows of the list of conversations: painted, not built, so that a thousand cost nothing.

A row is two lines, three where a search found something inside. Its right end is a button that
opens the row's menu; everything in the menu has a key as well.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import icons, theme
from app.ui.conversation_list_content import Row
from app.wording import conversations as words

_SIDE = theme.PADDING
_LINE = 18  # for letters of the usual size
_MORE = 28  # width of the button at the right end

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class ConversationModel(QAbstractListModel):
    """The rows as values; a change of all of them is one reset."""

    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> bool:
        """Show `rows`; False if they are shown already."""
        if rows == self._rows:
            return False
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return True

    def place_of(self, conversation_id: str) -> int:
        """Where a conversation stands, -1 if it is not listed."""
        return next(
            (n for n, row in enumerate(self._rows) if row.conversation_id == conversation_id), -1
        )

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return row.own_title
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.excerpt
        return row if role == ROW else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or value == row.own_title:
            return False
        self.renamed.emit(row.conversation_id, str(value))
        return True  # the new title comes back with the state

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class RowPainter(QStyledItemDelegate):
    """Paints rows, opens the menu, edits titles in place."""

    menu_requested = Signal(QPersistentModelIndex)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(ROW)
        return QSize(100, 14 + theme.scaled(_LINE) * (3 if row.excerpt else 2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        rect: QRect = option.rect
        flags = QStyle.StateFlag
        is_current = bool(option.state & flags.State_HasFocus)
        is_near = is_current or bool(option.state & flags.State_MouseOver)
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_near or row.is_open:
            ground = "bubble" if row.is_open else "shade"
            painter.setBrush(colours.colour(ground))
            edge = QPen(QColor(colours.edge(ground)), 1)
            painter.setPen(QPen(colours.colour("calm"), 1.5) if is_current else edge)
            painter.drawRoundedRect(rect.toRectF().adjusted(4.5, 1.5, -4.5, -1.5), 8, 8)
        line = rect.adjusted(_SIDE, 7, -_SIDE - (_MORE if is_near else 0), 0)
        step = theme.scaled(_LINE)
        line.setHeight(step)
        small = theme.text_font(theme.CAPTION_PX)
        medium = theme.text_font(theme.BODY_PX, QFont.Weight.Medium)
        _draw(painter, line, row.title, medium, "ink")
        _draw(painter, line.translated(0, step), row.details, small, "secondary")
        if row.excerpt:
            _draw(painter, line.translated(0, 2 * step), row.excerpt, small, "secondary")
        if is_near:
            icon = icons.icon("more", colours.colour("secondary"))
            icon.paint(painter, _more(rect).adjusted(6, 6, -6, -6))
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if isinstance(event, QMouseEvent) and is_on_more(event, option.rect):
            if event.type() == QEvent.Type.MouseButtonRelease:
                self.menu_requested.emit(QPersistentModelIndex(index))
            return True
        return super().editorEvent(event, model, option, index)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(theme.text_font())
        editor.setMaxLength(200)
        editor.setAccessibleName(words.title_field())
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(6, 4, -6, 4 + editor.sizeHint().height() - rect.height()))


def is_on_more(event: QMouseEvent, rect: QRect) -> bool:
    """Whether the pointer is on the button at the right end of a row."""
    return _more(rect).contains(event.position().toPoint())


def _more(rect: QRect) -> QRect:
    return QRect(rect.right() - _MORE - 6, rect.center().y() - _MORE // 2, _MORE, _MORE)


def _draw(painter: QPainter, place: QRect, text: str, font: QFont, token: str) -> None:
    painter.setFont(font)
    painter.setPen(theme.current().colour(token))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
