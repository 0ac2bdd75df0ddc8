"""Writes `packaging/notices/`: what Qt and Chromium contain of others, with every licence text.

    python packaging/notices.py        (Debian; needs chromium, node, apt-get download)

The wheels of Qt carry no such texts, so they are taken where they are kept with care: the credits
that Chromium's own build writes, and the copyright files of Debian's packages of Qt and of what
Debian links Chromium with. Run again when Qt's Chromium moves on; the result is committed.
"""

from __future__ import annotations

import html
import lzma
import re
import struct
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).with_name("notices")
_RESOURCES = Path("/usr/lib/chromium/resources.pak")
_BROTLI = b"\x1e\x9b"
_UNPACK = """
const { brotliDecompressSync } = require("zlib");
process.stdout.write(brotliDecompressSync(require("fs").readFileSync(0)));
"""
_CREDIT = re.compile(
    r'<span class="title">(.*?)</span>.*?<div class="license">\s*<pre>(.*?)</pre>', re.DOTALL
)
# Debian's Chromium takes these from the system, Qt's contains them.
_BESIDE_CHROMIUM = (
    *("libdav1d6", "libdouble-conversion3", "libdrm2", "libflac12", "libharfbuzz0b"),
    *("libjpeg62-turbo", "libopenh264-7", "libopus0", "libpng16-16", "libxml2", "libusb-1.0-0"),
)
_QT = ("libqt6core6", "libqt6qml6", "libqt6svg6", "libqt6waylandclient6", "libqt6webenginecore6")


def main() -> int:
    """Write both lists, packed."""
    FOLDER.mkdir(exist_ok=True)
    version = _told(["chromium", "--version"]).split(" built on")[0]
    head = f"Licences of what Chromium contains, as {version} lists them."
    _write("chromium.txt", [head, *_credits(), *map(_copyright, _BESIDE_CHROMIUM)])
    head = "Licences of what Qt contains, as Debian's packages of Qt list them."
    _write("qt-third-parties.txt", [head, *map(_copyright, _QT)])
    return 0


def _write(name: str, parts: list[str]) -> None:
    text = f"\n\n{'=' * 80}\n\n".join(parts) + "\n"
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    (FOLDER / f"{name}.xz").write_bytes(packed)


def _credits() -> list[str]:
    """Each licence text once, below the names of all it is for."""
    names: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for title, text in _CREDIT.findall(_credits_page(_RESOURCES.read_bytes())):
        key = " ".join(html.unescape(text).split())
        texts.setdefault(key, html.unescape(text).strip())
        names.setdefault(key, []).append(html.unescape(title))
    return [", ".join(names[key]) + "\n\n" + text for key, text in texts.items()]


def _credits_page(pak: bytes) -> str:
    """The page behind chrome://credits, from Chromium's packed resources (format version 5)."""
    (count,) = struct.unpack_from("<H", pak, 8)
    starts = [struct.unpack_from("<HI", pak, 12 + 6 * i)[1] for i in range(count + 1)]
    for start, end in pairwise(starts):
        packed = pak[start:end]
        if packed.startswith(_BROTLI) and len(packed) > 50_000:
            page = subprocess.run(
                ["node", "-e", _UNPACK], input=packed[8:], capture_output=True, check=True
            ).stdout
            if b'class="product"' in page:
                return page.decode()
    raise SystemExit(f"{_RESOURCES} holds no credits")


def _copyright(package: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        command = ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package]
        subprocess.run(command, cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.deb")
        subprocess.run(["dpkg-deb", "--extract", str(archive), folder], check=True)
        text = (Path(folder) / "usr/share/doc" / package / "copyright").read_text("utf-8")
        version = _told(["dpkg-deb", "--field", str(archive), "Version"])
    return f"{package} {version}\n\n{text.strip()}"


def _told(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
