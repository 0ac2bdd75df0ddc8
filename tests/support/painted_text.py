"""Every text a window paints, in the colour it is painted in and on the ground it stands on.

The colour comes from the painter: each widget paints once more onto a device that takes only
texts, so style sheets, palettes, documents and paint events count as they are. The ground comes
from the window's picture: the commonest colour where the text stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import (
    QColor,
    QFontInfo,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QRegion,
    QTextItem,
)
from PySide6.QtWidgets import QWidget

from app.ui.colours import Colours, contrast, least_contrast

_LARGE_PX, _LARGE_BOLD_PX = 24.0, 18.66  # WCAG's 18 and 14 points
_LARGE_LEAST = {4.5: 3.0, 7.0: 4.5}
_BOLD = 600


@dataclass(frozen=True, slots=True)
class PaintedText:
    """One run of text; `colour` and `ground` as `#rrggbb`, transparency taken into account."""

    text: str
    widget: str
    colour: str
    ground: str
    is_large: bool

    @property
    def ratio(self) -> float:
        return contrast(self.colour, self.ground)

    def reads(self, colours: Colours) -> bool:
        """Whether it has the contrast that WCAG asks of text of its size."""
        least = least_contrast(colours)
        return self.ratio >= (_LARGE_LEAST[least] if self.is_large else least)


@dataclass(frozen=True, slots=True)
class Run:
    """One text as a widget paints it."""

    text: str
    colour: QColor
    box: QRectF  # within the widget
    is_large: bool


class _Texts(QPaintEngine):
    """Takes texts, and nothing else that is painted."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.runs: list[Run] = []

    def drawTextItem(self, at: Any, item: QTextItem) -> None:
        painter = self.painter()
        place = painter.combinedTransform().map(at)
        box = QRectF(
            place.x(), place.y() - item.ascent(), item.width(), item.ascent() + item.descent()
        )
        colour = QColor(painter.pen().color())
        colour.setAlphaF(colour.alphaF() * painter.opacity())
        font = QFontInfo(item.font())
        least = _LARGE_BOLD_PX if font.weight() >= _BOLD else _LARGE_PX
        is_large = font.pixelSize() >= least
        self.runs.append(Run(item.text(), colour, box, is_large))

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        """The painter is asked."""

    def drawImage(self, *what: object) -> None:
        """No text."""

    drawPath = drawPolygon = drawRects = drawLines = drawImage  # noqa: N815 - Qt's names
    drawEllipse = drawPoints = drawTiledPixmap = drawPixmap = drawImage  # noqa: N815 - as above


class _Paper(QPaintDevice):
    """As large as a widget, and nothing on it but the texts of its engine."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.engine = _Texts()
        metrics = QPaintDevice.PaintDeviceMetric
        self._metrics = {
            metrics.PdmWidth: size.width(),
            metrics.PdmHeight: size.height(),
            metrics.PdmDpiX: 96,
            metrics.PdmDpiY: 96,
            metrics.PdmPhysicalDpiX: 96,
            metrics.PdmPhysicalDpiY: 96,
            metrics.PdmDepth: 32,
            metrics.PdmNumColors: 0,
            metrics.PdmDevicePixelRatioScaled: 0x10000,
        }

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, which: QPaintDevice.PaintDeviceMetric) -> int:
        return self._metrics.get(which, 1)


def painted_texts(window: QWidget) -> list[PaintedText]:
    """All texts to be seen in `window`, which is shown, at this moment."""
    picture = window.grab().toImage()
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisible() or widget.window() is not window:
            continue
        seen = widget.visibleRegion().boundingRect()
        if seen.isEmpty():
            continue
        corner = widget.mapTo(window, QPoint(0, 0))
        for run in runs_of(widget):
            box = run.box.toAlignedRect().intersected(seen).translated(corner)
            box = box.intersected(picture.rect())
            if not run.text.strip() or box.height() < run.box.height() * 0.6 or box.width() < 2:
                continue
            ground = _commonest(picture, box)
            found.append(
                PaintedText(
                    run.text, _name(widget), _over(run.colour, ground), ground.name(), run.is_large
                )
            )
    return found


def runs_of(widget: QWidget) -> list[Run]:
    """The texts that `widget` itself paints, seen or not."""
    paper = _Paper(widget.size())
    flags = QWidget.RenderFlag.DrawWindowBackground
    QWidget.render(widget, paper, QPoint(0, 0), QRegion(), flags)  # some have their own `render`
    return paper.engine.runs


def _commonest(picture: QImage, box: QRect) -> QColor:
    """Of the colours in the box; letters cover less than half of it."""
    counted = Counter(
        picture.pixel(x, y)
        for y in range(box.top(), box.bottom() + 1)
        for x in range(box.left(), box.right() + 1)
    )
    return QColor(counted.most_common(1)[0][0])


def _over(colour: QColor, ground: QColor) -> str:
    """What is seen of a colour that lets some of the ground through."""
    share = colour.alphaF()
    channels = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a * share + b * (1 - share)) for a, b in channels)).name()


def _name(widget: QWidget) -> str:
    owner = widget.parentWidget()
    name = type(widget).__name__
    if name == "QWidget" and owner is not None:
        name = f"{type(owner).__name__}'s viewport"
    return name
