"""Files of the person's choice, read for a question; blocks, so a worker thread calls it.

A pipe, a device or a folder is refused without waiting for it, and no more than the largest
allowed file is ever read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.chat.attachments import (
    ALL_BYTES,
    IMAGE_BYTES,
    MOST_ATTACHMENTS,
    TEXT_BYTES,
    Attachment,
    read_attachment,
    with_attachment,
)
from app.chat.desk import Refusal, Refused
from app.errors import AppError, FaultKind

_HEAD = 32  # bytes that tell a picture


def read_file(path: str) -> Attachment | Refused:
    """The file at `path`, or why it cannot be attached."""
    name = Path(path).name or path
    try:
        if stat.S_ISDIR(os.stat(path).st_mode):
            return Refused(name, Refusal.FOLDER)
        content = _content(path)
    except OSError:
        return Refused(name, Refusal.NOT_OPENED)
    if content is None:
        return Refused(name, Refusal.NOT_OPENED)
    read = read_content(name, content)
    return read if isinstance(read, Refused) else replace(read, path=os.path.abspath(path))


def read_content(name: str, content: bytes) -> Attachment | Refused:
    """The same for bytes that are here already."""
    most = IMAGE_BYTES if _is_picture(content) else TEXT_BYTES
    if len(content) > most:
        return Refused(name, Refusal.TOO_LARGE, most)
    try:
        return read_attachment(name, content)
    except AppError as error:
        is_large = error.fault.kind is FaultKind.ATTACHMENT_TOO_LARGE
        return Refused(name, Refusal.TOO_LARGE if is_large else Refusal.NOT_TEXT, most)


def added(
    attachments: Sequence[Attachment], results: Sequence[Attachment | Refused]
) -> tuple[tuple[Attachment, ...], tuple[Refused, ...]]:
    """`attachments` and those of `results` that fit beside them; and all that were refused."""
    kept = tuple(attachments)
    refused: list[Refused] = []
    for result in results:
        if isinstance(result, Refused):
            refused.append(result)
            continue
        try:
            kept = with_attachment(kept, result)
        except AppError as error:
            is_large = error.fault.kind is FaultKind.ATTACHMENT_TOO_LARGE
            why = Refusal.TOO_LARGE_TOGETHER if is_large else Refusal.TOO_MANY
            most = ALL_BYTES if is_large else MOST_ATTACHMENTS
            refused.append(Refused(result.name, why, most))
    return kept, tuple(refused)


def _content(path: str) -> bytes | None:
    """At most one byte more than the largest file allowed; None for what is no plain file."""
    # Without O_NONBLOCK, opening a pipe would wait for its other end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return file.read(IMAGE_BYTES + 1)


def _is_picture(content: bytes) -> bool:
    try:
        return read_attachment("", content[:_HEAD]).is_image
    except AppError:
        return False
