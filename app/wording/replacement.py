"""What is said once the program's own files were replaced by those of another version. Pure.

Loaded at the start: by then, whatever is loaded belongs to that other version.
"""

from __future__ import annotations

from app.alerts.banners import Banner
from app.wording.language import phrase

BANNER_KEY = "replacement"

title = phrase("Tidegauge was updated")
text = phrase(
    "This is the earlier version, still running. Restart it to use the new one; until then, parts "
    "that were not opened yet may fail. What is saved stays."
)
restart = phrase("Restart")
not_now = phrase("Not now")

restart_to_use_it = phrase("Tidegauge was updated; restart it to use the new version")


def replacement_banner() -> Banner:
    """What the panel shows until the program is restarted."""
    return Banner(BANNER_KEY, title(), text(), dismiss=restart())
