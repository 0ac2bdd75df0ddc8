"""What a terminal cannot write is told in letters it has (F-D12)."""

from __future__ import annotations

import io
import sys

import pytest

from app.command_line import letters


def terminal(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")


def written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue()


@pytest.mark.parametrize(
    ("encoding", "environment", "after"),
    [
        ("utf-8", {}, "“…” · 每周".encode()),
        ("ascii", {}, "“…” · 每周".encode()),  # nobody asked for it: what Python takes for C
        ("ascii", {"PYTHONIOENCODING": "ascii"}, b"'...' * ??"),
        ("latin-1", {}, "'...' · ??".encode("latin-1")),
        ("gb18030", {}, "“…” · 每周".encode("gb18030")),
    ],
)
def test_every_text_can_be_written(
    encoding: str, environment: dict[str, str], after: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = terminal(encoding), terminal(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)

    letters.prepare(environment)
    letters.prepare(environment)
    print("“…” · 每周", end="")
    print("“…” · 每周", end="", file=sys.stderr)

    assert written(out) == written(err) == after


def test_a_stream_that_is_no_terminal_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    letters.prepare({})

    assert letters.can_write("简体中文")


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("gb18030", True), ("big5", False), ("latin-1", False)]
)
def test_whether_a_language_can_be_written(
    encoding: str, can: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", terminal(encoding))

    assert letters.can_write("简体中文") is can


def test_only_writing_is_helped() -> None:
    letters.prepare({})

    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "tidegauge.lookalike")
