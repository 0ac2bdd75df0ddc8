"""Dark or light, how much contrast, how large letters: what the desktop's portal says of it, told
to the theme.

Qt asks the portal on some desktops only (6.11: GNOME, Xfce and their like), so it is asked here
on all of them. GNOME's older portals pass its own key for high contrast on. Qt reads the font of
KDE at its start only, and nothing of GNOME's larger text: on X11 that scales the whole display,
on Wayland each program's letters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from app.desktop.portal_settings import PortalSettings
from app.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_APPEARANCE = "org.freedesktop.appearance"
_MOST = 8.0  # times larger: whatever is beyond is no size
_SCHEMES = {1: Qt.ColorScheme.Dark, 2: Qt.ColorScheme.Light}  # 0: no preference
_HIGH = 1


class DesktopLooks(QObject):
    """Follows the desktop as long as the theme exists."""

    def __init__(self, theme: Theme, session: QDBusConnection | None = None) -> None:
        super().__init__(theme)
        self._theme = theme
        self._scheme = Qt.ColorScheme.Unknown
        self._wants_contrast: dict[str, bool] = {}
        self._points, self._factor = 0.0, 1.0
        self._portal = PortalSettings(
            {
                (_APPEARANCE, "color-scheme"): self._note_scheme,
                (_APPEARANCE, "contrast"): lambda value: self._note("common", value == _HIGH),
                ("org.gnome.desktop.a11y.interface", "high-contrast"): lambda value: self._note(
                    "gnome", value is True
                ),
                ("org.kde.kdeglobals.General", "font"): self._note_font,
                ("org.gnome.desktop.interface", "text-scaling-factor"): self._note_factor,
            },
            session,
        )

    def _note_scheme(self, value: object) -> None:
        number = value if isinstance(value, int) else 0
        self._scheme = _SCHEMES.get(number, Qt.ColorScheme.Unknown)
        self._tell()

    def _note(self, source: str, wants_contrast: bool) -> None:
        self._wants_contrast[source] = wants_contrast
        self._tell()

    def _note_font(self, value: object) -> None:
        """KDE writes fonts as Qt does: family, points and more, with commas between them."""
        words = str(value).split(",")
        self._points = _size(words[1]) if len(words) > 1 else 0.0
        self._theme.note_letters(self._points, self._factor)

    def _note_factor(self, value: object) -> None:
        if QGuiApplication.platformName().startswith("wayland"):
            self._factor = min(_MOST, _size(value)) or 1.0
            self._theme.note_letters(self._points, self._factor)

    def _tell(self) -> None:
        wants_contrast = any(self._wants_contrast.values())
        self._theme.note_desktop(self._scheme, wants_contrast=wants_contrast)


def _size(value: object) -> float:
    """A positive number, 0 for anything else."""
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if 0 < number < math.inf else 0.0
