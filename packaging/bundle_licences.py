"""The folder `licences` of a bundle: the text of everything in it that is somebody else's.

Called by the spec, which knows what went in. Libraries of the system are asked of dpkg; on
Windows and macOS the bundle has none of the system's.
"""

from __future__ import annotations

import json
import lzma
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import bill
from bill import UnknownOriginError

CHECKOUT = Path(__file__).resolve().parent.parent
NOTICES = CHECKOUT / "packaging" / "notices"
SYSTEM = "system"
INDEX = "system-libraries.json"
_MULTIARCH = re.compile(r":[a-z0-9]+$")


def write(folder: Path, libraries: Iterable[Path]) -> None:
    """Fill `folder`, made anew, for a bundle that holds `libraries` beside the Python packages.

    Raises `UnknownOriginError` for a library of the system that no package owns.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(CHECKOUT / "LICENSE", folder / "Tidegauge.txt")
    for text in (CHECKOUT / "resources" / "licences").glob("*.txt"):
        shutil.copyfile(text, folder / text.name)
    shutil.copyfile(bill.python_licence(), folder / "Python.txt")
    for packed in NOTICES.glob("*.xz"):
        (folder / packed.stem).write_bytes(lzma.decompress(packed.read_bytes()))
    (folder / bill.LICENCES).write_text(bill.licences(), "utf-8")
    if sys.platform == "linux":
        _write_system(folder / SYSTEM, [path for path in libraries if is_of_system(path)])


def is_of_system(library: Path) -> bool:
    """True for what lies neither in the environment nor in the Python it was made from."""
    homes = [sys.prefix, sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    if sys.base_prefix not in ("/usr", "/usr/local"):
        homes.append(sys.base_prefix)
    real = library.resolve()
    return not any(real.is_relative_to(Path(home).resolve()) for home in homes)


def _write_system(folder: Path, libraries: list[Path]) -> None:
    owners: dict[str, list[str]] = {}
    for library in sorted(libraries):
        owners.setdefault(owner_of(library), []).append(library.name)
    index = {}
    for package, files in sorted(owners.items()):
        folder.mkdir(exist_ok=True)
        source = Path("/usr/share/doc") / package / "copyright"
        if not source.is_file():
            raise UnknownOriginError(f"{source} is missing, and {files} need it")
        shutil.copyfile(source, folder / f"{package}.txt")
        version = _told(["dpkg-query", "--show", "--showformat", "${Version}\\n", package])
        index[package] = {"version": version.splitlines()[0], "files": sorted(set(files))}
    if index:
        (folder.parent / INDEX).write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def owner_of(library: Path) -> str:
    """The Debian package that installed `library`. Raises `UnknownOriginError`."""
    real = library.resolve()
    # Where /lib is a link to /usr/lib, dpkg may know the file under either name.
    for name in (str(real), str(real).removeprefix("/usr"), str(library)):
        told = _told(["dpkg-query", "--search", name])
        if told:
            return _MULTIARCH.sub("", told.splitlines()[0].partition(": ")[0].split(", ")[0])
    raise UnknownOriginError(f"{library} belongs to no package")


def _told(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
