"""How high a turn will be, roughly, before anything of it is laid out. Pure.

A conversation of ten thousand turns is opened with estimates (F-C10); whatever comes into sight
is measured, and the estimate is forgotten.
"""

from __future__ import annotations

import math

from app.chat.conversation import Turn

_LINE_PX = 20
_LATIN_PX, _WIDE_PX = 7, 11  # how wide one character is, in the mean
_QUESTION_SHARE = 0.8
_AROUND_QUESTION_PX = 22
_AROUND_ANSWER_PX = 48
_MAX_QUESTION_CHARS = 20_000


def estimated_height(turn: Turn, width: int) -> int:
    """Pixels for `turn` in a column of `width` pixels."""
    question = turn.question[:_MAX_QUESTION_CHARS]
    height = _AROUND_QUESTION_PX + _text_height(question, width * _QUESTION_SHARE)
    if turn.answer:
        height += _AROUND_ANSWER_PX + _text_height(turn.answer, width)
    return height


def _text_height(text: str, width: float) -> int:
    char_px = _LATIN_PX if text.isascii() else _WIDE_PX
    a_line = max(width / char_px, 1)
    # On the mean, a paragraph's last line is half full.
    lines = text.count("\n") + 1
    return _LINE_PX * max(lines, math.ceil(len(text) / a_line + lines / 2))
