"""JSON from a stranger: decoded with limits, so that no body can hurt the reader. Pure.

UTF-8 only (a byte order mark is allowed), at most 64 levels deep, numbers that no program
needs become `UNREADABLE` instead of an error, so that one of them never costs its neighbours.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import field
from typing import Any, Final

from app.errors import FaultKind, fail
from app.values import dataclass

DEPTH_LIMIT = 64
DIGIT_LIMIT = 40
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)


class Unreadable:
    """The type of `UNREADABLE`: a value that was there but is no usable number."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = Unreadable()


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """`value` holds dict, list, str, int, float (finite), bool, None or `UNREADABLE`.

    `repeated_keys` are names that stood twice in one object; the last value counts (F-U17).
    """

    value: Any = field(repr=False)
    repeated_keys: tuple[str, ...] = ()


def decode_json(body: bytes) -> JsonDocument:
    """Decode a complete JSON body.

    Raises `AppError(NOT_UNDERSTOOD)` for anything but UTF-8 JSON of sane depth. NaN, Infinity,
    numbers beyond a float and integers of more than 40 digits become `UNREADABLE`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fail(FaultKind.NOT_UNDERSTOOD, "the body is not UTF-8") from None
    if _is_too_deep(text):
        raise fail(FaultKind.NOT_UNDERSTOOD, f"JSON nested deeper than {DEPTH_LIMIT} levels")
    repeated: dict[str, None] = {}

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            repeated.update((key, None) for key, count in counts.items() if count > 1)
        return built

    try:
        value = json.loads(
            text,
            parse_int=_whole_number,
            parse_float=_fraction,
            parse_constant=lambda _name: UNREADABLE,
            object_pairs_hook=build,
        )
    except ValueError:
        raise fail(FaultKind.NOT_UNDERSTOOD, "the body is not JSON") from None
    return JsonDocument(value, tuple(repeated))


def _is_too_deep(text: str) -> bool:
    """Whether brackets outside strings nest beyond the limit; one pass, no recursion."""
    if text.count("[") + text.count("{") <= DEPTH_LIMIT:
        return False
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = text[match.start()]
        if mark in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                return True
        elif mark in "]}":
            depth -= 1
    return False


def _whole_number(digits: str) -> int | Unreadable:
    return int(digits) if len(digits) <= DIGIT_LIMIT else UNREADABLE


def _fraction(digits: str) -> float | Unreadable:
    number = float(digits)
    return number if math.isfinite(number) else UNREADABLE
