"""Files that go with a question: recognised by their bytes, within stated limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.attachments import (
    ALL_BYTES,
    IMAGE_BYTES,
    MOST_ATTACHMENTS,
    TEXT_BYTES,
    Attachment,
    read_attachment,
    with_attachment,
)
from app.errors import AppError, FaultKind

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"GIF87a..", "image/gif"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_a_picture_is_known_by_its_bytes(content: bytes, media_type: str) -> None:
    attachment = read_attachment("notes.txt", content)

    assert attachment == Attachment("notes.txt", media_type, data=content)
    assert attachment.is_image
    assert attachment.size == len(content)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        ("Grüße\r\n".encode(), "Grüße\r\n"),
        (b"\xef\xbb\xbfmarked", "marked"),
        ("weit".encode("utf-16"), "weit"),
        (b"\xfe\xff\x00a", "a"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_a_text_is_what_decodes(content: bytes, text: str) -> None:
    attachment = read_attachment("picture.png", content)

    assert attachment == Attachment("picture.png", "text/plain", text=text)
    assert not attachment.is_image
    assert attachment.size == len(text.encode())


@pytest.mark.parametrize(
    "content",
    [b"\x7fELF\x02\x01\0\0", b"\xff\xfe\x00", b"caf\xe9", b"a\0b", b"RIFF\x10\0\0\0WAVE\0"],
)
def test_anything_else_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(AppError) as caught:
        read_attachment("/folder/program", content)

    assert caught.value.fault.kind is FaultKind.ATTACHMENT_NOT_READABLE
    assert caught.value.fault.detail == "program"


def test_each_kind_has_its_own_limit() -> None:
    assert read_attachment("a", b"a" * TEXT_BYTES).size == TEXT_BYTES
    assert read_attachment("a", PNG.ljust(IMAGE_BYTES, b"\0")).size == IMAGE_BYTES
    for content in (b"a" * (TEXT_BYTES + 1), PNG.ljust(IMAGE_BYTES + 1, b"\0")):
        with pytest.raises(AppError) as caught:
            read_attachment("a", content)
        assert caught.value.fault.kind is FaultKind.ATTACHMENT_TOO_LARGE


def test_a_question_takes_so_many_and_so_much() -> None:
    attached: tuple[Attachment, ...] = ()
    for number in range(MOST_ATTACHMENTS):
        attached = with_attachment(attached, read_attachment(f"{number}.txt", b"x"))
    assert with_attachment(attached, attached[0]) == (*attached[1:], attached[0])
    with pytest.raises(AppError) as caught:
        with_attachment(attached, read_attachment("one more", b"x"))
    assert caught.value.fault.kind is FaultKind.TOO_MANY_ATTACHMENTS

    large = read_attachment("a.png", PNG.ljust(IMAGE_BYTES, b"\0"))
    half = with_attachment((large,), read_attachment("b.png", PNG.ljust(IMAGE_BYTES, b"\0")))
    assert sum(one.size for one in half) == ALL_BYTES
    with pytest.raises(AppError) as caught:
        with_attachment(half, read_attachment("c", b"x"))
    assert caught.value.fault.kind is FaultKind.ATTACHMENT_TOO_LARGE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("folder/below/notes.md", "notes.md"),
        ("C:\\Users\\x\\b.txt", "b.txt"),
        ("a\nb\u202e.txt", "a\ufffdb\ufffd.txt"),
        ("", "file"),
        ("/", "file"),
        ("n" * 500, "n" * 120),
        ("folder/", "folder"),
        ("index", "index"),
    ],
)
def test_a_name_is_one_short_line(name: str, shown: str) -> None:
    """T-54: the name is shown and sent; no path of the person's leaves the computer."""
    assert read_attachment(name, b"x").name == shown


def test_what_a_file_holds_is_in_no_message() -> None:
    """T-35: neither in a log nor in a trace."""
    secret = Attachment("a", "text/plain", text="secret text")
    picture = Attachment("a", "image/png", data=b"secret data")

    assert "secret" not in repr((secret, picture))


@given(st.binary(max_size=64))
def test_any_bytes_make_a_file_or_a_named_fault(content: bytes) -> None:
    kind = None
    attachment = None
    try:
        attachment = read_attachment("x", content)
    except AppError as error:
        kind = error.fault.kind
    if attachment is None:
        assert kind is FaultKind.ATTACHMENT_NOT_READABLE
    else:
        assert (attachment.text is None) is (attachment.data is not None)
