"""Dark or light, and how much contrast: what the desktop's portal says of it, told to the theme.

Qt asks the portal on some desktops only (6.11: GNOME, Xfce and their like), so it is asked here
on all of them. GNOME's older portals pass its own key for high contrast on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from app.desktop.portal_settings import PortalSettings
from app.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_APPEARANCE = "org.freedesktop.appearance"
_SCHEMES = {1: Qt.ColorScheme.Dark, 2: Qt.ColorScheme.Light}  # 0: no preference
_HIGH = 1


class DesktopLooks(QObject):
    """Follows the desktop as long as the theme exists."""

    def __init__(self, theme: Theme, session: QDBusConnection | None = None) -> None:
        super().__init__(theme)
        self._theme = theme
        self._scheme = Qt.ColorScheme.Unknown
        self._wants_contrast: dict[str, bool] = {}
        self._portal = PortalSettings(
            {
                (_APPEARANCE, "color-scheme"): self._note_scheme,
                (_APPEARANCE, "contrast"): lambda value: self._note("common", value == _HIGH),
                ("org.gnome.desktop.a11y.interface", "high-contrast"): lambda value: self._note(
                    "gnome", value is True
                ),
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

    def _tell(self) -> None:
        wants_contrast = any(self._wants_contrast.values())
        self._theme.note_desktop(self._scheme, wants_contrast=wants_contrast)
