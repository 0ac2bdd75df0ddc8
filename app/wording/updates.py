"""What is said of newer versions. Pure."""

from __future__ import annotations

from app.updates.status import Updates
from app.wording.language import phrase, tr

open_project = phrase("Project page")
how_to_get_it = phrase(
    "Nothing was downloaded. “About…” in the settings leads to the project's page."
)


def available(version: str) -> str:
    """A line, and the title of the one notification."""
    return tr("Tidegauge {version} is available").format(version=version)


def status_words(updates: Updates | None) -> str:
    """Below the setting: what came of it, or why nothing comes of it; "" while it rests."""
    if updates is None:
        return ""
    if not updates.has_address:
        return tr("This build names no release page, so nobody is asked and nothing is sent.")
    if updates.newer:
        return available(updates.newer)
    if updates.has_failed:
        return tr("The release page could not be asked. It is tried again in a day.")
    if updates.asked_at is None:
        return ""
    return tr("No newer version is known.")
