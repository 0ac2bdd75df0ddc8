"""Small widgets every window uses: plain-text labels, buttons, rules and badges.

Texts may come from the service, so every label is `PlainText` and every mnemonic character is
escaped; nothing else in the interface creates a QLabel (T-55).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from app.ui import icons, theme
from app.ui.markup import plain, tooltip

_ICON_PX = 16
ICON_ROOM = 7  # pixels around the drawing of an icon button: it, not the button, ends a row

__all__ = [
    "ICON_ROOM",
    "Badge",
    "IconButton",
    "TextLabel",
    "explain",
    "plain",
    "push_button",
    "rule",
    "tooltip",
]

_RIGHT_TO_LEFT_MARK = "\u200f"


def explain(widget: QWidget, text: str) -> None:
    """Set the tooltip, and for screen readers the same without Qt's mark-up."""
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(text)


class TextLabel(QLabel):
    """A plain-text label in one theme colour, repainted only when its text changes.

    `colour` is the name of a token. With `elide` the text is cut with an ellipsis and the
    whole of it stands in the tooltip; with `keeps_end`, too, it is cut in its middle.
    `prose` is somebody else's, in a direction of its own.
    """

    def __init__(
        self,
        text: str = "",
        *,
        colour: str = "ink",
        pixels: int = theme.BODY_PX,
        weight: QFont.Weight = QFont.Weight.Normal,
        tabular: bool = False,
        wrap: bool = False,
        elide: bool = False,
        keeps_end: bool = False,
        prose: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setWordWrap(wrap)
        self._style = (pixels, weight, tabular)
        self._colour = colour
        self._elides = elide
        middle, end = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
        self._cut = middle if keeps_end else end
        self._whole = ""
        self._shown = ""
        self._is_prose = prose
        self._more = ""
        self.setFont(self._wanted_font())
        self._recolour()
        self.show_text(text)

    @property
    def elides(self) -> bool:
        """Whether it may be shown cut."""
        return self._elides

    @property
    def whole_text(self) -> str:
        """The text as given, also where the label shows it cut."""
        return self._whole

    def show_text(self, text: str, colour: str | None = None) -> None:
        """Show `text`; an unchanged text costs nothing."""
        if colour is not None and colour != self._colour:
            self._colour = colour
            self._recolour()
        if text == self._whole:
            return
        self._whole = text
        self.setAccessibleName(text)
        if self._elides:
            self._elide()
            self.updateGeometry()
        else:
            self._put(text)

    def show_more(self, text: str) -> None:
        """What the tooltip adds, whether the label is cut or not."""
        if text != self._more:
            self._more = text
            self._explain()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(24, hint.height()) if self._elides else hint

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self._elides:
            return hint
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elides:
            self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._recolour()
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._put(self._shown)
        if event.type() == QEvent.Type.StyleChange:  # the language, so the family, may differ
            font = self._wanted_font()
            if font != self.font():
                self.setFont(font)

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, self._cut, max(self.width(), 24))
        if shown != self._shown:
            self._put(shown)
        self._explain()

    def _put(self, text: str) -> None:
        """Qt aligns a label by its first letter; a name in a mirrored window goes with the rest."""
        self._shown = text
        mirrors = self.isRightToLeft() and not self._is_prose and bool(text)
        self.setText(f"{_RIGHT_TO_LEFT_MARK}{text}" if mirrors else text)

    def _explain(self) -> None:
        cut = self._elides and self._shown != self._whole
        explain(self, "\n".join(part for part in (self._whole if cut else "", self._more) if part))

    def _wanted_font(self) -> QFont:
        pixels, weight, tabular = self._style
        return theme.text_font(pixels, weight, tabular=tabular)

    def _recolour(self) -> None:
        wanted = theme.current().colour(self._colour)
        if self.palette().color(QPalette.ColorRole.WindowText) != wanted:
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)


class Badge(TextLabel):
    """A short word in a rounded frame (the plan, the model)."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(
            text,
            colour="secondary",
            pixels=theme.CAPTION_PX,
            weight=QFont.Weight.Medium,
            parent=parent,
        )
        self.setObjectName("badge")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)


def rule(parent: QWidget | None = None) -> QFrame:
    """A hairline across the window, from edge to edge."""
    line = QFrame(parent)
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


def push_button(text: str, *, primary: bool = False, parent: QWidget | None = None) -> QPushButton:
    """A button with a word on it; at most one primary button per window."""
    button = QPushButton(plain(text), parent)
    button.setProperty("kind", "primary" if primary else "plain")
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


class IconButton(QToolButton):
    """An icon that is named: tooltip and accessible name say what it does."""

    def __init__(self, icon_name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._is_busy = False
        self.setProperty("kind", "icon")
        self.setIconSize(QSize(1, 1) * theme.scaled(_ICON_PX))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.rename(text)
        self._redraw()

    def rename(self, text: str) -> None:
        """Change what the button says it does."""
        self.setAccessibleName(text)
        explain(self, text)

    def show_busy(self, is_busy: bool) -> None:
        """Pale while what it asks for is under way; it keeps the keyboard."""
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.EnabledChange,
        ):
            self._redraw()

    def _redraw(self) -> None:
        colours = theme.current()
        token = "line" if self._is_busy else "secondary" if self.isEnabled() else "faint"
        self.setIcon(icons.icon(self._icon_name, colours.colour(token), theme.scaled(_ICON_PX)))
