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
# What no script and no emoji needs: taken out of copied prose. Tags spell flags after a black one.
_NEEDLESS = re.compile(
    "[\u00ad\u200b\u202d\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
)
_FENCE = re.compile(r" *(```|~~~)")
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


def left_to_right(code: str) -> str:
    """`code` as it has to stand among words from right to left: an island (F-C09)."""
    return f"\u2066{code}\u2069"


def has_hidden(code: str) -> bool:
    """True if `revealed` would write something out."""
    return _HIDDEN.search(code) is not None


def copied_prose(text: str) -> str:
    """Prose as it goes to the clipboard: without what is invisible and serves no script."""
    return _NEEDLESS.sub("", text)


def copied_markdown(answer: str) -> str:
    """A whole answer as it goes to the clipboard: its code without any hidden character (T-58)."""
    answer = without_controls(with_plain_line_ends(answer))
    if not has_hidden(answer):
        return answer
    fence = ""
    lines: list[str] = []
    for line in answer.split("\n"):
        found = _FENCE.match(line)
        if found is not None and fence in ("", found[1]):
            fence = "" if fence else found[1]
        lines.append(without_hidden(line) if fence else copied_prose(line))
    return "\n".join(lines)


def plain_summary(reasoning: str) -> str:
    """A summary of reasoning as plain text: the service sets its headings in bold Markdown."""
    return _BOLD.sub(r"\1", without_controls(with_plain_line_ends(reasoning))).strip()


def in_lengths_of(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters; one empty piece for an empty text.

    A word without end would otherwise cost the layout seconds (F-C05).
    """
    return [text[i : i + limit] for i in range(0, len(text), limit)] or [""]
