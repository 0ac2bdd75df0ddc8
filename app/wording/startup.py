"""The words for a start that cannot go on. Pure."""

from __future__ import annotations

from app.wording.language import tr


def unfit_qt(qt: str, python: str) -> str:
    """PySide6 `qt` does not run safely on Python `python`: one line for the terminal."""
    return tr(
        "PySide6 {qt} crashes on Python {python}. Install PySide6 6.11.3, or use Python 3.12."
    ).format(qt=qt, python=python)
