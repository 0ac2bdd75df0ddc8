"""The virtual environment: made from the lock files with hashes, once, and then left alone.

A stamp inside it, written last, names what it was made from. If the stamp is current nothing is
done and nothing is printed; without a stamp the environment is half made and made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import node_packages
import system_packages
from console import SetupError, cause_of, say

CHECKOUT = Path(__file__).resolve().parent.parent
VENV_VARIABLE = "TIDEGAUGE_VENV"
USES = ("run", "test", "dev")  # each includes the ones before it; one lock file each
_STAMP = "tidegauge-stamp.json"


def venv_folder() -> Path:
    return Path(os.environ.get(VENV_VARIABLE) or CHECKOUT / ".venv").expanduser().absolute()


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ensure(use: str) -> Path:
    """The environment's Python, good for `use`, after whatever set-up that takes."""
    venv = venv_folder()
    if is_current(venv, use):
        return python_of(venv)
    with _only_one(venv):
        if not is_current(venv, use):  # another process may have done it meanwhile
            _set_up(venv, use)
    return python_of(venv)


def _lock_file(use: str) -> Path:
    return CHECKOUT / "requirements" / f"{use}.txt"


def _digest_of(use: str) -> str:
    """Of all that an environment for `use` is installed from, narrower uses apart."""
    files = [_lock_file(use)]
    if use == "test" and node_packages.LOCK.exists():
        files.append(node_packages.LOCK)
    return "+".join(map(_digest, files))


def _origin() -> dict[str, Any]:
    """What an environment must be rebuilt for."""
    return {
        "checkout": str(CHECKOUT),
        "python": [*sys.version_info[:2], sys.base_prefix],
        "system": _digest(system_packages.LIST),
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_stamp(venv: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((venv / _STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(venv: Path, stamp: dict[str, Any]) -> None:
    fresh = venv / (_STAMP + ".new")
    fresh.write_text(json.dumps(stamp, indent=1), "utf-8")
    fresh.replace(venv / _STAMP)


def is_current(venv: Path, use: str) -> bool:
    """True if `venv` was made, to the end, from what the checkout now asks for."""
    stamp = _read_stamp(venv)
    return (
        stamp.get("origin") == _origin()
        and stamp.get("locks", {}).get(use) == _digest_of(use)
        and python_of(venv).exists()
    )


@contextlib.contextmanager
def _only_one(venv: Path) -> Iterator[None]:
    """Holds `<venv>.lock`; the system lets go of it when the process ends, however it ends."""
    path = venv.with_name(venv.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+b")
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}. {VENV_VARIABLE} can name a place.") from error
    with handle:
        if not _take(handle.fileno(), wait=False):
            say("Waiting for another set-up to end …")
            _take(handle.fileno(), wait=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:  # LK_LOCK itself gives up after ten seconds
                if not wait:
                    return False
            else:
                return True
else:
    import fcntl

    def _take(descriptor: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True


def _set_up(venv: Path, use: str) -> None:
    included = USES[: USES.index(use) + 1]
    system_packages.ensure(included)
    stamp = _read_stamp(venv)
    locks = stamp.get("locks", {})
    grows = (
        stamp.get("origin") == _origin()
        and all(digest == _digest_of(name) for name, digest in locks.items())
        and python_of(venv).exists()
    )
    try:
        if not grows:
            _make(venv)
            locks = {}
        _install(venv, use)
        if "test" in included and node_packages.LOCK.exists():
            say("Installing the independent judges of the tests, checked by hash …")
            judges = node_packages.installation(python_of(venv), venv)
            _checked(judges, "Installing the judges")
        (_site_packages(venv) / "tidegauge-checkout.pth").write_text(f"{CHECKOUT}\n", "utf-8")
        digests = {name: _digest_of(name) for name in included}
        _write_stamp(venv, {"origin": _origin(), "locks": {**locks, **digests}})
    except OSError as error:
        cause = cause_of(str(error)) or str(error)
        raise SetupError(f"The environment in {venv} cannot be written: {cause}") from error
    say("Set-up complete.")


def _make(venv: Path) -> None:
    """An empty environment in place of whatever this script left there before."""
    mark = venv / "tidegauge-environment"  # stays to the end, so that a half-removed one is known
    if venv.exists() and any(venv.iterdir()):
        if not mark.exists():
            raise SetupError(
                f"{venv} was not made by this script and is left alone."
                f" Move it away, or let {VENV_VARIABLE} name another folder."
            )
        say(f"Removing the outdated or unfinished environment {venv} …")
        (venv / _STAMP).unlink(missing_ok=True)
        for entry in venv.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != mark:
                entry.unlink()
    say(f"Making a virtual environment in {venv} …")
    venv.mkdir(parents=True, exist_ok=True)
    mark.touch()
    _checked([sys.executable, "-m", "venv", str(venv)], "Making the environment")


def _site_packages(venv: Path) -> Path:
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def _install(venv: Path, use: str) -> None:
    lock = _lock_file(use)
    count = sum("==" in line for line in lock.read_text("utf-8").splitlines())
    say(f"Installing up to {count} packages from requirements/{lock.name}, checked by hash …")
    _checked(
        [
            *(str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "install"),
            *("--no-input", "--progress-bar", "off", "--require-hashes", "--only-binary", ":all:"),
            *("--requirement", str(lock)),
        ],
        "Installing",
    )
    _checked([str(python_of(venv)), "-m", "pip", "check"], "The installed set")


def _checked(command: list[str], what: str) -> None:
    """Run `command`, telling only of large downloads. Raises `SetupError` with its last lines."""
    unset = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH"}
    environment = {k: v for k, v in os.environ.items() if k not in unset}
    environment |= {"PIP_USER": "0", "NODE_USE_SYSTEM_CA": "1"}
    lines = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            large = re.search(r"Downloading (?:\S*/)?([^-\s]+)-\S+ \((\d{2,}\.\d MB)\)", line)
            if large:
                say(f"  fetching {large[1]} ({large[2]})")
    if process.returncode:
        tail = "\n".join("  " + line for line in lines[-8:])
        raise SetupError(f"{what} failed:\n{tail}\n{cause_of(chr(10).join(lines))}".rstrip())
