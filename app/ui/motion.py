"""Whether the system welcomes motion.

Qt 6.11 tells of contrast only, so on Linux the desktop portal is asked: the common key
`reduced-motion`, and those of GNOME and KDE that older portals pass on. Elsewhere the style of
the platform knows how long animations last.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

    from app.desktop.portal_settings import PortalSettings

_IS_LINUX = sys.platform.startswith("linux")
_KEYS = (
    ("org.freedesktop.appearance", "reduced-motion"),  # 1: reduced
    ("org.gnome.desktop.interface", "enable-animations"),
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"),  # 0: none
)


class Motion(QObject):
    """Follows the wish of the system from `start()` on; until it is known, motion is welcome."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused: set[str] = set()
        self._portal: PortalSettings | None = None

    def start(self, session: QDBusConnection | None = None) -> None:
        """Ask the portal, if there is one, without waiting for it. None: the session's bus."""
        if self._portal is not None or not _IS_LINUX:
            return
        from app.desktop.portal_settings import PortalSettings  # noqa: PLC0415 - not for the start

        told = {key: partial(self._note, key[1]) for key in _KEYS}
        self._portal = PortalSettings(told, session)

    def is_welcome(self, widget: QWidget) -> bool:
        """False if the system asks for none."""
        if self._refused:
            return False
        if _IS_LINUX:
            return True
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - its names take 7 ms to make

        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return widget.style().styleHint(hint, None, widget) > 0

    def _note(self, key: str, value: object) -> None:
        if key == "reduced-motion":
            is_refused = value == 1
        elif key == "enable-animations":
            is_refused = value is False
        else:
            is_refused = _is_zero(value)
        (self._refused.add if is_refused else self._refused.discard)(key)


def _is_zero(value: object) -> bool:
    """KDE passes a number on as text."""
    try:
        return float(str(value)) == 0
    except ValueError:
        return False
