"""Which characters of an answer may be shown as they are, and what stands for the others. Pure.

Prose keeps its bidirectional controls (they are part of ordinary Arabic and Hebrew text); code
shows every invisible character by its number, because there it can only deceive (T-54, T-58).
"""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, lone surrogates, noncharacters (Qt marks its frames with two of them) and the
# object replacement character, which would read as an embedded picture.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]"
)
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def with_plain_line_ends(text: str) -> str:
    """Every line end as one line feed; a carriage return at the very end is one, too."""
    return _LINE_ENDS.sub("\n", text)


def without_controls(text: str) -> str:
    """Control characters and the like as U+FFFD; tab and line feed stay (F-C07, F-C08)."""
    return _UNSHOWABLE.sub("\ufffd", text)


def revealed(code: str) -> str:
    """`code` with each hidden character written out, as in `⟨U+202E⟩`."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", code)


def without_hidden(code: str) -> str:
    """`code` without its hidden characters: what the copy button gives."""
    return _HIDDEN.sub("", code)


def has_hidden(code: str) -> bool:
    """True if `revealed` would write something out."""
    return _HIDDEN.search(code) is not None


def plain_summary(reasoning: str) -> str:
    """A summary of reasoning as plain text: the service sets its headings in bold Markdown."""
    return _BOLD.sub(r"\1", without_controls(with_plain_line_ends(reasoning))).strip()


def in_lengths_of(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters; one empty piece for an empty text.

    A word without end would otherwise cost the layout seconds (F-C05).
    """
    return [text[i : i + limit] for i in range(0, len(text), limit)] or [""]
