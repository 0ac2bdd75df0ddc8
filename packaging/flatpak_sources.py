"""Gathers what a Flatpak is built from, so that the build needs no network.

    python packaging/flatpak_sources.py FOLDER SDIST

FOLDER gets the manifest, the source archive, the locked wheels the base application lacks, and
one module each for them and for the build backend. Wheels are fetched by pip, checked by hash.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lock_file import Locked, normal, read_lock

CHECKOUT = Path(__file__).resolve().parent.parent
APP_ID = "io.github.tidegauge.Tidegauge"
MANIFEST = CHECKOUT / "packaging" / "linux" / "flatpak" / f"{APP_ID}.yml"
PYTHON = "3.13"  # of the runtime that the manifest names
ARCHITECTURES = ("x86_64", "aarch64")
# The base application brings Qt and its bindings.
_OF_THE_BASE = ("pyside6", "shiboken6")
_BUILD_BACKEND = ("hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers")
_OLDEST_GLIBC = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
_INSTALL = "pip3 install --no-index --no-deps --no-build-isolation --prefix=${FLATPAK_DEST}"


def main(folder: Path, sdist: Path) -> int:
    """Fill `folder`, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    run = [one for one in applicable("run.txt") if not normal(one.name).startswith(_OF_THE_BASE)]
    backend = [one for one in applicable("test.txt") if normal(one.name) in _BUILD_BACKEND]
    write(folder, sdist, _fetched(run, wheels), _fetched(backend, wheels))
    print(f"{folder}: {len(run)} packages; to build:")
    print(f"  cd {folder} && flatpak-builder --user --install build {APP_ID}.yml")
    return 0


def write(
    folder: Path, sdist: Path, run: dict[str, list[str]], backend: dict[str, list[str]]
) -> None:
    """Manifest and modules. `run`, `backend`: wheels in `folder/wheels`, with architectures."""
    shutil.copyfile(sdist, folder / sdist.name)
    _write_module(folder, "python-packages", run)
    # Needed while building only.
    _write_module(folder, "build-backend", backend, cleanup=["*"])
    text = MANIFEST.read_text("utf-8")
    text = text.replace("@SDIST@", sdist.name).replace("@SHA256@", _digest(sdist))
    (folder / MANIFEST.name).write_text(text, "utf-8")


def applicable(lock: str) -> list[Locked]:
    """What a lock file names for Linux and the Python of the runtime."""
    marker = importlib.import_module("packaging.markers").Marker  # the library, not this folder
    there = {
        "python_version": PYTHON,
        "python_full_version": f"{PYTHON}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "os_name": "posix",
    }
    listed = read_lock(CHECKOUT / "requirements" / lock)
    return [one for one in listed if not one.marker or marker(one.marker).evaluate(there)]


def _fetched(packages: Iterable[Locked], wheels: Path) -> dict[str, list[str]]:
    """File names of the wheels, each with the architectures it is for."""
    found: dict[str, list[str]] = {}
    for architecture in ARCHITECTURES:
        with tempfile.TemporaryDirectory() as temporary:
            _download(packages, architecture, Path(temporary))
            for path in sorted(Path(temporary).iterdir()):
                found.setdefault(path.name, []).append(architecture)
                shutil.copyfile(path, wheels / path.name)
    return found


def _download(packages: Iterable[Locked], architecture: str, folder: Path) -> None:
    lines = (
        f"{one.name}=={one.version} " + " ".join(f"--hash=sha256:{value}" for value in one.hashes)
        for one in packages
    )
    wanted = folder / "wanted.txt"
    wanted.write_text("\n".join(lines) + "\n", "utf-8")
    platforms = [
        word for oldest in _OLDEST_GLIBC for word in ("--platform", f"{oldest}_{architecture}")
    ]
    abi = [
        word for tag in (f"cp{PYTHON.replace('.', '')}", "abi3", "none") for word in ("--abi", tag)
    ]
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"),
        *("--no-deps", "--only-binary", ":all:", "--require-hashes", "--implementation", "cp"),
        *("--python-version", PYTHON, *platforms, *abi),
        *("--requirement", str(wanted), "--dest", str(folder)),
    ]
    subprocess.run(command, check=True)
    wanted.unlink()


def _write_module(folder: Path, name: str, wheels: dict[str, list[str]], **more: Any) -> None:
    sources = []
    for wheel, architectures in sorted(wheels.items()):
        source: dict[str, Any] = {
            "type": "file",
            "path": f"wheels/{wheel}",
            "sha256": _digest(folder / "wheels" / wheel),
        }
        if set(architectures) != set(ARCHITECTURES):
            source["only-arches"] = architectures
        sources.append(source)
    module = {
        "name": name,
        "buildsystem": "simple",
        "build-commands": [f"{_INSTALL} *.whl"],
        "sources": sources,
        **more,
    }
    (folder / f"{name}.json").write_text(json.dumps(module, indent=1) + "\n", "utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.stderr.write(f"{__doc__}\n")
        sys.exit(2)
    sys.exit(main(*map(Path, sys.argv[1:])))
