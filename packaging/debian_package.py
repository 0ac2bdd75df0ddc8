"""Puts the bundle of `dist/tidegauge` into a Debian package: `python3 packaging/dev.py deb`.

Everything lies in /opt/tidegauge, with a link in /usr/bin; no script runs on installing or
removing, so that what dpkg lists is all there is. Standard library and dpkg-deb only.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LINUX = CHECKOUT / "packaging" / "linux"
APP_ID = "io.github.tidegauge.Tidegauge"
MAINTAINER = "Tidegauge contributors <tidegauge@example.org>"
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)\b")


def main(bundle: Path, icons: Path, folder: Path) -> int:
    """Write `folder/tidegauge_VERSION_ARCH.deb` from the bundle and the drawn icons."""
    version = version_of(CHECKOUT / "app" / "__init__.py")
    architecture = _told(["dpkg", "--print-architecture"])
    target = folder / f"tidegauge_{version}_{architecture}.deb"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        root.chmod(0o755)
        _lay_out(root, bundle, icons)
        control = root / "DEBIAN" / "control"
        control.parent.mkdir()
        control.write_text(
            (LINUX / "deb-control.in")
            .read_text("utf-8")
            .replace("@VERSION@", version)
            .replace("@ARCH@", architecture)
            .replace("@MAINTAINER@", MAINTAINER)
            .replace("@GLIBC@", f"2.{newest_glibc(bundle)}")
            .replace("@INSTALLED_SIZE@", str(_kilobytes(root))),
            "utf-8",
        )
        _set_modes(root)
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", str(root), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    sys.stdout.write(f"{target}\n")
    return 0


def version_of(module: Path) -> str:
    """The VERSION that `app/__init__.py` names."""
    found = re.search(r'^VERSION = "([^"]+)"', module.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{module} names no VERSION")
    return found[1]


def newest_glibc(bundle: Path) -> int:
    """The minor version of the newest GLIBC_2.x symbol that any library of the bundle wants."""
    newest = 0
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink() and _is_elf(path):
            newest = max(newest, max(map(int, _GLIBC.findall(path.read_bytes())), default=0))
    return newest


def _lay_out(root: Path, bundle: Path, icons: Path) -> None:
    shutil.copytree(bundle, root / "opt" / "tidegauge", symlinks=True)
    share = root / "usr" / "share"
    for source, place in (
        (LINUX / f"{APP_ID}.desktop", share / "applications"),
        (LINUX / f"{APP_ID}.metainfo.xml", share / "metainfo"),
    ):
        place.mkdir(parents=True)
        shutil.copy(source, place)
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")
    command = root / "usr" / "bin" / "tidegauge"
    command.parent.mkdir(parents=True)
    command.symlink_to("/opt/tidegauge/tidegauge")
    documents = share / "doc" / "tidegauge"
    documents.mkdir(parents=True)
    shutil.copy(CHECKOUT / "LICENSE", documents / "copyright")
    log = gzip.compress((CHECKOUT / "CHANGELOG.md").read_bytes(), mtime=0)
    (documents / "changelog.gz").write_bytes(log)


def _set_modes(root: Path) -> None:
    """Nobody but root may write; programs stay programs."""
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _kilobytes(root: Path) -> int:
    sizes = (path.lstat().st_size for path in root.rglob("*") if not path.is_dir())
    return sum(-(-size // 1024) for size in sizes)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _told(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.stderr.write("usage: debian_package.py BUNDLE ICONS FOLDER\n")
        sys.exit(2)
    sys.exit(main(*map(Path, sys.argv[1:])))
