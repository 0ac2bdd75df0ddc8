"""The system packages of system-packages.txt: which are missing, and installing those.

Only for Debian and its relatives. Windows and macOS need none; any other Linux is left to its
user, for whom the file serves as a list.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from console import SetupError, cause_of, say

LIST = Path(__file__).with_name("system-packages.txt")
SKIP_VARIABLE = "TIDEGAUGE_SKIP_SYSTEM_PACKAGES"

Need = tuple[str, ...]  # names of the same thing, the preferred one first


def parse(text: str, python: str, distribution: str) -> dict[str, list[Need]]:
    """Needs by group. `python` is like "3.11"; `distribution` is "debian" or "ubuntu"."""
    groups: dict[str, list[Need]] = {}
    needs: list[Need] = []
    for raw in text.splitlines():
        line, _, only = raw.partition("#")[0].replace("{python}", python).partition("@")
        if line.startswith("["):
            needs = groups.setdefault(line.strip().strip("[]"), [])
        elif line.strip() and only.strip() in ("", distribution):
            needs.append(tuple(name.strip() for name in line.split("|")))
    return groups


def _distribution() -> str:
    """ "ubuntu" for Ubuntu and what derives from it, else "debian"."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "debian"
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    return "ubuntu" if "ubuntu" in names else "debian"


def ensure(groups: tuple[str, ...]) -> None:
    """Install what `groups` need and the system lacks. Raises `SetupError`."""
    if os.environ.get(SKIP_VARIABLE) or not (shutil.which("apt-get") and shutil.which("dpkg")):
        return
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    listed = parse(LIST.read_text("utf-8"), python, _distribution())
    needs = [need for group in groups for need in listed[group]]
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        needs += listed["venv"]
    have = _installed([name for need in needs for name in need])
    missing = [need for need in needs if not have.intersection(need)]
    if missing:
        _install(missing)


def _installed(names: list[str]) -> set[str]:
    result = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,  # 1 if any is unknown
    )
    rows = (line.split() for line in result.stdout.splitlines())
    return {row[0] for row in rows if row[1:] == ["installed"]}


def _install(missing: list[Need]) -> None:
    say("System packages needed: " + " ".join(" or ".join(need) for need in missing))
    prefix = _authority()
    if prefix is None:
        raise SetupError(_by_hand(missing))
    say("Updating the package lists …")
    _apt([*prefix, "update", "-q"], missing)
    say("Installing the system packages; the first time this takes some minutes …")
    _apt([*prefix, *_satisfy(missing), "-q", "--yes"], missing)


def _satisfy(missing: list[Need]) -> list[str]:
    """apt-get's own way to say "a or b": a line of dependencies."""
    line = ", ".join(" | ".join(need) for need in missing)
    return ["satisfy", "--no-install-recommends", line]


def _authority() -> list[str] | None:
    """How apt-get is to be called, or None without the right to."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    if os.geteuid() == 0:
        return apt
    if not shutil.which("sudo"):
        return None
    if sys.stdin.isatty():
        return ["sudo", *apt]
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", *apt] if allowed.returncode == 0 else None


def _by_hand(missing: list[Need]) -> str:
    install = shlex.join(["sudo", "apt-get", *_satisfy(missing)])
    return (
        "Installing them needs root. Have this run, then start again:\n"
        f"  sudo apt-get update && {install}\n"
        f"({SKIP_VARIABLE}=1 goes on without, if they are there in another way)"
    )


def _apt(command: list[str], missing: list[Need]) -> None:
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode:
        tail = "\n".join("  " + line for line in result.stdout.splitlines()[-8:])
        raise SetupError(
            f"{shlex.join(command[: command.index('apt-get') + 1])} failed"
            f" (exit {result.returncode}):\n{tail}\n{cause_of(result.stdout)}\n"
            f"The command by hand:\n  {shlex.join(['apt-get', *_satisfy(missing)])}"
        )
