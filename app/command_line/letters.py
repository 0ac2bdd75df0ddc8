"""What a terminal's encoding cannot write: told in letters it has, never a crash (F-D12).

Python's own UTF-8 mode covers the locale C; what is left are terminals of old encodings and
whoever asks for one by `PYTHONIOENCODING`.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Mapping
from io import TextIOWrapper

_HANDLER = "tidegauge.lookalike"
_UNASKED_ASCII = "ascii"  # what Python takes where the locale says nothing

# No double quotes: they would end a string in JSON.
_LOOKALIKES = {
    **dict.fromkeys("“”‘’", "'"),
    **dict.fromkeys("–—", "-"),
    **dict.fromkeys("\u2068\u2069\u200f", ""),
    "\u00a0": " ",
    "…": "...",
    "·": "*",
    "×": "x",
    "‹": "<",
    "›": ">",
}


def prepare(environment: Mapping[str, str]) -> None:
    """Let standard output and error take every text from now on."""
    codecs.register_error(_HANDLER, _lookalikes)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            is_unasked = "PYTHONIOENCODING" not in environment
            plain = codecs.lookup(stream.encoding).name == _UNASKED_ASCII
            encoding = "utf-8" if plain and is_unasked else stream.encoding
            stream.reconfigure(encoding=encoding, errors=_HANDLER)


def can_write(text: str) -> bool:
    """Whether standard output has all letters of `text`."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _lookalikes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_LOOKALIKES.get(letter, "?") for letter in missing), error.end
