"""The line a second start sends, and what is made of one that it did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.instance.messages import (
    LINE_LIMIT,
    Answer,
    Message,
    Verb,
    answer_line,
    read_answer,
    read_line,
    to_line,
)


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("token", ["", "wayland-1-token", "x" * 256])
def test_a_message_arrives_as_it_was_sent(verb: Verb, token: str) -> None:
    assert read_line(to_line(Message(verb, token))) == Message(verb, token)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "x" * 257, "\x00", "ü"])
def test_a_token_that_is_none_stays_at_home(token: str) -> None:
    assert read_line(to_line(Message(Verb.SHOW, token))) == Message(Verb.SHOW)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"show\n",
        b'{"v": 1, "verb": "show"}',  # never ends
        b'{"v": 2, "verb": "show"}\n',
        b'{"verb": "show"}\n',
        b'{"v": 1}\n',
        b'{"v": 1, "verb": "open", "path": "/etc/passwd"}\n',
        b'{"v": 1, "verb": ["show"]}\n',
        b'{"v": 1, "verb": "show", "activation_token": 7}\n',
        b'{"v": 1, "verb": "show", "activation_token": "a b"}\n',
        b'[1, "show"]\n',
        b"\xff\xfe\n",
        b'{"v": 1, "verb": "show", "more": "' + b"x" * LINE_LIMIT + b'"}\n',
        b"[" * 1000 + b"\n",
    ],
)
def test_anything_else_is_no_message(line: bytes) -> None:
    """T-45"""
    assert read_line(line) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(line: bytes) -> None:
    """T-45"""
    read_line(line)
    read_line(line + b"\n")
    assert read_answer(line) is None or b"version" in line


def test_a_forced_end_is_told_from_one_that_may_be_asked_about() -> None:
    message = Message(Verb.QUIT, is_forced=True)
    assert read_line(to_line(message)) == message
    assert b"force" not in to_line(Message(Verb.QUIT))
    assert read_line(b'{"v": 1, "verb": "quit", "force": "yes"}\n') == Message(Verb.QUIT)


@pytest.mark.parametrize("asks", [True, False])
def test_an_answer_tells_the_version_and_whether_the_person_is_asked(asks: bool) -> None:
    assert read_answer(answer_line(Answer("1.2.3", asks))) == Answer("1.2.3", asks)
    assert read_answer(b'{"v": 1, "ok": true, "version": "0.1.0"}\n') == Answer("0.1.0")


@pytest.mark.parametrize(
    "line",
    [
        b'{"v": 1, "ok": false, "version": "1"}\n',
        b'{"v": 1, "ok": true}\n',
        b'{"v": 1, "ok": true, "version": ""}\n',
        b"[]\n",
    ],
)
def test_anything_else_is_no_answer(line: bytes) -> None:
    assert read_answer(line) is None
