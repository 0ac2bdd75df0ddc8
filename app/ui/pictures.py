"""Pictures that go with a question: small ones to look at, and PNG of what was pasted.

Decoding and encoding run in a thread of their own. Only formats of the raster kind that the
service takes are decoded, and none with more pixels than a screen shot has.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QImageWriter

_MOST_PIXELS = 64_000_000
_FORMATS = {"image/png": b"png", "image/jpeg": b"jpeg", "image/gif": b"gif", "image/webp": b"webp"}


class _Work(QObject):
    """Runs `make()` in a thread, then `told(result)` in this one."""

    done = Signal(object)

    def __init__(self, make: Callable[[], object], told: Callable[[object], None]) -> None:
        super().__init__()
        self._make = make
        self._told = told
        self.done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        _under_way.add(self)
        Thread(target=self._run, name="picture", daemon=True).start()

    def _run(self) -> None:
        self.done.emit(self._make())

    def _on_done(self, result: object) -> None:
        _under_way.discard(self)
        self._told(result)


_under_way: set[_Work] = set()


def encode_later(picture: QImage, told: Callable[[bytes], None]) -> None:
    """`told(png)` once `picture` is encoded; `b""` if it cannot be."""

    def tell(result: object) -> None:
        told(result if isinstance(result, bytes) else b"")

    _Work(lambda: _png(picture), tell)


def thumbnail_later(
    data: bytes, media_type: str, size: QSize, told: Callable[[QImage], None]
) -> None:
    """`told(small picture)` once `data` is decoded; not at all if it cannot be."""

    def tell(result: object) -> None:
        if isinstance(result, QImage) and not result.isNull():
            told(result)

    _Work(lambda: _thumbnail(data, media_type, size), tell)


def _png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    is_written = QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(buffer.data().data()) if is_written else b""


def _thumbnail(data: bytes, media_type: str, size: QSize) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_FORMATS.get(media_type, b"png")))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid() or whole.width() * whole.height() > _MOST_PIXELS:
        return QImage()
    reader.setScaledSize(
        whole.scaled(size, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    )
    return reader.read()
