"""JSON of strangers: limits, and what stays readable within them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import AppError, FaultKind
from app.guarded_json import DEPTH_LIMIT, UNREADABLE, decode_json

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_JSON)
def test_ordinary_json_reads_as_the_library_reads_it(value: object) -> None:
    text = json.dumps(value)
    if not any(len(digits) > 40 for digits in text.replace("-", " ").split()):
        assert decode_json(text.encode()).value == json.loads(text)


@pytest.mark.parametrize(
    "literal", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 41, "9" * 5000]
)
def test_useless_numbers_are_unreadable_not_fatal(literal: str) -> None:
    """F-U06, F-U08."""
    value = decode_json(f'{{"a": {literal}, "b": 1}}'.encode()).value
    assert value["a"] is UNREADABLE
    assert value["b"] == 1
    assert repr(UNREADABLE) == "UNREADABLE"


def test_the_longest_whole_number() -> None:
    assert decode_json(b"9" * 40).value == int("9" * 40)


def test_repeated_keys_are_named_at_any_depth() -> None:
    """F-U17."""
    document = decode_json(b'{"a": 1, "b": {"c": 1, "c": 2, "c": 3}, "a": 2}')
    assert document.value == {"a": 2, "b": {"c": 3}}
    assert sorted(document.repeated_keys) == ["a", "c"]
    assert decode_json(b'{"a": {"x": 1}, "b": {"x": 1}}').repeated_keys == ()


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_depth_is_limited(opening: bytes) -> None:
    """F-U18."""
    closing = b"]" if opening == b"[" else b"}"
    good = opening * DEPTH_LIMIT + b"1" + closing * DEPTH_LIMIT
    assert decode_json(good).value
    with pytest.raises(AppError):
        decode_json(opening + good + closing)


def test_breadth_and_brackets_in_strings_are_not_depth() -> None:
    assert len(decode_json(b"[" + b"[],{}," * 500 + b"1]").value) == 1001
    text = '["' + "[{" * 500 + '\\"' + "[" * 500 + '", []]'
    assert len(decode_json(text.encode()).value) == 2


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1,]", b"'a'", b"{'a': 1}", b"1 2", b"\xff", "[]".encode("utf-16")]
)
def test_anything_else_is_not_understood(body: bytes) -> None:
    """F-U21."""
    with pytest.raises(AppError) as caught:
        decode_json(body)
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD


def test_the_document_does_not_show_its_value() -> None:
    assert "secret" not in repr(decode_json(b'{"email": "secret"}'))
