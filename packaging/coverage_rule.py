"""The coverage rule of pyproject's [tool.tidegauge]; run by the environment's Python.

    coverage_rule.py DATA_FILE

A pure module must be covered to its last branch by the unit tests alone; all modules together
must not fall below the floor, whoever covers them. Exit code 1 if either does not hold.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from coverage import Coverage

CHECKOUT = Path(__file__).resolve().parent.parent
_SHOWN = 12
_UNIT = ["^$", "^tests/unit/"]  # what importing the module covers, and what the unit tests do


def measure(data_file: str, contexts: list[str]) -> dict[str, Any]:
    """Coverage's JSON report, limited to what ran in a matching context."""
    coverage = Coverage(data_file=data_file, config_file=str(CHECKOUT / "pyproject.toml"))
    coverage.load()
    coverage.set_option("json:show_contexts", False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        coverage.json_report(outfile=str(path), contexts=contexts or None)
        report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report


def gaps(report: dict[str, Any], pure: list[str]) -> list[str]:
    """One line for each pure module that is missing or not wholly covered."""
    files = {name.replace("\\", "/"): entry for name, entry in report["files"].items()}
    lines = []
    for module in pure:
        path = module.replace(".", "/") + ".py"
        entry = files.get(path)
        if entry is None or not entry["executed_lines"]:
            lines.append(f"{path}: no unit test imports it")
        elif entry["missing_lines"] or entry["missing_branches"]:
            lines.append(f"{path}: unit tests miss {_missing(entry)}")
    return lines


def _missing(entry: dict[str, Any]) -> str:
    """Lines as ranges, then the branches not taken from lines that did run; cut if many."""
    lines: list[int] = entry["missing_lines"]
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    parts = [str(a) if a == b else f"{a}-{b}" for a, b in ranges]
    parts += [f"{a}->{b}" for a, b in entry["missing_branches"] if a not in lines]
    return ", ".join(parts[:_SHOWN]) + (f" and {len(parts) - _SHOWN} more" * (len(parts) > _SHOWN))


def main(data_file: str) -> int:
    rule = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]["tidegauge"]
    if not Path(data_file).exists():
        print("coverage: no data was written")
        return 1
    missing = gaps(measure(data_file, _UNIT), rule["pure"])
    total = measure(data_file, [])["totals"]["percent_covered"]
    print("\n".join(f"coverage: {line}" for line in missing))
    print(f"coverage: {len(rule['pure'])} pure modules, {len(missing)} short of 100 %")
    print(f"coverage: all modules {total:.1f} %, floor {rule['floor']} %")
    return 1 if missing or total < rule["floor"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
