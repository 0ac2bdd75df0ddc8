"""Colours, sizes and fonts of the interface, light and dark, and the palettes made of them.

Qt's own colour scheme cannot be trusted on Linux (it may say dark over a light palette, or
nothing), so the program brings its palettes and decides by itself which one holds. Widgets ask
`colours_of(self.palette())` when they paint: a live switch is a palette change, nothing else.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.wording import language

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

_CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours as `#RRGGBB`. Text colours: ink, secondary, faint, calm, close, over."""

    is_dark: bool
    background: str
    card: str
    line: str
    ink: str
    secondary: str
    faint: str
    track: str
    calm: str
    close: str
    over: str
    on_accent: str  # text on a primary button (its ground is `calm`)
    accent_hover: str
    bubble: str  # ground of the user's own message
    code: str  # ground of a code block

    def colour(self, name: str) -> QColor:
        """The token `name` as a QColor."""
        return QColor(getattr(self, name))


LIGHT = Colours(
    is_dark=False,
    background="#FFFFFF",
    card="#F6F8FB",
    line="#E3E7ED",
    ink="#1B2430",
    secondary="#5B6675",
    faint="#657080",
    track="#E8ECF2",
    calm="#2563C9",
    close="#A85F00",
    over="#C8391B",
    on_accent="#FFFFFF",
    accent_hover="#1D54AE",
    bubble="#E4EDFB",
    code="#F1F3F7",
)
DARK = Colours(
    is_dark=True,
    background="#1D2229",
    card="#252B34",
    line="#2E353F",
    ink="#EEF1F5",
    secondary="#A9B3C0",
    faint="#96A1AF",
    track="#2F3742",
    calm="#6EA8FF",
    close="#F0AE3C",
    over="#FF7A5C",
    on_accent="#0F1216",
    accent_hover="#8ABAFF",
    bubble="#24364F",
    code="#161A20",
)

# Which text colour may stand on which ground; the contrast test walks this table.
TEXT_ON_GROUND: tuple[tuple[str, str], ...] = (
    *((text, "background") for text in ("ink", "secondary", "faint", "calm", "close", "over")),
    *((text, "card") for text in ("ink", "secondary", "faint", "calm", "close", "over")),
    *((text, "code") for text in ("ink", "secondary")),
    *((text, "bubble") for text in ("ink", "secondary")),
    ("on_accent", "calm"),
    ("on_accent", "accent_hover"),
)


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two `#RRGGBB` colours, 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours_of(palette: QPalette) -> Colours:
    """The theme a palette belongs to, by the lightness of its window colour."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def current() -> Colours:
    """The colours now in force, whatever palette a single widget carries."""
    return colours_of(QApplication.palette())


def choose(setting: str, hint: Qt.ColorScheme, system_palette: QPalette) -> Colours:
    """Which theme holds: the user's word, else Qt's hint, else the system palette's lightness.

    `setting` is `Settings.colour_scheme`. A dark hint over a light system palette is what an
    unthemed desktop gives; the hint still carries the user's wish there (GNOME), so it wins.
    """
    if setting in ("light", "dark"):
        return DARK if setting == "dark" else LIGHT
    if hint is not Qt.ColorScheme.Unknown:
        return DARK if hint is Qt.ColorScheme.Dark else LIGHT
    return colours_of(system_palette)


def palette_for(colours: Colours) -> QPalette:
    """A complete Fusion palette from the tokens."""
    role = QPalette.ColorRole
    roles = {
        role.Window: colours.background,
        role.WindowText: colours.ink,
        role.Base: colours.card,
        role.AlternateBase: colours.background,
        role.Text: colours.ink,
        role.PlaceholderText: colours.faint,
        role.Button: colours.card,
        role.ButtonText: colours.ink,
        role.BrightText: colours.over,
        role.ToolTipBase: colours.card,
        role.ToolTipText: colours.ink,
        role.Highlight: colours.calm,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.calm,
        role.Link: colours.calm,
        role.LinkVisited: colours.calm,
        role.Light: colours.card,
        role.Midlight: colours.line,
        role.Mid: colours.line,
        role.Dark: colours.secondary,
        role.Shadow: "#000000",
    }
    palette = QPalette()
    for one, colour in roles.items():
        palette.setColor(one, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, one, QColor(colours.faint))
    return palette


def text_font(
    pixels: int = BODY_PX,
    weight: QFont.Weight = QFont.Weight.Normal,
    *,
    tabular: bool = False,
) -> QFont:
    """The interface font at a size of the scale; `tabular` for every number that changes."""
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    if tabular:
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font


def stylesheet(colours: Colours) -> str:
    """What the palette cannot say: buttons, fields, focus, scroll bars."""
    return f"""
    QPushButton {{ background: {colours.card}; color: {colours.ink}; padding: 5px 14px;
        font-size: {BODY_PX}px; font-weight: 500; min-height: 16px;
        border: 1px solid {colours.line}; border-radius: {BUTTON_RADIUS}px; }}
    QPushButton:hover {{ background: {colours.track}; }}
    QPushButton:disabled {{ color: {colours.faint}; }}
    QPushButton:focus {{ border: 2px solid {colours.calm}; padding: 4px 13px; }}
    QPushButton[kind="primary"] {{ background: {colours.calm}; color: {colours.on_accent};
        border: 1px solid {colours.calm}; font-weight: 600; }}
    QPushButton[kind="primary"]:hover {{ background: {colours.accent_hover}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {colours.ink}; }}
    QPushButton[kind="primary"]:disabled {{ background: {colours.track}; color: {colours.secondary};
        border-color: {colours.track}; }}
    QPushButton[kind="quiet"] {{ background: transparent; color: {colours.calm};
        border: 2px solid transparent; padding: 2px 4px; margin-left: -6px; }}
    QPushButton[kind="quiet"]:hover {{ background: {colours.track}; }}
    QPushButton[kind="quiet"]:focus {{ border-color: {colours.calm}; padding: 2px 4px; }}
    QFrame#card {{ background: {colours.card}; border-radius: {CARD_RADIUS}px; }}
    QToolButton[kind="icon"] {{ border: 2px solid transparent; border-radius: {BUTTON_RADIUS}px;
        background: transparent; padding: 3px; }}
    QToolButton[kind="icon"]:hover {{ background: {colours.track}; }}
    QToolButton[kind="icon"]:focus {{ border-color: {colours.calm}; }}
    QLabel#badge {{ background: {colours.card}; border: 1px solid {colours.line};
        border-radius: 9px; padding: 0 7px; min-height: 16px; max-height: 16px; }}
    QLineEdit {{ background: {colours.card}; color: {colours.ink}; padding: 5px 8px;
        border: 1px solid {colours.line}; border-radius: {BUTTON_RADIUS}px; }}
    QLineEdit:focus {{ border: 2px solid {colours.calm}; padding: 4px 7px; }}
    QFrame#rule {{ background: {colours.line}; border: none; }}
    QToolTip {{ background: {colours.card}; color: {colours.ink}; border: 1px solid {colours.line};
        padding: 4px 6px; }}
    QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {colours.line}; border-radius: 4px;
        min-height: 24px; }}
    QScrollBar::handle:vertical:hover {{ background: {colours.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


_STYLED = "tidegauge.styled"


class Theme(QObject):
    """Puts the theme on the application and keeps it true while settings and system change.

    Without `dressed` that waits for `dress()`: the icon in the tray needs `colours` only, and a
    style with its sheet costs 2 MB.
    """

    changed = Signal()

    def __init__(
        self, app: QApplication, colour_scheme: str = "system", *, dressed: bool = True
    ) -> None:
        super().__init__(app)
        self._app = app
        self._is_dressed = False
        self._setting = colour_scheme
        self._system_palette = QPalette(app.palette())
        self._system_families = app.font().families()
        self._colours = self._chosen()
        app.styleHints().colorSchemeChanged.connect(self._update)
        if dressed:
            self.dress()

    @property
    def colours(self) -> Colours:
        return self._colours

    def dress(self) -> None:
        """Put style, palette, sheet and fonts on: before the first widget is shown."""
        if self._is_dressed:
            return
        self._is_dressed = True
        if sys.platform.startswith("linux") and not self._app.property(_STYLED):
            # Once only: a style set anew takes the old one from under every living widget.
            self._app.setProperty(_STYLED, True)
            self._app.setStyle("Fusion")
        self._choose_families()
        self._put_on()

    def follow(self, colour_scheme: str) -> None:
        """Take over `Settings.colour_scheme`; call again after the language changed."""
        self._setting = colour_scheme
        self._update(fonts_changed=self._is_dressed and self._choose_families())

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

    def _chosen(self) -> Colours:
        hint = self._app.styleHints().colorScheme()
        return choose(self._setting, hint, self._system_palette)

    def _update(self, *, fonts_changed: bool = False) -> None:
        before, self._colours = self._colours, self._chosen()
        has_changed = self._colours is not before
        if self._is_dressed and (has_changed or fonts_changed):
            self._put_on()  # the style sheet makes widgets take new fonts
        if has_changed:
            self.changed.emit()

    def _put_on(self) -> None:
        self._app.setPalette(palette_for(self._colours))
        sheet = stylesheet(self._colours)
        if sheet == self._app.styleSheet():
            self._app.setStyleSheet("")  # an equal one would be ignored
        self._app.setStyleSheet(sheet)
