"""Numbers as the language in force writes them: marks of thousands and decimals, sizes. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.wording.language import tr, tr_c

if TYPE_CHECKING:
    from decimal import Decimal

_KB = 1 << 10
_MB = 1 << 20

_BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=%|[^\W\d_])")


def grouped(number: float | Decimal, decimals: int = 0) -> str:
    """With marks between the thousands: "1,234", "1,234.50"."""
    return _in_marks(f"{number:,.{decimals}f}")


def amount(number: Decimal) -> str:
    """Whole amounts without decimals, others with two: "12", "12.50"."""
    return grouped(number, 0 if number == number.to_integral_value() else 2)


def short(number: float) -> str:
    """As few digits as tell it: "3", "0.5"."""
    return _in_marks(f"{number:g}")


def tenths(number: float) -> str:
    """With one decimal: "1.5"."""
    return grouped(number, 1)


def size(count: int) -> str:
    """Bytes in words, as file managers count them: "312 B", "4 KB", "1.2 MB"."""
    if count < _KB:
        return tr("{number} B").format(number=grouped(count))
    if count < _MB:
        return tr("{number} KB").format(number=grouped(count / _KB))
    return tr("{number} MB").format(number=tenths(count / _MB))


def megabytes(count: int) -> str:
    """A limit in whole or half megabytes, without the unit."""
    return short(count / _MB)


def unbroken(text: str) -> str:
    """A text of several lines in which no number is parted from what it counts."""
    return _BEFORE_A_UNIT.sub("\u00a0", text)


def _in_marks(text: str) -> str:
    marks = {",": tr_c("between thousands", ","), ".": tr_c("before decimals", ".")}
    return "".join(marks.get(character, character) for character in text)
