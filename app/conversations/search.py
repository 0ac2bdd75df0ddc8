"""Where a text is found in another, however it is written. Pure.

Capitals and full-width letters do not matter, in any script; Chinese has no words to split, so
the text is sought as it stands.
"""

from __future__ import annotations

import re
import unicodedata

_BEFORE, _BEHIND = 24, 72  # characters of an excerpt around the beginning of what was found


def needle_of(search: str) -> str:
    """What to look for; empty if there is nothing to be sought."""
    return _folded(" ".join(search.split()))


def is_in(text: str, needle: str) -> bool:
    """Whether `needle`, from `needle_of`, stands in `text`."""
    return needle in _folded(text)


def excerpt_of(text: str, needle: str) -> str | None:
    """One line of `text` around the first place of `needle`; None if it is not there.

    Folding may change lengths (German sharp s, ligatures), so the place is only about right
    where such letters stand before it.
    """
    place = _folded(text).find(needle)
    if place < 0:
        return None
    start, end = max(0, place - _BEFORE), place + len(needle) + _BEHIND
    line = re.sub(r"\s+", " ", text[start:end]).strip()
    return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
