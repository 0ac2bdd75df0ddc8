"""How high each row of a long list is, and what lies where. Pure.

A Fenwick tree over the heights: a changed height, the top of a row and the row at a height each
cost the logarithm of the number of rows, so a list of any length scrolls alike (F-C10).
"""

from __future__ import annotations

from collections.abc import Iterable


class RowHeights:
    """Heights in whole pixels, none negative; rows are counted from 0."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._sums = [0, *self._heights]  # each holds the sum of a range that ends with it
        for i in range(1, len(self._sums)):
            above = i + (i & -i)
            if above < len(self._sums):
                self._sums[above] += self._sums[i]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    @property
    def total(self) -> int:
        """How high all rows are together."""
        return self.top(len(self._heights))

    def top(self, row: int) -> int:
        """Where `row` begins; `len(self)` gives where the last one ends."""
        total = 0
        while row > 0:
            total += self._sums[row]
            row &= row - 1
        return total

    def set(self, row: int, height: int) -> None:
        """Give `row` another height."""
        more = height - self._heights[row]
        self._heights[row] = height
        at = row + 1
        while more and at < len(self._sums):
            self._sums[at] += more
            at += at & -at

    def append(self, height: int) -> None:
        """Add a row at the end."""
        self._heights.append(height)
        at = len(self._heights)
        below = at & (at - 1)
        self._sums.append(height + self.top(at - 1) - self.top(below))

    def cut(self, length: int) -> None:
        """Keep the first `length` rows only."""
        del self._heights[length:]
        del self._sums[length + 1 :]

    def row_at(self, y: int) -> int:
        """The row in which `y` lies, the nearest one outside; 0 if there is none."""
        row, left = 0, y
        step = 1 << len(self._heights).bit_length()
        while step:
            if row + step < len(self._sums) and self._sums[row + step] <= left:
                row += step
                left -= self._sums[row]
            step >>= 1
        return max(0, min(row, len(self._heights) - 1))
