"""What the release page answers."""

from __future__ import annotations

import pytest

from app.updates.reply import newest_of


@pytest.mark.parametrize(
    ("body", "newest"),
    [
        (b'{"version": "0.2.0"}', "0.2.0"),
        (b'{"tag_name": "v0.2.0", "html_url": "https://elsewhere"}', "0.2.0"),
        (b'{"version": "0.2.0rc1", "tag_name": "v9"}', "0.2.0rc1"),
        (b"", ""),
        (b"<html>", ""),
        (b"[]", ""),
        (b"{}", ""),
        (b'{"version": 2}', ""),
        (b'{"version": "soon"}', ""),
        (b'{"version": "9' + b"9" * 100_000 + b'"}', ""),
        (b'{"version": "1.0", ' + b"[" * 10_000, ""),
    ],
)
def test_a_version_or_nothing(body: bytes, newest: str) -> None:
    assert newest_of(body) == newest
