"""Measuring a window before it is shown: Qt leaves the layouts of hidden windows as they were."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def needed_height(window: QWidget, width: int) -> int:
    """The height `window` needs at `width`, measured from the widgets as they are now."""
    _measure_anew(window)
    layout = window.layout()
    if layout is None:
        return window.sizeHint().height()
    # -1: nothing in it wraps, so the width does not matter.
    height = layout.totalHeightForWidth(width)
    return height if height >= 0 else layout.totalSizeHint().height()


def _measure_anew(widget: QWidget) -> None:
    """Forget the remembered sizes of `widget` and of all it holds, innermost first."""
    for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if not child.isWindow():
            _measure_anew(child)
    widget.ensurePolished()
    layout = widget.layout()
    if layout is not None:
        _invalidate(layout)
    widget.updateGeometry()


def _invalidate(layout: QLayout) -> None:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is not None and (inner := item.layout()) is not None:
            _invalidate(inner)
    layout.invalidate()
