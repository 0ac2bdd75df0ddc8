"""Each import rule catches the violation it is there for.

A rule that can no longer fail looks exactly like one that is kept, so every contract of
pyproject.toml has a violation here, planted in a copy of the sources.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
_CHECK = "from importlinter.cli import lint_imports_command as main; main()"

# Contract's first words, the file that offends, the line it gains.
PLANTED = [
    ("Layers", "app/usage/limits.py", "import app.chat.events"),
    ("Layers", "app/leftovers.py", "import json"),
    ("Layers", "app/endpoints.py", "import app.settings"),
    ("No circles", "app/errors.py", "import app.endpoints"),
    ("No circles", "app/chat/events.py", "import app.chat.conversation"),
    ("Qt stays", "app/state.py", "from PySide6.QtCore import QObject"),
    ("Qt stays", "app/desktop/__init__.py", "import qasync"),
    ("What the command line shares", "app/program.py", "from app.ui import theme"),
    ("httpx", "app/usage/limits.py", "import httpx"),
    ("The keyring", "app/program.py", "import keyring"),
    ("The sign-in window", "app/ui/windows.py", "import app.sign_in_window.process"),
    ("The window shows", "app/sign_in_window/page.py", "import app.auth.tokens"),
    ("The stand-in", "app/simulator/clock.py", "from app.errors import Fault"),
    ("Only the demo", "app/program.py", "import app.simulator.clock"),
    ("Pure modules", "app/usage/limits.py", "import time"),
    ("Pure modules", "app/wording/times.py", "def late():\n    import os"),
]


def contracts() -> list[str]:
    tools = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]
    return [contract["name"] for contract in tools["importlinter"]["contracts"]]


def broken_contracts(checkout: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _CHECK, "--no-cache"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))
    assert set(verdicts) == set(contracts()), done.stdout + done.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "app", tmp_path / "app", ignore=ignored)
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_sources_keep_every_rule(copy: Path) -> None:
    assert broken_contracts(copy) == set()


@pytest.mark.parametrize(("contract", "path", "line"), PLANTED)
def test_a_planted_violation_is_caught(copy: Path, contract: str, path: str, line: str) -> None:
    with (copy / path).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")

    assert any(name.startswith(contract) for name in broken_contracts(copy))


def test_every_contract_has_a_planted_violation() -> None:
    unproved = [
        name for name in contracts() if not any(name.startswith(start) for start, _, _ in PLANTED)
    ]

    assert not unproved
