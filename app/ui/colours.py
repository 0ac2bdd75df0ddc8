"""The colours of the interface, light and dark, each once more with high contrast.

And which text may stand on which ground.
"""

from __future__ import annotations

from PySide6.QtGui import QColor

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours as `#RRGGBB`. Text colours: ink, secondary, faint, calm, close, over."""

    is_dark: bool
    is_high: bool  # made for those who need contrast: see `least_contrast`
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
    shade: str  # ground of a control under the pointer, or of one that cannot be used
    bubble: str  # ground of the user's own message and of what is chosen
    code: str  # ground of a code block
    string: str  # strings in code: `close` is made for lighter grounds

    def colour(self, name: str) -> QColor:
        """The token `name` as a QColor."""
        return QColor(getattr(self, name))

    def edge(self, ground: str) -> str:
        """The border of a surface: where contrast is high no ground alone tells it apart."""
        return self.line if self.is_high else str(getattr(self, ground))


LIGHT = Colours(
    is_dark=False,
    is_high=False,
    background="#FFFFFF",
    card="#F6F8FB",
    line="#E3E7ED",
    ink="#1B2430",
    secondary="#5B6675",
    faint="#657080",
    track="#E8ECF2",
    calm="#2563C9",
    close="#A85F00",
    over="#C2303D",
    on_accent="#FFFFFF",
    accent_hover="#1D54AE",
    shade="#E8ECF2",
    bubble="#E4EDFB",
    code="#F1F3F7",
    string="#9A5600",
)
DARK = Colours(
    is_dark=True,
    is_high=False,
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
    shade="#2F3742",
    bubble="#24364F",
    code="#161A20",
    string="#F0AE3C",
)
HIGH_LIGHT = Colours(
    is_dark=False,
    is_high=True,
    background="#FFFFFF",
    card="#FFFFFF",
    line="#595959",
    ink="#000000",
    secondary="#1F1F1F",
    faint="#333333",
    track="#929292",
    calm="#002CCC",
    close="#663D00",
    over="#7A0C35",
    on_accent="#FFFFFF",
    accent_hover="#001A80",
    shade="#E6E6E6",
    bubble="#E0E8FF",
    code="#F2F2F2",
    string="#663D00",
)
HIGH_DARK = Colours(
    is_dark=True,
    is_high=True,
    background="#000000",
    card="#000000",
    line="#A6A6A6",
    ink="#FFFFFF",
    secondary="#EDEDED",
    faint="#D6D6D6",
    track="#606060",
    calm="#7CC0FF",
    close="#FFE14D",
    over="#FFA08F",
    on_accent="#000000",
    accent_hover="#B5DAFF",
    shade="#262626",
    bubble="#0F2547",
    code="#141414",
    string="#FFE14D",
)
ALL = (LIGHT, DARK, HIGH_LIGHT, HIGH_DARK)


def of(*, is_dark: bool, is_high: bool) -> Colours:
    """The set with these two marks."""
    return next(one for one in ALL if (one.is_dark, one.is_high) == (is_dark, is_high))


def least_contrast(colours: Colours) -> float:
    """WCAG 2.2: 1.4.3 (AA) for text, and 1.4.6 (AAA) where contrast is high. Marks need 3."""
    return 7.0 if colours.is_high else 4.5


# Which text colour may stand on which ground; the contrast test walks this table.
TEXT_ON_GROUND: tuple[tuple[str, str], ...] = (
    *((text, "background") for text in ("ink", "secondary", "faint", "calm", "close", "over")),
    *((text, "card") for text in ("ink", "secondary", "faint", "calm", "close", "over")),
    *((text, "code") for text in ("ink", "secondary", "string", "calm", "over")),
    *((text, "bubble") for text in ("ink", "secondary")),
    *((text, "shade") for text in ("ink", "secondary", "calm")),
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
