"""The entry of dev.py and the judgement of the gate."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import checks
import commands
import coverage_rule
import dev
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def test_an_old_python_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    code = dev.main(["run"])

    assert code == 1
    assert capsys.readouterr().err == "Tidegauge needs Python 3.11 or newer; this is 3.9.2.\n"


def test_an_old_python_can_read_the_entry() -> None:
    text = (CHECKOUT / "packaging" / "dev.py").read_text("utf-8")

    ast.parse(text, feature_version=(3, 6))

    assert "from __future__ import annotations" not in text


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 2
    assert dev.main(["--help"]) == 0
    assert "dev.py COMMAND" in capsys.readouterr().out


def test_each_command_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    dev.main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    told = [line.split()[0] for line in lines if re.match(r"    [a-z]+ ", line)]

    assert told == list(commands._COMMANDS)
    assert all(len(line) < 100 for line in lines)


def test_the_readme_tells_each_command() -> None:
    readme = (CHECKOUT / "packaging" / "README.md").read_text("utf-8")

    for name in commands._COMMANDS:
        assert re.search(rf"`{name}[ `]", readme), name


@pytest.mark.parametrize(
    ("totals", "counts"),
    [
        ('tests="5" failures="1" errors="1" skipped="1"', (2, 2)),
        ('tests="3" failures="0" errors="0"', (3, 0)),
        ("", (0, 0)),
    ],
)
def test_the_last_line_counts_what_pytest_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, totals: str, counts: tuple[int, int]
) -> None:
    results = tmp_path / "results.xml"
    if totals:
        results.write_text(f"<testsuites><testsuite {totals}/></testsuites>", "utf-8")
    monkeypatch.setattr(checks, "_RESULTS", results)

    assert checks._counts() == counts


def _file(lines: list[int], branches: list[list[int]]) -> dict[str, Any]:
    return {"executed_lines": [1], "missing_lines": lines, "missing_branches": branches}


def test_a_pure_module_must_be_covered_to_its_last_branch() -> None:
    report = {
        "files": {
            "app/errors.py": _file([], []),
            "app/usage/pace.py": _file([7, 8, 9, 12], [[3, 9], [7, 8]]),
            "app/ui/panel.py": _file([1, 2, 3], []),
        }
    }

    lines = coverage_rule.gaps(report, ["app.errors", "app.usage.pace", "app.usage.gone"])

    assert lines == [
        "app/usage/pace.py: unit tests miss 7-9, 12, 3->9",
        "app/usage/gone.py: no unit test imports it",
    ]
