"""What explains a window where it stands, until the person has seen it. Pure."""

from __future__ import annotations

from app.alerts.banners import Banner
from app.wording.language import phrase, tr

HINT_KEY = "hint"

name = phrase("Hint")


def panel_hint(shows: str = "used") -> Banner:
    """How to read the gauges and the icon; in the panel until it is put away."""
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
    return Banner(
        HINT_KEY,
        tr("How to read this"),
        f"{arc} {icon}",
        is_hint=True,
        dismiss=tr("Got it"),
    )
