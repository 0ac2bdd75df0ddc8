"""The gate: static checks side by side, then the tests, then the coverage rule."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree

from environment import CHECKOUT

_RESULTS = CHECKOUT / "build" / "test-results.xml"
_COVERAGE = CHECKOUT / "build" / "coverage"

_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"

# One line each: what it is called, and what Python is to be given for it.
_STATIC = {
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "lint": ("-m", "ruff", "check", "--quiet", "."),
    "types": ("-m", "mypy", "--no-error-summary"),
    "imports": ("-c", _LINT_IMPORTS),
    "spelling": ("-m", "codespell_lib"),
}


def static(python: Path) -> list[str]:
    """Names of the static checks that failed; their findings are printed."""
    begun = time.monotonic()
    running = {
        name: subprocess.Popen(
            [str(python), *arguments],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, arguments in _STATIC.items()
    }
    failed = []
    for name, process in running.items():
        output, _ = process.communicate()
        print(f"{name:<10}{'failed' if process.returncode else 'ok'}", flush=True)
        if process.returncode:
            failed.append(name)
            print(output.rstrip())
    print(f"static checks: {time.monotonic() - begun:.1f} s", flush=True)
    return failed


def everything(python: Path) -> int:
    """All checks; the last line printed is `N passed, M failed`. Returns the exit code.

    A static check or coverage rule that does not hold counts as one failed.
    """
    broken = static(python)
    _RESULTS.parent.mkdir(exist_ok=True)
    _RESULTS.unlink(missing_ok=True)
    tests = _tests(python)
    if _exit_code([str(python), "packaging/coverage_rule.py", str(_COVERAGE)]):
        broken.append("coverage")
    passed, failed = _counts()
    if tests and not failed:  # pytest itself could not go on
        broken.append(f"pytest (exit {tests})")
    if broken:
        print("Not in order: " + ", ".join(broken))
    print(f"{passed} passed, {failed + len(broken)} failed", flush=True)
    return 1 if broken or failed else 0


def _tests(python: Path) -> int:
    workers = str(min(4, os.cpu_count() or 1))
    return _exit_code(
        [
            *(str(python), "-m", "pytest", "--quiet", "--tb=short", "--numprocesses", workers),
            *("--dist", "loadgroup", f"--junit-xml={_RESULTS}"),
            *("--cov", "--cov-branch", "--cov-context=test", "--cov-report="),
        ],
        {"COVERAGE_FILE": str(_COVERAGE)},
    )


def _exit_code(command: list[str], extra: dict[str, str] | None = None) -> int:
    environment = {**os.environ, **(extra or {})}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def _counts() -> tuple[int, int]:
    """(passed, failed) of the last run; an error in set-up or tear-down is a failure."""
    if not _RESULTS.exists():
        return 0, 0
    # Written by our own pytest a moment ago.
    suites = ElementTree.parse(_RESULTS).getroot().iter("testsuite")  # noqa: S314
    total = bad = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - bad - skipped, bad
