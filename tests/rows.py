"""Which rows of the threat and fault list a test cites: `python tests/rows.py [--write]`.

Prints the rows of what there is so far without a test and without a reason in tests/README.md, and
fails if there are any; `--write` puts the current table into that file.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
BEGIN, END = "<!-- rows: begin -->\n", "<!-- rows: end -->\n"
_SPANS = (
    ("T-", 1, 59),
    *(("F-N", 1, 25), ("F-H", 1, 18), ("F-U", 1, 26), ("F-T", 1, 28), ("F-M", 1, 9)),
    *(("F-C", 1, 31), ("F-D", 1, 27), ("F-L", 1, 20)),
)
ROWS = tuple(
    f"{kind}{number:02}" for kind, first, last in _SPANS for number in range(first, last + 1)
)
_CITED = re.compile(r"\b(T-|F-[A-Z])(\d\d)(?:(?:…|\.\.\.?|-)(?:\1)?(\d\d)\b)?")
_REASON = re.compile(r"^- ((?:T-|F-[A-Z])\d\d): \S", re.MULTILINE)


def cited() -> dict[str, set[str]]:
    """The test files by the row they cite; `T-18…T-28` cites all between."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(HERE.rglob("test_*.py")):
        for kind, first, last in _CITED.findall(path.read_text("utf-8")):
            for number in range(int(first), int(last or first) + 1):
                found[f"{kind}{number:02}"].add(path.relative_to(HERE).as_posix())
    return found


def explained(readme: str) -> set[str]:
    """The rows for which the README says why no test can be had here."""
    return set(_REASON.findall(readme))


def table(found: dict[str, set[str]], reasons: set[str]) -> str:
    """One line per row, with its tests."""
    lines = ["| Row | Tests |", "|---|---|"]
    for row in ROWS:
        tests = ", ".join(f"`{name}`" for name in sorted(found.get(row, ())))
        lines.append(f"| {row} | {tests or ('see below' if row in reasons else 'none yet')} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    readme, found = README.read_text("utf-8"), cited()
    reasons = explained(readme)
    if "--write" in arguments:
        before, _, rest = readme.partition(BEGIN)
        after = rest.partition(END)[2]
        new = before + BEGIN + table(found, reasons) + END + after
        README.write_text(new, "utf-8")
    missing = [row for row in ROWS if not found.get(row) and row not in reasons]
    if missing:
        print("no test and no reason:", *missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
