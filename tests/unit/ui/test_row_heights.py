"""Heights of many rows: the quick sums agree with plain addition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.row_heights import RowHeights

HEIGHTS = st.lists(st.integers(0, 500), max_size=70)


def check(rows: RowHeights, expected: list[int]) -> None:
    assert len(rows) == len(expected)
    assert [rows[i] for i in range(len(rows))] == expected
    assert [rows.top(i) for i in range(len(rows) + 1)] == [
        sum(expected[:i]) for i in range(len(expected) + 1)
    ]
    assert rows.total == sum(expected)


@given(HEIGHTS)
def test_tops_are_sums(heights: list[int]) -> None:
    check(RowHeights(heights), heights)


@given(HEIGHTS, st.lists(st.tuples(st.sampled_from("sac"), st.integers(0, 600)), max_size=30))
def test_changes_are_counted(heights: list[int], steps: list[tuple[str, int]]) -> None:
    rows, expected = RowHeights(heights), list(heights)
    for step, number in steps:
        if step == "a":
            rows.append(number)
            expected.append(number)
        elif step == "c":
            length = number % (len(expected) + 1)
            rows.cut(length)
            del expected[length:]
        elif expected:
            rows.set(number % len(expected), number)
            expected[number % len(expected)] = number
        check(rows, expected)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=70), st.integers(-20, 4_000))
def test_the_row_at_a_height_reaches_around_it(heights: list[int], y: int) -> None:
    rows = RowHeights(heights)
    row = rows.row_at(y)
    if y < 0:
        assert row == 0
    elif y >= rows.total:
        assert row == len(heights) - 1
    else:
        assert rows.top(row) <= y < rows.top(row + 1)


@pytest.mark.parametrize("y", [-5, 0, 5])
def test_an_empty_list_has_no_row(y: int) -> None:
    assert RowHeights().row_at(y) == 0
    assert RowHeights().total == 0
