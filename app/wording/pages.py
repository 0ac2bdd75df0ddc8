"""The words of the pages a browser shows when a sign-in comes back to this program. Pure.

Plain text: whoever builds the page escapes it. No page repeats anything from the request.
"""

from __future__ import annotations

from app.values import dataclass
from app.wording.language import locale, tr


@dataclass(frozen=True, slots=True)
class PageWords:
    """One page: `title`, `sentence`, and the BCP 47 code of their language."""

    title: str
    sentence: str
    language: str


def success() -> PageWords:
    """The code arrived; the exchange goes on in the program."""
    return _page(tr("Signed in"), tr("You can close this page and go back to Tidegauge."))


def failed() -> PageWords:
    """The authorization server reported an error; the program says which."""
    return _page(
        tr("Sign-in did not succeed"),
        tr("Tidegauge shows the reason. You can close this page and try again there."),
    )


def denied() -> PageWords:
    """The person, or the workspace, said no."""
    return _page(
        tr("Sign-in was refused"),
        tr("Nothing was stored. You can close this page and try again in Tidegauge."),
    )


def wrong_request() -> PageWords:
    """Not the answer to the sign-in under way: a foreign or outdated `state`, a wrong path."""
    return _page(
        tr("This page does not belong to the sign-in"),
        tr("Tidegauge is still waiting. Finish the sign-in in the page it opened last."),
    )


def already_answered() -> PageWords:
    """The same answer came a second time (prefetch, reload)."""
    return _page(
        tr("Already received"), tr("Nothing more is needed here. You can close this page.")
    )


def _page(title: str, sentence: str) -> PageWords:
    return PageWords(title, sentence, locale().replace("_", "-"))
