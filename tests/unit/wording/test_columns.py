from __future__ import annotations

import pytest

from app.wording.columns import aligned, fitting, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("每周", 4), ("e\u0301", 1), ("\u2068שלום\u2069", 4), ("％", 2)],
)
def test_columns_as_terminals_count_them(text: str, columns: int) -> None:
    assert width(text) == columns


def test_cells_stand_below_each_other() -> None:
    assert aligned([["每周", "4 %", ""], ["5-hour", "78 %", "x"], ["a"]]) == [
        "每周    4 %",
        "5-hour  78 %  x",
        "a",
    ]
    assert aligned([]) == []


def test_a_line_ends_before_it_would_wrap() -> None:
    """One column stays free: a full line moves the cursor to the next one."""
    assert fitting("abcdef", 4) == "abc"
    assert fitting("每周限额", 6) == "每周"
    assert fitting("abc", 80) == "abc"
