"""What explains a window where it stands, until the person has seen it. Pure."""

from __future__ import annotations

from app.alerts.banners import Banner
from app.wording.language import phrase, tr

HINT_KEY = "hint"

name = phrase("Hint")


def panel_hint() -> Banner:
    """How to read the gauges and the icon; in the panel until it is put away."""
    return Banner(
        HINT_KEY,
        tr("How to read this"),
        tr(
            "The arc is what is used; the thin mark is where even use would be by now. Below the "
            "mark, the limit lasts. The icon's fills are the same windows, the shorter one on the "
            "left."
        ),
        is_hint=True,
        dismiss=tr("Got it"),
    )
