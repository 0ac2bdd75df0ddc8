"""The about window: what this is, under which licence, and what it is made of. Pure."""

from __future__ import annotations

from app.wording.language import phrase, tr
from app.wording.untrusted import clean

title = phrase("About Tidegauge")
open_about = phrase("About…")
purpose = phrase("How much of a ChatGPT plan's Codex limits is used, and when it comes back.")
licence = phrase(
    "Free software under the MIT licence, without warranty. Not made, checked or endorsed by "
    "OpenAI; “ChatGPT” and “Codex” are OpenAI's names."
)
made_of = phrase("Made with")
licence_texts = phrase("Show licence texts")
component_list = phrase("Show list")
text_name = phrase("Components and their licences")
reading = phrase("Reading…")


def version(number: str) -> str:
    """The version line."""
    return tr("Version {number}").format(number=number)


def component_line(name: str, number: str, licence_name: str) -> str:
    """One line of the list."""
    told = clean(licence_name, limit=80) or tr("licence not told")
    return f"{clean(name)} {clean(number)} – {told}"
