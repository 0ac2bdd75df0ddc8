"""The words for a start that cannot go on, or that met a running program. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.wording.language import phrase, tr

# What a start may ask of the tray program, which then need not be started a second time.
help_wishes: Mapping[str, Callable[[], str]] = {
    "show": phrase("show the panel, of the running program if there is one"),
    "toggle": phrase("show the panel, or hide it"),
    "chat": phrase("open the chat window"),
    "quit": phrase("end the running program"),
}


def unfit_qt(qt: str, python: str) -> str:
    """PySide6 `qt` does not run safely on Python `python`: one line for the terminal."""
    return tr(
        "PySide6 {qt} crashes on Python {python}. Install PySide6 6.11.3, or use Python 3.12."
    ).format(qt=qt, python=python)


asks_first = phrase(
    "Tidegauge is asking in a window whether it is to end: nothing but the running program keeps a "
    "sign-in. Answer there, or end it unasked with “tidegauge --quit --force”."
)
help_force = phrase("with --quit: do not ask, even if a sign-in is lost")


def not_answering() -> str:
    """Another Tidegauge runs and does not react (F-D15)."""
    return tr(
        "Tidegauge is already running, but it does not answer. Wait a moment and try again. "
        "If that does not help, end it where the system lists its programs, and start it anew."
    )


display_unusable = phrase(
    "The display cannot be used, so no icon and no window can be shown. “tidegauge watch” shows "
    "the limits in a terminal."
)
