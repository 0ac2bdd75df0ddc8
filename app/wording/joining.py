"""Several sentences, names or a name and its value one after the other. Pure.

How they are joined is the language's own: Chinese sets no space between sentences, and lists
names with a mark of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from app.wording.language import tr, tr_c


def sentences(*parts: str) -> str:
    """Whole sentences in one paragraph; empty ones are left out."""
    return _joined(tr("{first} {second}"), parts)


def listed(names: Iterable[str]) -> str:
    """Names or values of one kind: "a, b, c"; empty ones are left out."""
    return _joined(tr_c("list", "{first}, {second}"), names)


def clauses(parts: Iterable[str]) -> str:
    """Parts that have commas of their own: "a, b; c, d"."""
    return _joined(tr_c("list", "{first}; {second}"), parts)


def headed(title: str, text: str) -> str:
    """A heading without a full stop, and the sentence below it, in one line."""
    return tr("{title}. {text}").format(title=title, text=text)


def valued(name: str, value: str) -> str:
    """A name and what it is: "Credits: 12.50"."""
    return tr("{name}: {value}").format(name=name, value=value)


def _joined(pattern: str, parts: Iterable[str]) -> str:
    return reduce(
        lambda first, second: pattern.format(first=first, second=second) if first else second,
        filter(None, parts),
        "",
    )
