"""What explains a window where it stands, until the person has seen it a few times. Pure."""

from __future__ import annotations

from app.wording.joining import sentences
from app.wording.language import tr


def panel_hint(shows: str = "used") -> str:
    """How to read the gauges, which show what is "used" or "remaining", and the icon."""
    if shows == "remaining":
        arc = tr(
            "The arc is what is left; the thin mark is what even use would leave by now. Beyond "
            "the mark, the limit lasts."
        )
    else:
        arc = tr(
            "The arc is what is used; the thin mark is where even use would be by now. Below the "
            "mark, the limit lasts."
        )
    icon = tr("The icon's fills are the same windows, the shorter one on the left.")
    return sentences(arc, icon)
