"""What only the windows know of where they are shown, for a diagnosis. No name, no address."""

from __future__ import annotations

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication


def qt_facts() -> dict[str, str]:
    """Qt's version and platform, the screens, the style."""
    screens = QGuiApplication.screens()
    sizes = (f"{s.size().width()}x{s.size().height()}@{s.devicePixelRatio():g}" for s in screens)
    style = QApplication.style()
    return {
        "version": qVersion() or "",
        "pyside": PySide6.__version__,
        "platform": QGuiApplication.platformName(),
        "style": style.objectName() if style else "",
        "screens": " ".join(sizes),
        "scheme": QGuiApplication.styleHints().colorScheme().name.lower(),
    }
