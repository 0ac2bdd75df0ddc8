"""Text of foreign origin cannot hide, reorder or run on in a label (T-54, T-56)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording.untrusted import clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Spark", "Spark"),
        ("  a \n b\t c ", "a b c"),
        ("a\x00b\x1b[31m", "a␀b␛[31m"),
        ("del\x7f", "del\ufffd"),
        ("user\u202egpj.exe", "user\ufffdgpj.exe"),
        ("zero\u200bwidth", "zero\ufffdwidth"),
        ("lone\ud800surrogate", "lone\ufffdsurrogate"),
        ("<img src=file:/x>", "<img src=file:/x>"),
        ("中文名称", "中文名称"),
        ("עברית", "\u2068עברית\u2069"),
        ("\u0661\u0662", "\u2068\u0661\u0662\u2069"),
        ("", ""),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_long_text_is_cut_with_an_ellipsis() -> None:
    """F-U13: a plan of 10 KB is shown in 40 characters."""
    assert clean("x" * 10_000) == "x" * 39 + "…"
    assert clean("x" * 40) == "x" * 40
    assert clean("aaaa bbbb", limit=6) == "aaaa…"


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    shown = clean(text).strip("\u2068\u2069")

    assert len(shown) <= 40
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")]
