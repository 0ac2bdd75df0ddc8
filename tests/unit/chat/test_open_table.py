"""Where a table may be cut: only between its rows, and only when it is long."""

from __future__ import annotations

import pytest

from app.chat.open_table import OpenTable


def fed(*lines: str) -> OpenTable:
    table = OpenTable()
    for line in lines:
        table.note(line)
    return table


@pytest.mark.parametrize(
    ("heading", "rule", "is_table"),
    [
        ("| a | b |", "|---|---|", True),
        ("a | b", ":-- | --:", True),
        ("| a \\| still a |", "|:-:|", True),
        ("| a | b |", "|---|", False),
        ("| a |", "---", False),
        ("| a |", "| x |", False),
        ("", "|-|-|", False),
    ],
)
def test_a_table_begins_with_a_heading_and_a_rule_of_as_many_columns(
    heading: str, rule: str, is_table: bool
) -> None:
    assert bool(fed(heading, rule).heading) is is_table


@pytest.mark.parametrize(("columns", "rows"), [(1, 120), (2, 60), (30, 4), (500, 4)])
def test_the_wider_a_table_the_fewer_rows_a_part_has(columns: int, rows: int) -> None:
    """F-C05"""
    table = fed("|a" * columns + "|", "|-" * columns + "|")
    row = "|1" * columns + "|"
    for _ in range(rows):
        assert not table.is_to_be_cut_before(row)
        table.note(row)
    assert table.is_to_be_cut_before(row)
    assert not table.is_to_be_cut_before("words")
    table.go_on(table.heading)
    assert not table.is_to_be_cut_before(row)


def test_a_line_without_columns_ends_a_table() -> None:
    assert not fed("|a|", "|-|", "|1|", "# heading").heading
