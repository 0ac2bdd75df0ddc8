"""Puts the bundle of `dist/tidegauge` into a Debian package: `python3 packaging/dev.py deb`.

Everything lies in /opt/tidegauge, with a link in /usr/bin, and what dpkg lists is all there is:
the one script ends the program before it is removed. Standard library, dpkg and binutils only.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import cache
from pathlib import Path

from bundle_licences import owner_of

CHECKOUT = Path(__file__).resolve().parent.parent
LINUX = CHECKOUT / "packaging" / "linux"
APP_ID = "io.github.tidegauge.Tidegauge"
MAINTAINER = "Tidegauge contributors <tidegauge@example.org>"
REVISION = "1"  # of the package; counts up while the program's version stays
# Read at run time, linked by nothing.
_ALSO_NEEDED = ("ca-certificates", "xkb-data")
_ELF = b"\x7fELF"
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)\b")
_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_FOUND = re.compile(r"^\s+(\S+) \([^)]*\) => (/\S+)$", re.MULTILINE)


def main(bundle: Path, icons: Path, folder: Path) -> int:
    """Write `folder/tidegauge_VERSION_ARCH.deb` from the bundle and the drawn icons."""
    version = f"{version_of(CHECKOUT / 'app' / '__init__.py')}-{REVISION}"
    architecture = _told(["dpkg", "--print-architecture"])
    target = folder / f"tidegauge_{version}_{architecture}.deb"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        root.chmod(0o755)
        _lay_out(root, bundle, icons)
        _write_documents(root / "usr" / "share" / "doc" / "tidegauge", version)
        _set_modes(root)
        control = root / "DEBIAN" / "control"
        control.parent.mkdir()
        control.write_text(
            (LINUX / "deb-control.in")
            .read_text("utf-8")
            .replace("@VERSION@", version)
            .replace("@ARCH@", architecture)
            .replace("@MAINTAINER@", MAINTAINER)
            .replace("@DEPENDS@", ", ".join(_dependencies(bundle)))
            .replace("@INSTALLED_SIZE@", str(_kilobytes(root))),
            "utf-8",
        )
        shutil.copy(LINUX / "deb-prerm", control.with_name("prerm"))
        control.with_name("prerm").chmod(0o755)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    sys.stdout.write(f"{target}\n")
    return 0


def version_of(module: Path) -> str:
    """The VERSION that `app/__init__.py` names."""
    found = re.search(r'^VERSION = "([^"]+)"', module.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{module} names no VERSION")
    return found[1]


def newest_glibc(libraries: Iterable[Path]) -> int:
    """The minor version of the newest GLIBC_2.x symbol that any of them wants."""
    return max(
        (int(found) for path in libraries for found in _GLIBC.findall(path.read_bytes())),
        default=0,
    )


def _dependencies(bundle: Path) -> list[str]:
    """The packages, as this system names them, of all libraries that the bundle leaves out."""
    elf = [p for p in bundle.rglob("*") if p.is_file() and not p.is_symlink() and _is_elf(p)]
    there = {path.name for path in bundle.rglob("*.so*")}
    needed = {name for path in elf for name in _NEEDED.findall(_told(["objdump", "-p", str(path)]))}
    packages = {owner_of(_library(name)) for name in needed - there}
    packages.discard("libc6")
    glibc = f"libc6 (>= 2.{newest_glibc(elf)})"
    return [glibc, *sorted({*packages, *_ALSO_NEEDED})]


def _library(name: str) -> Path:
    try:
        return Path(_linker_cache()[name])
    except KeyError:
        raise SystemExit(f"{name} is in neither the bundle nor this system") from None


@cache
def _linker_cache() -> dict[str, str]:
    """Where the linker finds each library; of two architectures, this one's comes first."""
    found: dict[str, str] = {}
    for name, path in _FOUND.findall(_told(["/sbin/ldconfig", "-p"])):
        found.setdefault(name, path)
    return found


def _lay_out(root: Path, bundle: Path, icons: Path) -> None:
    shutil.copytree(bundle, root / "opt" / "tidegauge", symlinks=True)
    share = root / "usr" / "share"
    for source, place in (
        (LINUX / f"{APP_ID}.desktop", share / "applications" / f"{APP_ID}.desktop"),
        (LINUX / f"{APP_ID}.metainfo.xml", share / "metainfo" / f"{APP_ID}.metainfo.xml"),
        (LINUX / "deb-lintian-overrides", share / "lintian" / "overrides" / "tidegauge"),
    ):
        place.parent.mkdir(parents=True)
        shutil.copy(source, place)
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")
    _pack(LINUX / "tidegauge.1", share / "man" / "man1" / "tidegauge.1.gz")
    command = root / "usr" / "bin" / "tidegauge"
    command.parent.mkdir(parents=True)
    command.symlink_to("/opt/tidegauge/tidegauge")


def _write_documents(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    _pack(CHECKOUT / "CHANGELOG.md", folder / "changelog.gz")
    when = formatdate(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()))
    entry = (
        f"tidegauge ({version}) unstable; urgency=medium\n\n"
        f"  * What changed is told in changelog.gz.\n\n -- {MAINTAINER}  {when}\n"
    )
    (folder / "changelog.Debian.gz").write_bytes(gzip.compress(entry.encode(), mtime=0))
    licence = (CHECKOUT / "LICENSE").read_text("utf-8").replace("\n\n", "\n.\n").strip()
    (folder / "copyright").write_text(
        (LINUX / "deb-copyright")
        .read_text("utf-8")
        .replace("@MIT@", textwrap.indent(licence, " ")),
        "utf-8",
    )


def _pack(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))


def _set_modes(root: Path) -> None:
    """Nobody but root may write; programs stay programs, libraries are none."""
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink():
                path.chmod(0o755 if _is_program(path) else 0o644)


def _is_program(path: Path) -> bool:
    """Wheels mark libraries and even texts as executable."""
    if not path.stat().st_mode & 0o100 or re.search(r"\.so\b", path.name):
        return False
    with path.open("rb") as file:
        return file.read(4).startswith((_ELF, b"#!"))


def _kilobytes(root: Path) -> int:
    sizes = (path.lstat().st_size for path in root.rglob("*") if not path.is_dir())
    return sum(-(-size // 1024) for size in sizes)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def _told(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.stderr.write("usage: debian_package.py BUNDLE ICONS FOLDER\n")
        sys.exit(2)
    sys.exit(main(*map(Path, sys.argv[1:])))
