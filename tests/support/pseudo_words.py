"""A language nobody speaks, made from the English messages: it runs from right to left.

It shows what a real one would do to windows; no half-done translation has to be shipped for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from gettext import NullTranslations

from app.wording import language

LEFTWARDS = "he"

_PLACEHOLDER = re.compile(r"(\{\w*\}|%\w)")
_NAMES = re.compile(r"Tidegauge|ChatGPT|Codex|CLI|GNOME|OpenAI|MIT|JSON|CSV|Markdown|Enter|Shift")
_HEBREW = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבכדעפגחיגקלמנוףקרסטוווכיז")


def leftwards(message: str) -> str:
    """Hebrew letters in the place of Latin ones; names and placeholders stay."""

    def turned(found: re.Match[str]) -> str:
        word = found.group()
        return word if _NAMES.fullmatch(word) else word.lower().translate(_HEBREW)

    return _outside_placeholders(lambda text: re.sub(r"[^\W\d_]+", turned, text), message)


class PseudoWords(NullTranslations):
    """A catalogue of whatever `change` makes of a message."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def gettext(self, message: str) -> str:
        return self._change(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._change(msgid1 if n == 1 else msgid2)

    def pgettext(self, _context: str, message: str) -> str:
        return self._change(message)


def speak_leftwards() -> None:
    """Every sentence from now on runs from right to left."""
    language.use(PseudoWords(leftwards), LEFTWARDS)


def _outside_placeholders(change: Callable[[str], str], message: str) -> str:
    parts = _PLACEHOLDER.split(message)
    return "".join(part if _PLACEHOLDER.fullmatch(part) else change(part) for part in parts)
