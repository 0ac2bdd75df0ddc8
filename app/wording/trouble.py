"""What is said of a program that failed and goes on: a banner, safe mode. Pure."""

from __future__ import annotations

from app.alerts.banners import Banner
from app.state import Trouble
from app.wording.language import phrase, tr

BANNER_KEY = "trouble"

leave_safe_mode = phrase("Leave safe mode")
no_questions = phrase(
    "Safe mode: too much failed in a few seconds, so no questions are sent. Leave it to go on."
)


def trouble_banner(trouble: Trouble) -> Banner | None:
    """What the panel shows above everything else; None while all is well."""
    if trouble is Trouble.NONE:
        return None
    if trouble is Trouble.CRASHED:
        return Banner(
            BANNER_KEY,
            tr("Something failed inside Tidegauge"),
            tr(
                "It goes on. If this comes back, the diagnosis in the settings says where it "
                "happened."
            ),
        )
    return Banner(
        BANNER_KEY,
        tr("Safe mode"),
        tr(
            "Too much failed in a few seconds. The limits are still read and shown; questions and "
            "warnings rest. The diagnosis in the settings says where it happened."
        ),
        is_critical=True,
        dismiss=leave_safe_mode(),
    )
