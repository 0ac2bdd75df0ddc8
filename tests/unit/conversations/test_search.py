from __future__ import annotations

import pytest

from app.conversations.search import excerpt_of, is_in, needle_of


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("why", "WHY NOT"),
        ("  a   b ", "x A B"),
        ("GRÖSSE", "die größe"),
        ("改名", "怎样改名？"),
        ("abc", "ＡＢＣ"),
    ],
)
def test_capitals_and_widths_do_not_matter(search: str, text: str) -> None:
    assert is_in(text, needle_of(search))


@pytest.mark.parametrize(("search", "text"), [("why not", "not why"), ("名改", "改名"), ("a", "")])
def test_the_text_is_sought_as_it_stands(search: str, text: str) -> None:
    assert not is_in(text, needle_of(search))


def test_nothing_is_sought_without_a_text() -> None:
    assert needle_of(" \n ") == ""


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("a needle", "a needle"),
        ("no", None),
        ("x" * 100 + "\nNeedle\n\n end", f"…{'x' * 23} Needle end"),
        ("needle" + "y" * 100, f"needle{'y' * 72}…"),
    ],
)
def test_an_excerpt_is_one_line_around_the_place(text: str, excerpt: str | None) -> None:
    assert excerpt_of(text, "needle") == excerpt
