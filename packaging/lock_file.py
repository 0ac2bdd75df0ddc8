"""What a lock file of `requirements/` names, and what of it is installed here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

_LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# No package of the program's, yet part of what PyInstaller makes.
_OF_THE_BUNDLER = "pyinstaller"


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of a lock file; `marker` says where it applies, and is empty for everywhere."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def is_here(self) -> bool:
        """True if this very version is installed in the running environment."""
        try:
            return version(self.name) == self.version
        except PackageNotFoundError:
            return False


def read_lock(path: Path) -> list[Locked]:
    """Every package the file names, for this system or another, in its order."""
    found: list[Locked] = []
    hashes: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        match = _LINE.match(line)
        if match:
            hashes = []
            marker = (match["marker"] or "").strip()
            found.append(Locked(match["name"], match["version"], marker, ()))
        hashes += _HASH.findall(line)
        if found and hashes:
            found[-1] = Locked(found[-1].name, found[-1].version, found[-1].marker, tuple(hashes))
    return found


def foreign_modules(locked: list[Locked]) -> list[str]:
    """Top-level modules installed here that belong to no locked package: the tools' own."""
    names = {normal(one.name) for one in locked}
    return sorted(
        module
        for module, owners in packages_distributions().items()
        if not any(
            normal(owner) in names or normal(owner).startswith(_OF_THE_BUNDLER) for owner in owners
        )
    )


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).casefold()
