"""Figure 14: twelve frames, three line ends, cut at every place and at every pair of places."""

from __future__ import annotations

import pytest

from app.chat.sse import EventDecoder, ServerSentEvent

# Lines, so that each line end can be put between them.
NEXT = [
    b"event: response.output_text.done",
    'data: {"type":"response.output_text.done","item_id":"msg_1","text":"Größe 大小 📏"}'.encode(),
    b"",
    b"",
]
FRAMES: dict[str, list[bytes]] = {
    "created": [
        b"event: response.created",
        b'data: {"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}',
    ],
    "delta": [
        b"event: response.output_text.delta",
        b'data: {"type":"response.output_text.delta","output_index":0,"delta":"Hello"}',
    ],
    "characters of two to four bytes": [
        b"event: response.output_text.delta",
        'data: {"delta":"Grüße 你好 😀 \u2028 \u0085 e\u0301"}'.encode(),
    ],
    "several lines of data": [b"event: x", b"data: one", b"data:two", b"data", b"data:  three"],
    "comments between": [b": keepalive", b"data: 1", b":", b":data: 2", b"data: 3"],
    "id and retry": [b"id: 17", b"retry: 3000", b"event: y", b"data: {}", b"id:\0", b"retry: x"],
    "byte order mark": [b"\xef\xbb\xbfevent: z", b"data: behind the mark"],
    "NUL and other controls": [b"data: a\0b\x0bc\x0cd\x1ce\x7f"],
    "invalid UTF-8": [b"data: \xff\xfe \xe2\x82 \xed\xa0\x80 \xf0\x9f\x98"],
    "no space, no event": [b'data:{"type":"response.output_text.delta","delta":" x"}'],
    "fields that are none": [b"Data: 1", b"data : 2", b" data: 3", b"\xef\xbb\xbfdata: 4", b"data"],
    "done": [b'data: {"type":"response.completed"}', b"", b"data: [DONE]"],
}
ENDS = {"LF": b"\n", "CR": b"\r", "CRLF": b"\r\n"}
EVENTS = {
    "created": 2, "delta": 2, "characters of two to four bytes": 2, "several lines of data": 2,
    "comments between": 2, "id and retry": 2, "byte order mark": 2, "NUL and other controls": 2,
    "invalid UTF-8": 2, "no space, no event": 2, "fields that are none": 2, "done": 3,
}  # fmt: skip


def decode(*pieces: bytes) -> list[ServerSentEvent]:
    decoder = EventDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.close()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", FRAMES)
def test_no_cut_changes_anything(name: str, end: str) -> None:
    """F-C11, F-C12. A second frame follows, so that a cut in the first can spoil it."""
    line_end = ENDS[end]
    lines = [*FRAMES[name], b"", *NEXT]
    stream = line_end.join(lines)
    whole = decode(stream)
    assert len(whole) == EVENTS[name]
    assert whole == decode(b"\n".join(lines))
    assert whole[-1].event == "response.output_text.done"
    for first in range(len(stream) + 1):
        assert decode(stream[:first], stream[first:]) == whole
        for second in range(first, len(stream) + 1):
            assert decode(stream[:first], stream[first:second], stream[second:]) == whole


def test_that_makes_more_than_a_million_pieces() -> None:
    pieces = 0
    for lines in FRAMES.values():
        for line_end in ENDS.values():
            cuts = len(line_end.join([*lines, b"", *NEXT])) + 1
            pieces += 2 * cuts + 3 * cuts * (cuts + 1) // 2
    assert pieces > 1_000_000
