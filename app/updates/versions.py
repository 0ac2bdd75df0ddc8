"""Versions as releases are named, and which of two is the newer one. Pure.

Numbers with dots, perhaps a `v` before and an `a`, `b`, `rc` or `dev` behind them, as packages of
Python and tags of repositories write them. Anything else is no version, and no news.
"""

from __future__ import annotations

import re

Order = tuple[tuple[int, ...], int, int]

LONGEST = 40
_VERSION = re.compile(
    r"v?(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,4})"
    r"(?:[-._]?(?P<stage>dev|alpha|a|beta|b|preview|pre|rc|c|post)[-._]?(?P<count>\d{0,9}))?"
    r"(?:\+[a-z0-9.]{1,20})?",
    re.IGNORECASE | re.ASCII,
)
_FINAL = 4
_STAGES = {
    "dev": 0,
    "a": 1,
    "alpha": 1,
    "b": 2,
    "beta": 2,
    "c": 3,
    "rc": 3,
    "pre": 3,
    "preview": 3,
    "post": 5,
}


def order_of(version: str) -> Order | None:
    """What versions are compared by; None for what is none."""
    match = _VERSION.fullmatch(version) if len(version) <= LONGEST else None
    if match is None:
        return None
    numbers = [int(number) for number in match["numbers"].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:  # 1.0 is 1
        numbers.pop()
    stage = _STAGES[match["stage"].lower()] if match["stage"] else _FINAL
    return tuple(numbers), stage, int(match["count"] or 0)


def is_newer(told: str, current: str) -> bool:
    """Whether `told` is to be told to somebody who has `current`.

    A preview is news only to whoever runs a preview.
    """
    there, here = order_of(told), order_of(current)
    if there is None or here is None or there <= here:
        return False
    return there[1] >= _FINAL or here[1] < _FINAL


def shown(version: str) -> str:
    """Without the `v` of a tag."""
    return version[1:] if version[:1] in ("v", "V") else version
