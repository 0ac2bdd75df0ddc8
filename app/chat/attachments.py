"""Files that go with a question: recognised by their bytes, never by their name. Pure.

Text goes to the service as text, a picture as a data URL; nothing else is taken. The limits
keep a request well below what gateways refuse (413) and a conversation within a model's window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from app.errors import FaultKind, fail
from app.values import dataclass

MOST_ATTACHMENTS = 8  # of one question
TEXT_BYTES = 512 << 10  # of one text file
IMAGE_BYTES = 8 << 20  # of one picture
ALL_BYTES = 16 << 20  # of one question's files together
_NAME_CHARS = 120

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file: exactly one of `text` and `data` (the bytes of a picture) is there.

    `path`: where it was read, as long as it lies beside a draft; "" for what was pasted.
    """

    name: str
    media_type: str
    text: str | None = field(default=None, repr=False)
    data: bytes | None = field(default=None, repr=False)
    path: str = field(default="", repr=False, compare=False)

    @property
    def is_image(self) -> bool:
        return self.data is not None

    @property
    def size(self) -> int:
        """Bytes, as they count against the limits."""
        return len(self.data) if self.data is not None else len((self.text or "").encode())


def read_attachment(name: str, content: bytes) -> Attachment:
    """The attachment a file's whole content makes; `name` may be a path of any system.

    Raises `AppError`: ATTACHMENT_TOO_LARGE, or ATTACHMENT_NOT_READABLE for what is neither text
    nor a picture (PNG, JPEG, GIF, WebP). `detail` never quotes the content.
    """
    shown = _shown_name(name)
    media_type = _image_type(content)
    if media_type:
        if len(content) > IMAGE_BYTES:
            raise fail(FaultKind.ATTACHMENT_TOO_LARGE, f"{shown}: {len(content)} bytes")
        return Attachment(shown, media_type, data=content)
    text = _text(content)
    if text is None:
        raise fail(FaultKind.ATTACHMENT_NOT_READABLE, shown)
    if len(content) > TEXT_BYTES:
        raise fail(FaultKind.ATTACHMENT_TOO_LARGE, f"{shown}: {len(content)} bytes")
    return Attachment(shown, "text/plain", text=text)


def with_attachment(attached: Sequence[Attachment], new: Attachment) -> tuple[Attachment, ...]:
    """`attached` and `new`, which replaces one that is equal to it.

    Raises `AppError`: TOO_MANY_ATTACHMENTS, or ATTACHMENT_TOO_LARGE for all of them together.
    """
    kept = tuple(one for one in attached if one != new)
    if len(kept) >= MOST_ATTACHMENTS:
        raise fail(FaultKind.TOO_MANY_ATTACHMENTS, f"at most {MOST_ATTACHMENTS}")
    if sum(one.size for one in kept) + new.size > ALL_BYTES:
        raise fail(FaultKind.ATTACHMENT_TOO_LARGE, f"more than {ALL_BYTES} bytes together")
    return (*kept, new)


def _shown_name(name: str) -> str:
    """The last part of a path, in one line of visible characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(c if c.isprintable() else "\ufffd" for c in last)[:_NAME_CHARS] or "file"


def _image_type(content: bytes) -> str:
    """The media type of a picture the service takes, "" for everything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return ""


def _text(content: bytes) -> str | None:
    """The decoded text; None for bytes no text file has."""
    coding = next((c for mark, c in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(coding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
