"""Refuses the one pair of PySide6 and CPython that is known to abort the process.

PySide6 6.12 loses a reference to `None` per void call and to `True` per signal emission. Before
CPython 3.12 made those two immortal, that ends in "Fatal Python error: none_dealloc" after some
minutes. The requirements exclude the pair; this catches an environment put together by hand.
"""

from __future__ import annotations

import sys

from app.wording.startup import unfit_qt


def refusal(python: tuple[int, ...], qt: str) -> str:
    """The reason not to start on CPython `python` with PySide6 `qt`, or an empty text.

    `python` is as `sys.version_info[:3]`, `qt` as "6.12.0" or "6.12.0a1".
    """
    leading = qt.split(".")[:2]
    numbers = tuple(int(part) for part in leading if part.isdigit())
    if python < (3, 12) and numbers >= (6, 12):
        return unfit_qt(qt, ".".join(str(part) for part in python))
    return ""


def bad_pair() -> str:
    """`refusal` of the running pair. Imports PySide6, but on Python 3.11 only."""
    if sys.version_info >= (3, 12):
        return ""
    import PySide6  # noqa: PLC0415 - the command line never asks

    return refusal(sys.version_info[:3], PySide6.__version__)
