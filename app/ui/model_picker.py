"""The choice of model and effort, in the service's own words: a card below its button.

It lies inside the chat's window, so that screen readers find it and every desktop puts it in the
right place. Two lists, walked with the arrow keys; a choice is in force at once. What the service
calls its models is a stranger's text and shown as one plain line.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.chat.models import ModelChoice
from app.settings import Settings
from app.ui import theme
from app.ui.labels import TextLabel
from app.ui.model_rows import Row, effort_rows, model_rows
from app.ui.viewports import clear_viewport
from app.wording import composing as words

_WIDTH = 320
_MOST_SHOWN = 6
_SIDE = 10
_LINE = 17


class _RowPainter(QStyledItemDelegate):
    """Two lines: the name, and fainter what the service says of it; a dot beside the chosen one."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(theme.scaled(_WIDTH) - 24, _row_height(index.data(Qt.ItemDataRole.UserRole)))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        colours = theme.current()
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver):
            painter.setBrush(colours.colour("bubble"))
            has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(colours.colour("calm"), 1.5) if has_focus else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(rect.toRectF().adjusted(1, 1, -1, -1), 6, 6)
        inner = rect.adjusted(_SIDE + 14, 5, -_SIDE, -5)
        if row.is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("calm"))
            painter.drawEllipse(
                QPoint(rect.left() + _SIDE + 2, inner.top() + theme.scaled(_LINE) // 2), 4, 4
            )
        weight = QFont.Weight.DemiBold if row.is_chosen else QFont.Weight.Medium
        _draw_line(painter, inner, row.name, theme.text_font(theme.BODY_PX, weight), "ink")
        if row.text:
            below = inner.adjusted(0, theme.scaled(_LINE), 0, 0)
            _draw_line(painter, below, row.text, theme.text_font(theme.CAPTION_PX), "secondary")
        painter.restore()


def _row_height(row: Row) -> int:
    return 10 + theme.scaled(_LINE) * (2 if row.text else 1)


def _draw_line(painter: QPainter, place: QRect, text: str, font: QFont, token: str) -> None:
    painter.setFont(font)
    painter.setPen(theme.current().colour(token))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    painter.drawText(place, flags, shown)


class ChoiceList(QListWidget):
    """Rows to choose one from; Enter, Space or a click does."""

    row_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_RowPainter(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._viewport = clear_viewport(self)
        self.itemClicked.connect(self._choose)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show `rows`; equal ones change nothing."""
        if rows == self._rows:
            return
        self._rows = rows
        at = self.currentRow()
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.name)
            item.setData(Qt.ItemDataRole.UserRole, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, row.text)
            item.setToolTip("")
            self.addItem(item)
        chosen = next((n for n, row in enumerate(rows) if row.is_chosen), 0)
        self.setCurrentRow(at if 0 <= at < len(rows) else chosen)

    def height_of(self, most: int) -> int:
        """Pixels that the first `most` rows need."""
        return sum(_row_height(row) for row in self._rows[:most]) + 4

    def _choose(self, item: QListWidgetItem) -> None:
        self.row_chosen.emit(item.data(Qt.ItemDataRole.UserRole).value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and item:
            self._choose(item)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ModelPicker(QFrame):
    """`chosen` carries a setting's key and its new value."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button: QWidget | None = None
        self._before: QWidget | None = None  # what had the keyboard
        self.setFixedWidth(theme.scaled(_WIDTH))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()
        self.model_heading = TextLabel(
            colour="secondary", pixels=theme.CAPTION_PX, weight=QFont.Weight.Medium
        )
        self.effort_heading = TextLabel(
            colour="secondary", pixels=theme.CAPTION_PX, weight=QFont.Weight.Medium
        )
        self.note = TextLabel(colour="faint", pixels=theme.CAPTION_PX, wrap=True)
        self.models = ChoiceList(self)
        self.efforts = ChoiceList(self)
        for one in (self.models, self.efforts):
            one.installEventFilter(self)
        self.models.row_chosen.connect(lambda slug: self.chosen.emit("chat_model", slug))
        self.efforts.row_chosen.connect(lambda name: self.chosen.emit("chat_effort", name))
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.setSpacing(theme.UNIT)
        for widget in (self.model_heading, self.models, self.note):
            box.addWidget(widget)
        box.addSpacing(theme.GAP)
        box.addWidget(self.effort_heading)
        box.addWidget(self.efforts)

    def render(self, models: tuple[ModelChoice, ...] | None, settings: Settings) -> None:  # type: ignore[override]
        """Show what there is to choose, None: not known yet; and what is chosen."""
        self.model_heading.show_text(words.model_heading())
        self.effort_heading.show_text(words.effort_heading())
        self.models.setAccessibleName(words.model_heading())
        self.efforts.setAccessibleName(words.effort_heading())
        note = words.reading_models() if models is None else "" if models else words.no_models()
        self.note.show_text(note)
        self.note.setVisible(bool(note))
        self.models.show_rows(model_rows(models or (), settings.chat_model))
        self.efforts.show_rows(effort_rows(models or (), settings.chat_model, settings.chat_effort))
        self._fit()

    def show_below(self, button: QWidget) -> None:
        """Open below `button`, or close."""
        if self.isVisible():
            self._leave()
            return
        self._button = button
        self._before = button.window().focusWidget()
        self._fit()
        self.show()
        self.raise_()
        self.models.setFocus()

    def _fit(self) -> None:
        """Below the button, within the window: the lists share what room there is."""
        window, button = self.parentWidget(), self._button
        room = 1_000
        if window is not None and button is not None:
            below = button.mapTo(window, QPoint(button.width(), button.height() + 4))
            left = min(below.x(), window.width() - 8) - self.width()
            if self.isRightToLeft():
                left = min(below.x() - button.width(), window.width() - 8 - self.width())
            self.move(max(8, left), below.y())
            room = window.height() - below.y() - 8
        self.models.setFixedHeight(self.models.height_of(_MOST_SHOWN))
        self.efforts.setFixedHeight(self.efforts.height_of(_MOST_SHOWN))
        missing = self.sizeHint().height() - room
        if missing > 0:
            for one in (self.efforts, self.models):
                cut = min(missing, max(0, one.height() - one.height_of(2)))
                one.setFixedHeight(one.height() - cut)
                missing -= cut
        self.adjustSize()

    def _leave(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            focused = QApplication.focusWidget()
            if self.isVisible() and not (focused is not None and self.isAncestorOf(focused)):
                self.hide()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colours.colour("background"))
        painter.setPen(QPen(colours.colour("line"), 1))
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.end()
