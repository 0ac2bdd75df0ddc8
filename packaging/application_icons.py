"""Draws the application's icon from `resources/icons/tidegauge.svg` in every form a system wants.

    python packaging/application_icons.py FOLDER

`hicolor/…` for Linux, `tidegauge.ico` for Windows, `tidegauge.icns` for macOS. Drawn when a
package is built, so that there is one source.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
from io import BytesIO
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCE = CHECKOUT / "resources" / "icons" / "tidegauge.svg"
APP_ID = "io.github.tidegauge.Tidegauge"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
_LARGEST = 1024  # macOS shows it in this size
# Types of an icns, with the pixels of each; the second five are for screens of double density.
_ICNS_PNG = (
    *((b"ic07", 128), (b"ic08", 256), (b"ic09", 512)),
    *((b"ic11", 32), (b"ic12", 64), (b"ic13", 256), (b"ic14", 512), (b"ic10", 1024)),
)
_ICNS_SMALL = ((b"is32", b"s8mk", 16), (b"il32", b"l8mk", 32))  # colours and mask apart


def main(folder: Path) -> int:
    """Write all forms below `folder`."""
    _application = QGuiApplication(sys.argv[:1])
    renderer = QSvgRenderer(str(SOURCE))
    if not renderer.isValid():
        sys.stderr.write(f"{SOURCE} cannot be drawn\n")
        return 1
    pictures = {size: drawn(renderer, size) for size in {*SIZES, *_ICO_SIZES, _LARGEST}}
    hicolor = folder / "hicolor"
    for size in SIZES:
        place = hicolor / f"{size}x{size}" / "apps"
        place.mkdir(parents=True, exist_ok=True)
        pictures[size].save(place / f"{APP_ID}.png", optimize=True)
    scalable = hicolor / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SOURCE, scalable / f"{APP_ID}.svg")
    largest = pictures[max(_ICO_SIZES)]
    largest.save(
        folder / "tidegauge.ico",
        sizes=[(size, size) for size in _ICO_SIZES],
        append_images=[pictures[size] for size in _ICO_SIZES],
    )
    (folder / "tidegauge.icns").write_bytes(icns(pictures))
    return 0


def icns(pictures: dict[int, Image.Image]) -> bytes:
    """The container of macOS: names, lengths and pictures. Pillow leaves the two smallest out."""
    parts = [(name, _png(pictures[size])) for name, size in _ICNS_PNG]
    for colours, mask, size in _ICNS_SMALL:
        *channels, alpha = (channel.tobytes() for channel in pictures[size].split())
        parts += [(colours, b"".join(map(_runs, channels))), (mask, alpha)]
    body = b"".join(name + struct.pack(">I", len(part) + 8) + part for name, part in parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def _runs(channel: bytes) -> bytes:
    """Run-length encoding that only has runs of different bytes: a length less one, the bytes."""
    pieces = (channel[at : at + 128] for at in range(0, len(channel), 128))
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces)


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def drawn(renderer: QSvgRenderer, size: int) -> Image.Image:
    """The icon `size` pixels wide, on nothing."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return Image.open(BytesIO(content.data())).convert("RGBA")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.stderr.write(f"{__doc__}\n")
        sys.exit(2)
    sys.exit(main(Path(sys.argv[1])))
