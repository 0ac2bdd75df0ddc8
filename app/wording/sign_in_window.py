"""The sentences of the sign-in window, and why there is none. Pure."""

from __future__ import annotations

from typing import assert_never

from app.embedded_window import Obstacle, WindowWords
from app.wording import language
from app.wording.language import tr


def window_words() -> WindowWords:
    """Everything the window says, in the language in force."""
    return WindowWords(
        language=language.locale(),
        title=tr("Tidegauge: sign in"),
        address_name=tr("Address of this page"),
        loading=tr("Loading…"),
        use_browser=tr("Use your browser instead"),
        blocked=tr("Not opened, because only secure pages are shown here: {address}"),
        not_loaded=tr("{host} could not be loaded. Try again later, or use your browser."),
        stalled=tr("This page has made no progress for a while. Your browser may do better."),
        crashed=tr("This page has crashed. Use your browser to sign in."),
    )


def obstacle(reason: Obstacle) -> str:
    """Why one cannot sign in here; empty if one can."""
    match reason:
        case Obstacle.NONE:
            return ""
        case Obstacle.NOT_INSTALLED:
            return tr("The built-in sign-in page is not installed here.")
        case Obstacle.ROOT:
            return tr("The sign-in page is not shown to the root user: it would be unprotected.")
        case Obstacle.NO_DISPLAY:
            return tr("There is no display to show the sign-in page on.")
        case _:
            assert_never(reason)
