"""Text of foreign origin (plan, limit name, e-mail, the service's own words) made fit for a label.

Pure. A label is one line of plain text: nothing in it may hide, reorder or run on (T-54, T-56).
"""

from __future__ import annotations

import unicodedata

from app.wording import language
from app.wording.setting_in import isolated

_REPLACEMENT = "\ufffd"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def clean(text: str, limit: int = 40) -> str:
    """One visible line of at most `limit` characters.

    White space becomes single spaces; control, format, private and unassigned characters,
    lone surrogates and bidirectional overrides become a visible mark; right-to-left text is
    isolated, so that it cannot reorder the words around it, and so is every text where the
    interface itself runs from right to left.
    """
    line = "".join(_visible(character) for character in " ".join(text[: limit * 8].split()))
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    turns = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line)
    return isolated(line) if turns or language.is_right_to_left() else line


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures
    if unicodedata.category(character)[0] == "C":
        return _REPLACEMENT
    return character
