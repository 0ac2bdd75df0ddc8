"""The event-stream decoder against the standard, its test cases, and every way to cut it."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections import deque
from itertools import pairwise, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.sse import EVENT_CAP, EventDecoder, ServerSentEvent
from app.errors import AppError, FaultKind

Pair = tuple[str, str]


def decode(*pieces: bytes) -> list[ServerSentEvent]:
    decoder = EventDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.close()


def pairs(*pieces: bytes) -> list[Pair]:
    return [(event.event, event.data) for event in decode(*pieces)]


# The cases of the web platform tests for event streams, by their names, and those of the
# divergence table in which existing parsers differ.
TABLE: dict[str, tuple[bytes, list[Pair]]] = {
    "bom": (b"\xef\xbb\xbfdata:1\n\n", [("message", "1")]),
    "bom-2": (b"\xef\xbb\xbf\xef\xbb\xbfdata:1\n\ndata:2\n\n", [("message", "2")]),
    "comments": (
        b"data:1\n:" + b"x" * 5000 + b"\n:\n:data:2\ndata:3\n\n",
        [("message", "1\n3")],
    ),
    "field-data": (
        b"data:\n\ndata\ndata\n\ndata:test\n\n",
        [("message", ""), ("message", "\n"), ("message", "test")],
    ),
    "field-event": (b"event:x\ndata:1\n\ndata:2\n\n", [("x", "1"), ("message", "2")]),
    "event-empty": (b"event:\ndata:1\n\n", [("message", "1")]),
    "event without data": (b"event:x\n\ndata:1\n\n", [("message", "1")]),
    "field-parsing": (
        b"data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\n"
        b"data:3\rdata:\r\n data:32\ndata:4\n\n",
        [("message", "\0\n 2\n1\n3\n\n4")],
    ),
    "unknown fields": (b"data:1\nwhat:2\ndata\n:\n\n", [("message", "1\n")]),
    "leading space": (b"data: 1\ndata:  2\ndata:\t3\n\n", [("message", "1\n 2\n\t3")]),
    "newlines": (
        b"data:1\r\ndata:2\rdata:3\n\r\ndata:4\r\r",
        [("message", "1\n2\n3"), ("message", "4")],
    ),
    "null character": (b"data:a\0b\n\n", [("message", "a\0b")]),
    "utf-8": ("data:ok…\n\n".encode(), [("message", "ok…")]),
    "invalid utf-8": (b"data:\xff\xfe\xe2\x82\n\n", [("message", "\ufffd\ufffd\ufffd")]),
    "invalid utf-8 in a name": (b"event:\xff\ndata:1\n\n", [("\ufffd", "1")]),
    "overlong": (b"data:\xc0\xaf\n\n", [("message", "\ufffd\ufffd")]),
    "other separators": (
        "data:a\u2028b\u2029c\u0085d\vE\ff\x1cg\n\n".encode(),
        [("message", "a\u2028b\u2029c\u0085d\vE\ff\x1cg")],
    ),
    "blank lines only": (b"\n\r\n\r\r\n\n", []),
    "nothing": (b"", []),
    "no line end at all": (b"data:1", [("message", "1")]),
    "no blank line": (b"event:x\ndata:1\n", [("x", "1")]),
    "partial mark": (b"\xef\xbb", []),
    "mark in the middle": (b"data:1\n\n\xef\xbb\xbfdata:2\n\n", [("message", "1")]),
    "mark and no more": (b"\xef\xbb\xbf", []),
}


@pytest.mark.parametrize("name", TABLE)
def test_case(name: str) -> None:
    stream, expected = TABLE[name]
    assert pairs(stream) == expected


@pytest.mark.parametrize("name", TABLE)
def test_every_single_and_double_split_gives_the_same(name: str) -> None:
    """F-C11."""
    stream, expected = TABLE[name]
    if len(stream) > 200:
        stream = stream.replace(b"x" * 5000, b"x")
    assert pairs(*(stream[i : i + 1] for i in range(len(stream)))) == expected
    for first in range(len(stream) + 1):
        for second in range(first, len(stream) + 1):
            assert pairs(stream[:first], stream[first:second], stream[second:]) == expected


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_ends_are_equal(end: bytes) -> None:
    """F-C12."""
    stream = end.join([b"event:x", b"data:1", b"data:2", b"", b":c", b"data:3", b"", b""])
    assert pairs(stream) == [("x", "1\n2"), ("message", "3")]
    assert pairs(*(stream[i : i + 1] for i in range(len(stream)))) == pairs(stream)


def test_an_event_ended_by_two_carriage_returns_is_given_at_once() -> None:
    """F-C12: without waiting whether a line feed follows."""
    decoder = EventDecoder()
    assert [e.data for e in decoder.feed(b"data:1\r\r")] == ["1"]
    assert [e.data for e in decoder.feed(b"\ndata:2\r\n\r")] == ["2"]
    assert decoder.feed(b"\n") == []
    assert decoder.close() == []


def test_ids_stay_and_bad_ones_do_not_count() -> None:
    events = decode(
        b"id:1\ndata:a\n\ndata:b\n\nid:2\0\ndata:c\n\nid\ndata:d\n\nid:\xc3\xa9\ndata:e\n\n"
    )
    assert [event.id for event in events] == ["1", "1", "1", "", "é"]


def test_an_id_without_data_counts_for_the_next_event() -> None:
    assert decode(b"id:7\n\ndata:a\n\n")[0].id == "7"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"3000", 3000), (b" 5", 5), (b"", None), (b"-1", None), (b"1.5", None), (b"1e3", None),
     ("٣".encode(), None), (b"9" * 9, 999_999_999), (b"9" * 10, None), (b"9" * 40, None)],
)  # fmt: skip
def test_retry(value: bytes, expected: int | None) -> None:
    first, second = decode(b"retry:" + value + b"\ndata:a\n\ndata:b\n\n")
    assert (first.retry, second.retry) == (expected, None)


@pytest.mark.parametrize(
    "stream",
    [
        b"data:" + b"x" * 200,
        b"data:" + b"x" * 200 + b"\n\n",
        b"data:xxxx\n" * 30,
        b":" + b"c" * 200,
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_an_event_beyond_the_cap_is_refused(stream: bytes, step: int) -> None:
    """F-C25."""
    decoder = EventDecoder(event_cap=100)
    pieces = [stream[start : start + step] for start in range(0, len(stream), step)]
    with pytest.raises(AppError) as caught:
        list(map(decoder.feed, pieces))
    assert caught.value.fault.kind is FaultKind.TOO_LARGE


def test_the_cap_is_eight_mebibytes() -> None:
    assert EVENT_CAP == 8 * 1024 * 1024


@pytest.mark.parametrize(
    "event",
    [
        b"data:" + b"x" * 94 + b"\n",  # 99 bytes and its line end
        b"data:" + b"x" * 44 + b"\n" + b"data:" + b"x" * 44 + b"\n",
        b"data:\n" * 16 + b":::\n",
    ],
)
def test_the_cap_is_met_to_the_byte(event: bytes) -> None:
    """Also in the second event, and in one piece with what comes before."""
    assert len(event) == 100
    for before in (b"", b"data:1\n\n", event + b"\n"):
        decoder = EventDecoder(event_cap=100)
        decoder.feed(before + event)
        with pytest.raises(AppError):
            EventDecoder(event_cap=99).feed(before + event)


def test_an_unfinished_line_counts_to_the_byte() -> None:
    for line in (b"x" * 100, b"data:\n" * 16 + b"x" * 4, b"data:1\n\n" + b"x" * 100):
        EventDecoder(event_cap=100).feed(line)
        with pytest.raises(AppError):
            EventDecoder(event_cap=99).feed(line)


def test_nothing_is_left_of_an_event_that_was_refused() -> None:
    for stream in (b"data:1\ndata:" + b"x" * 200, b"data:1\n" * 30):
        decoder = EventDecoder(event_cap=100)
        with pytest.raises(AppError):
            decoder.feed(stream)
        assert decoder.close() == []


def test_the_end_comes_once() -> None:
    decoder = EventDecoder()
    assert decoder.feed(b"data:1") == []
    assert [event.data for event in decoder.close()] == ["1"]
    assert decoder.close() == []


def test_the_cap_is_per_event() -> None:
    decoder = EventDecoder(event_cap=100)
    assert len(decoder.feed((b"data:" + b"x" * 90 + b"\n\n") * 50)) == 50


def test_a_long_line_in_single_bytes_takes_linear_time() -> None:
    """Figure 16: eight times the bytes take about eight times the work, not sixty-four."""

    def work_s(size: int) -> float:
        stream = b"data:" + b"x" * size + b"\n\n"
        decoder = EventDecoder()
        started = time.process_time()
        events = [event for byte in stream for event in decoder.feed(bytes((byte,)))]
        taken = time.process_time() - started
        assert [len(event.data) for event in events] == [size]
        return taken

    assert work_s(1 << 20) < 24 * min(work_s(1 << 17) for _ in range(3))


def test_an_endless_line_takes_no_more_than_three_times_the_cap() -> None:
    """Figure 16."""
    cap, piece = 1 << 20, b"x" * 4096
    decoder = EventDecoder(event_cap=cap)
    tracemalloc.start()
    try:
        with pytest.raises(AppError):
            deque(map(decoder.feed, repeat(piece)), maxlen=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 3 * cap


# --- against a second implementation --------------------------------------------------------------


def reference(stream: bytes) -> list[Pair]:
    """The standard's words, character by character; an unterminated last event counts."""
    text = stream.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found: list[Pair] = []
    data, event = "", ""
    for line in [*text.split("\n"), ""]:
        if line == "":
            if data:
                found.append((event or "message", data[:-1]))
            data, event = "", ""
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if name == "data":
                data += value + "\n"
            elif name == "event":
                event = value
    return found


FRAGMENTS = st.sampled_from(
    [b"data:", b"data", b"event:", b"id:", b"retry:", b":", b" ", b"x", b"\n", b"\r", b"\r\n",
     b"\n\n", b"\0", b"\xef\xbb\xbf", b"\xff", b"\xe2\x82", "€".encode(), "😀".encode(), b"{}"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(FRAGMENTS, max_size=40), st.lists(st.integers(0, 200), max_size=8))
def test_same_as_the_reference_however_it_is_cut(fragments: list[bytes], cuts: list[int]) -> None:
    """Figures 14, 15; F-C07."""
    stream = b"".join(fragments)
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    assert pairs(*pieces) == reference(stream)


@settings(max_examples=200)
@given(st.binary(max_size=300), st.integers(0, 1 << 30))
def test_no_bytes_hurt_it(stream: bytes, seed: int) -> None:
    chance = random.Random(seed)
    pieces, rest = [], stream
    while rest:
        size = chance.randint(1, 20)
        pieces.append(rest[:size])
        rest = rest[size:]
    assert pairs(*pieces) == reference(stream)
