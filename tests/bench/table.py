"""The budget table: each figure beside its floor, the ratio and the budget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` and `floor` in `unit`; with a floor the budget is a ratio, else in `unit`."""

    what: str
    value: float
    unit: str
    budget: float
    floor: float | None = None
    at_least: bool = False
    note: str = ""  # what made the figure unfair, told under the table

    @property
    def judged(self) -> float:
        return self.value if self.floor is None else self.value / self.floor

    @property
    def is_within(self) -> bool:
        return self.judged >= self.budget if self.at_least else self.judged <= self.budget


def rendered(rows: list[Row]) -> str:
    """The table as text, one line a row."""
    lines = [
        f"{'what':<58}{'value':>12}{'floor':>10}{'ratio':>8}{'budget':>9}  ",
        "-" * 105,
    ]
    for row in rows:
        floor = "" if row.floor is None else f"{row.floor:.1f}"
        ratio = "" if row.floor is None else f"{row.judged:.2f}x"
        sign = "≥" if row.at_least else "≤"
        budget = f"{sign} {row.budget:g}{'' if row.floor is None else 'x'}"
        verdict = "within" if row.is_within else "OVER"
        value = f"{row.value:.4g} {row.unit}"
        lines.append(f"{row.what:<58}{value:>12}{floor:>10}{ratio:>8}{budget:>9}  {verdict}")
    lines += dict.fromkeys(f"Note: {row.note}" for row in rows if row.note)
    return "\n".join(lines)
