"""The colours of the interface, light and dark, and which text may stand on which ground."""

from __future__ import annotations

from PySide6.QtGui import QColor

from app.values import dataclass


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
    over="#C2303D",
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
