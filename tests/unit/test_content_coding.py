"""Content codings: undone with a cap, and only if they end as they must."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content_coding import ContentDecoder
from app.errors import AppError, FaultKind


def decode(coding: str, pieces: list[bytes], cap: int = 1000) -> bytes:
    decoder = ContentDecoder(coding, cap)
    out = b"".join(decoder.feed(piece) for piece in pieces)
    decoder.finish()
    return out


def refusal(coding: str, pieces: list[bytes], cap: int = 1000) -> FaultKind:
    with pytest.raises(AppError) as caught:
        decode(coding, pieces, cap)
    return caught.value.fault.kind


@given(st.binary(max_size=400), st.integers(1, 9), st.sampled_from(["gzip", "deflate", ""]))
def test_any_split_gives_the_same(data: bytes, step: int, coding: str) -> None:
    packed = {"gzip": gzip.compress(data), "deflate": zlib.compress(data), "": data}[coding]
    pieces = [packed[i : i + step] for i in range(0, len(packed), step)]
    assert decode(coding, pieces) == data


@given(st.binary(min_size=1, max_size=200), st.data())
def test_every_truncation_is_seen(data: bytes, draw: st.DataObject) -> None:
    """F-N12."""
    packed = gzip.compress(data)
    kept = draw.draw(st.integers(0, len(packed) - 1))
    assert refusal("gzip", [packed[:kept]]) is FaultKind.INTERRUPTED


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip,deflate", "compress", "*"])
def test_strange_codings_are_refused(coding: str) -> None:
    """F-N14."""
    assert refusal(coding, []) is FaultKind.NOT_UNDERSTOOD


@pytest.mark.parametrize("coding", ["", "identity", " Identity "])
def test_plain_bodies_pass(coding: str) -> None:
    assert decode(coding, [b"a", b"b"]) == b"ab"


def test_the_cap_holds_before_and_after_inflating() -> None:
    """F-N13."""
    packed = gzip.compress(b"\0" * 1001)
    assert refusal("gzip", [packed]) is FaultKind.TOO_LARGE
    assert decode("gzip", [packed], 1001) == b"\0" * 1001
    assert refusal("", [b"x" * 600, b"x" * 401]) is FaultKind.TOO_LARGE
    assert decode("", [b"x" * 600, b"x" * 400]) == b"x" * 1000
    assert refusal("gzip", [bytes(range(256)) * 4]) is FaultKind.TOO_LARGE


def test_damage_and_appendices_are_refused() -> None:
    packed = gzip.compress(b"{}")
    assert refusal("gzip", [b"no gzip at all"]) is FaultKind.INTERRUPTED
    assert refusal("gzip", [packed + b"x"]) is FaultKind.INTERRUPTED
    assert refusal("gzip", [packed, b"x"]) is FaultKind.INTERRUPTED
