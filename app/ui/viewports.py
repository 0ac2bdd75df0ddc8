"""What scrolls shows its content on a widget that Qt made: it is found here, not asked for.

PySide has no type yet for what `viewport()` returns and looks for one among all widgets there
are, for which it makes each of their types: 2 MB with the first call. A child that is found by
its name has the type that was asked for.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

_NAME = "qt_scrollarea_viewport"


def clear_viewport(area: QAbstractScrollArea) -> QWidget:
    """The viewport of `area`, without a ground of its own.

    To be kept as long as the area is: while PySide knows it, `viewport()` costs nothing.
    """
    only_children = Qt.FindChildOption.FindDirectChildrenOnly
    viewport = area.findChild(QWidget, _NAME, only_children) or area.viewport()
    viewport.setAutoFillBackground(False)
    return viewport
