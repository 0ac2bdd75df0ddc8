"""Sizes and fonts of the interface, and which of its four sets of colours holds.

Qt's own colour scheme cannot be trusted on Linux (it may say dark over a light palette, or
nothing), so the program brings its palettes and decides by itself which one holds: by the
settings, by what the desktop portal says (`note_desktop`), by Qt's hints, by the lightness of the
system's palette. Widgets ask `current()` when they paint: a live switch is a palette change,
nothing else.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.ui import STYLED
from app.ui import colours as sets
from app.ui.colours import Colours
from app.wording import language

if TYPE_CHECKING:
    from app.ui.qt_words import QtWords

UNIT = 4
GAP = 8
WIDE_GAP = 12
PADDING = 16
WINDOW_RADIUS = 12
CARD_RADIUS = 8
FIELD_RADIUS = 10
BUTTON_RADIUS = 7

CAPTION_PX = 11
BODY_PX = 12
HEADING_PX = 13
NUMBER_PX = 30
PERCENT_PX = 15

PANEL_WIDTH = 360
CHAT_MIN_WIDTH = 400

# The largest letters that systems have unasked: all sizes above are for those and smaller ones.
USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}.get(sys.platform, 11.0)
_MOST_SCALE = 2.0
SCALE = "tidegauge.scale"  # a property of the application: how large the desktop wants letters

_CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)


_BY_PALETTE = {(QColor(one.background).rgb(), QColor(one.line).rgb()): one for one in sets.ALL}


def colours_of(palette: QPalette) -> Colours:
    """The set a palette is made of; of a foreign one, its lightness decides."""
    window = palette.color(QPalette.ColorRole.Window)
    found = _BY_PALETTE.get((window.rgb(), palette.color(QPalette.ColorRole.Mid).rgb()))
    return found or sets.of(is_dark=window.lightness() < 128, is_high=False)


def current() -> Colours:
    """The colours now in force, whatever palette a single widget carries."""
    return colours_of(QApplication.palette())


def is_dark(setting: str, hint: Qt.ColorScheme, system_palette: QPalette) -> bool:
    """Which scheme holds: the user's word, else the hint, else the system palette's lightness.

    `setting` is `Settings.colour_scheme`. A dark hint over a light system palette is what an
    unthemed desktop gives; the hint still carries the user's wish there (GNOME), so it wins.
    """
    if setting in ("light", "dark"):
        return setting == "dark"
    if hint is not Qt.ColorScheme.Unknown:
        return hint is Qt.ColorScheme.Dark
    return colours_of(system_palette).is_dark


def text_scale() -> float:
    """How much larger than usual the letters of the system are, 1 to 2, in steps of 0.05.

    While a window is open this does not change, or what it shows next would not fit.
    """
    app = QApplication.instance()
    noted = app.property(SCALE) if app is not None else None
    return noted if isinstance(noted, float) else scale_of(0.0, 1.0)


def scale_of(points: float, factor: float) -> float:
    """The scale for letters of `points`, or if that is 0 of the application's, times `factor`."""
    if points <= 0:
        font = QApplication.font()
        points = font.pointSizeF() if font.pointSizeF() > 0 else font.pixelSize() * 0.75
    wanted = round(max(1.0, points / USUAL_POINTS) * factor * 20) / 20
    return min(_MOST_SCALE, max(1.0, wanted))


def scaled(pixels: float) -> int:
    """A size of text, or of what holds text, for the letters of the system."""
    return round(pixels * text_scale())


def text_font(
    pixels: int = BODY_PX,
    weight: QFont.Weight = QFont.Weight.Normal,
    *,
    tabular: bool = False,
) -> QFont:
    """The interface font at a size of the scale; `tabular` for every number that changes."""
    font = QFont(QApplication.font())
    font.setPixelSize(scaled(pixels))
    font.setWeight(weight)
    if tabular:
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font


class Theme(QObject):
    """Puts the theme on the application and keeps it true while settings and system change.

    Without `dressed` that waits for `dress()`: the icon in the tray needs `colours` only, and a
    style with its sheet costs 2 MB.
    """

    changed = Signal()
    system_changed = Signal()  # whatever the setting says: panels follow the system
    letters_changed = Signal()  # no window can be seen, and those that are kept are of other size

    def __init__(
        self,
        app: QApplication,
        colour_scheme: str = "system",
        contrast: str = "system",
        *,
        dressed: bool = True,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._is_dressed = False
        self._words: QtWords | None = None
        self._setting = colour_scheme
        self._contrast = contrast
        self._desktop_scheme = Qt.ColorScheme.Unknown
        self._desktop_wants_contrast = False
        self._desktop_scale: float | None = None
        self._system_palette = QPalette(app.palette())
        self._system_families = app.font().families()
        self._hints = app.styleHints()  # whoever drops it drops what it gave: PySide's rule
        self._colours = self._chosen()
        self._hints.colorSchemeChanged.connect(self._on_system)
        self._hints.accessibility().contrastPreferenceChanged.connect(self._on_system)
        if dressed:
            self.dress()

    @property
    def colours(self) -> Colours:
        return self._colours

    @property
    def is_system_dark(self) -> bool:
        """Whether the desktop is dark, which the windows of the program need not be."""
        return is_dark("system", self._hint(), self._system_palette)

    def dress(self) -> None:
        """Put style, palette, sheet and fonts on: before the first widget is shown, and whenever
        one may be shown while there is no other."""
        self._take_letters()
        if self._is_dressed:
            return
        self._is_dressed = True
        if sys.platform.startswith("linux") and not self._app.property(STYLED):
            # Once only: a style set anew takes the old one from under every living widget.
            self._app.setProperty(STYLED, True)
            self._app.setStyle("Fusion")
        self._choose_families()
        self._speak()
        self._put_on()

    def follow(self, colour_scheme: str, contrast: str = "system") -> None:
        """Take over these two of `Settings`; call again after the language changed."""
        self._setting = colour_scheme
        self._contrast = contrast
        if self._is_dressed:
            self._speak()
        self._update(fonts_changed=self._is_dressed and self._choose_families())

    def note_desktop(self, scheme: Qt.ColorScheme, *, wants_contrast: bool) -> None:
        """What the desktop says by its portal, which Qt reads on some desktops only."""
        if (scheme, wants_contrast) != (self._desktop_scheme, self._desktop_wants_contrast):
            self._desktop_scheme = scheme
            self._desktop_wants_contrast = wants_contrast
            self._on_system()

    def note_letters(self, points: float, factor: float) -> None:
        """How large the desktop wants letters, by its portal: see `scale_of`. It holds as soon as
        no window is open."""
        self._desktop_scale = scale_of(points, factor)
        self._take_letters()

    def _take_letters(self) -> None:
        before = text_scale()
        if self._desktop_scale in (None, before):
            return
        if any(window.isVisible() for window in self._app.topLevelWidgets()):
            return
        self._app.setProperty(SCALE, self._desktop_scale)
        if self._is_dressed:
            self._put_on()
        self.letters_changed.emit()

    def _speak(self) -> None:
        from app.ui.qt_words import QtWords  # noqa: PLC0415 - windows only

        if self._words is None:
            self._words = QtWords(self._app, self)
        self._words.speak()

    def _choose_families(self) -> bool:
        """True if the families of the interface font changed."""
        # Without a Chinese family named, Han characters come in the Japanese forms on many
        # systems: the fallback follows the locale, not the language of the interface.
        families = list(self._system_families)
        if language.locale().startswith("zh"):
            families += [name for name in _CHINESE_FAMILIES if name not in families]
        font = self._app.font()
        if font.families() != families:
            font.setFamilies(families)
            self._app.setFont(font)
            return True
        return False

    def _on_system(self) -> None:
        self._update()
        self.system_changed.emit()

    def _hint(self) -> Qt.ColorScheme:
        said = self._desktop_scheme
        return said if said is not Qt.ColorScheme.Unknown else self._hints.colorScheme()

    def _chosen(self) -> Colours:
        is_high = self._contrast == "high" or (
            self._contrast == "system"
            and (
                self._desktop_wants_contrast
                or self._hints.accessibility().contrastPreference()
                is Qt.ContrastPreference.HighContrast
            )
        )
        dark = is_dark(self._setting, self._hint(), self._system_palette)
        return sets.of(is_dark=dark, is_high=is_high)

    def _update(self, *, fonts_changed: bool = False) -> None:
        before, self._colours = self._colours, self._chosen()
        has_changed = self._colours is not before
        if self._is_dressed and (has_changed or fonts_changed):
            self._put_on()  # the style sheet makes widgets take new fonts
        if has_changed:
            self.changed.emit()

    def _put_on(self) -> None:
        from app.ui.style_sheet import palette_for, stylesheet  # noqa: PLC0415 - windows only

        self._app.setPalette(palette_for(self._colours))
        sheet = stylesheet(self._colours, scaled(BODY_PX), CARD_RADIUS, BUTTON_RADIUS)
        if sheet == self._app.styleSheet():
            sheet += "\n"  # an equal one would be ignored; none at all would change the style
        self._app.setStyleSheet(sheet)
