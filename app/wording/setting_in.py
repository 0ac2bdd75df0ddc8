"""How a sentence takes in its values, by the habits of the script it is written in. Pure.

A Chinese sentence keeps a space between its characters and Latin letters or digits, and none
between two of its own characters, whatever the value turns out to be. A sentence that runs from
right to left isolates its values, so that a name or an address keeps its own order and cannot
disturb the words around it (T-54). Everything else is `str.format`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import Formatter

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"


def pattern_of(language: str, *, is_rightwards: bool) -> Callable[[str], str]:
    """What makes a message of `language` ("en", "zh") a pattern to be filled."""
    if not is_rightwards:
        return _Isolating
    return _Spacing if language == "zh" else str


def isolated(text: str) -> str:
    """`text` in an order of its own; one that has that already, or is empty, stays as it is."""
    if not text or (text[0] == FIRST_STRONG_ISOLATE and text.find(POP_ISOLATE) == len(text) - 1):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


class _Isolating(str):
    __slots__ = ()

    def format(self, *_args: object, **values: object) -> str:
        return "".join(
            isolated(part) if is_value else part for part, is_value in _parts(self, values)
        )


class _Spacing(str):
    __slots__ = ()

    def format(self, *_args: object, **values: object) -> str:
        text = ""
        for part, _ in _parts(self, values):
            text = _joined(text, part)
        return text


def _parts(pattern: str, values: dict[str, object]) -> Iterator[tuple[str, bool]]:
    """The pieces of a filled pattern in order, each with whether it is a value."""
    for literal, field, spec, _conversion in Formatter().parse(pattern):
        if literal:
            yield literal, False
        if field is not None:
            yield format(values[field], spec or ""), True


def _joined(left: str, right: str) -> str:
    """Both in one line, with the space between them that Chinese typography wants."""
    before, after = left.removesuffix(" "), right.removeprefix(" ")
    if not before or not after:
        return left + right
    ends = (_is_chinese(before[-1]), _is_chinese(after[0]))
    if ends == (True, True):
        return before + after
    latin = after[0] if ends == (True, False) else before[-1]
    if True in ends and latin.isalnum():
        return f"{before} {after}"
    return left + right


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
