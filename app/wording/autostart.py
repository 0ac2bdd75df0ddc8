"""Whether the program starts with the system, in words. Pure."""

from __future__ import annotations

from typing import assert_never

from app.autostart.state import Autostart, AutostartStatus
from app.wording import language
from app.wording.language import phrase, tr
from app.wording.untrusted import clean

_COMMENT = "Shows how much of your Codex limits is used"

help_autostart = phrase("start with the system or not, or say how it is")
help_action = phrase("on, off or status")
switch_label = phrase("Start with the system")
switch_description = phrase("The icon is there after every sign-in to this computer.")


def entry_comments() -> dict[str, str]:
    """What the system's own list of start-up programs shows, by locale; "" is the default."""
    comments = {"": _COMMENT}
    if language.locale() != language.SOURCE_LOCALE:
        comments[language.locale()] = tr("Shows how much of your Codex limits is used")
    return comments


def autostart_words(found: Autostart) -> str:
    """How it is, and what to do where it is not as it should be."""
    if found.refusal:
        return refused(found.refusal)
    match found.status:
        case AutostartStatus.ON:
            return tr("Tidegauge starts with the system.")
        case AutostartStatus.OFF:
            return tr("Tidegauge does not start with the system.")
        case AutostartStatus.OTHER:
            return tr(
                "Another installation of Tidegauge starts with the system: {program}. "
                "Switch it on here to start this one instead."
            ).format(program=clean(found.detail))
        case AutostartStatus.BLOCKED:
            return tr(
                "Tidegauge is switched off in the system's own list of start-up programs. "
                "Allow it there, or switch it on here."
            )
        case AutostartStatus.UNKNOWN:
            return tr(
                "The system does not tell whether Tidegauge starts with it ({reason})."
            ).format(reason=clean(found.detail))
        case _:
            assert_never(found.status)


def refused(reason: str) -> str:
    """The system did not let it be changed."""
    return tr(
        "Whether Tidegauge starts with the system could not be changed, and stays as it was "
        "({reason}). Remove what stands in the way, then try again."
    ).format(reason=clean(reason))
