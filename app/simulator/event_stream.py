"""The server-sent events of one answer, and the pieces in which they cross the wire."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Bytes of an event that are held back and sent with the next one, so that pieces end inside
# events, lines and characters as they do on a real network.
_HELD_BACK = (0, 5, 23, 1, 40, 2, 11)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be streamed."""

    model: str
    text: str
    reasoning: tuple[str, ...] = ()
    input_tokens: int = 0
    response_id: str = field(default_factory=lambda: f"resp_{secrets.token_hex(25)}")
    message_id: str = field(default_factory=lambda: f"msg_{secrets.token_hex(25)}")
    reasoning_id: str = field(default_factory=lambda: f"rs_{secrets.token_hex(25)}")


def answer_events(answer: Answer, delta_chars: int) -> Iterator[bytes]:
    """The events in the service's order, each numbered and framed."""
    for number, event in enumerate(_events(answer, delta_chars)):
        yield frame({**event, "sequence_number": number})


def frame(event: dict[str, object]) -> bytes:
    """One event with its `event:` line and the closing blank line."""
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event['type']}\ndata: {data}\n\n".encode()


def pieces(frames: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut at places that have nothing to do with the events."""
    held = b""
    for frame_, hold in zip(frames, itertools.cycle(_HELD_BACK), strict=False):
        buffer = held + frame_
        cut = len(buffer) - hold
        held = buffer[cut:]
        if buffer[:cut]:
            yield buffer[:cut]
    if held:
        yield held


def _events(answer: Answer, delta_chars: int) -> Iterator[dict[str, object]]:
    response = _response(answer, "in_progress")
    yield {"type": "response.created", "response": response}
    yield {"type": "response.in_progress", "response": response}
    index = 0
    if answer.reasoning:
        yield from _reasoning_events(answer, delta_chars)
        index = 1
    yield from _message_events(answer, index, delta_chars)
    yield {"type": "response.completed", "response": _completed(answer)}


def _reasoning_events(answer: Answer, delta_chars: int) -> Iterator[dict[str, object]]:
    item: dict[str, object] = {"id": answer.reasoning_id, "type": "reasoning", "summary": []}
    yield {"type": "response.output_item.added", "output_index": 0, "item": item}
    for index, text in enumerate(answer.reasoning):
        place = {"item_id": answer.reasoning_id, "output_index": 0, "summary_index": index}
        empty, part = _summary(""), _summary(text)
        yield {"type": "response.reasoning_summary_part.added", **place, "part": empty}
        for delta in _cut(text, delta_chars):
            yield {"type": "response.reasoning_summary_text.delta", **place, "delta": delta}
        yield {"type": "response.reasoning_summary_text.done", **place, "text": text}
        yield {"type": "response.reasoning_summary_part.done", **place, "part": part}
    done = {**item, "summary": [_summary(text) for text in answer.reasoning]}
    done["encrypted_content"] = _encrypted(answer)
    yield {"type": "response.output_item.done", "output_index": 0, "item": done}


def _message_events(answer: Answer, index: int, delta_chars: int) -> Iterator[dict[str, object]]:
    item: dict[str, object] = {
        "id": answer.message_id,
        "type": "message",
        "status": "in_progress",
        "role": "assistant",
        "content": [],
    }
    place = {"item_id": answer.message_id, "output_index": index, "content_index": 0}
    part = _output_text(answer.text)
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    yield {"type": "response.content_part.added", **place, "part": _output_text("")}
    for delta in _cut(answer.text, delta_chars):
        yield {"type": "response.output_text.delta", **place, "delta": delta}
    yield {"type": "response.output_text.done", **place, "text": answer.text}
    yield {"type": "response.content_part.done", **place, "part": part}
    done = {**item, "status": "completed", "content": [part]}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}


def _response(answer: Answer, status: str) -> dict[str, object]:
    return {
        "id": answer.response_id,
        "object": "response",
        "status": status,
        "error": None,
        "incomplete_details": None,
        "model": answer.model,
        "output": [],
        "store": False,
        "usage": None,
    }


def _completed(answer: Answer) -> dict[str, object]:
    reasoning = sum(len(text) // 4 for text in answer.reasoning)
    output = len(answer.text) // 4 + reasoning
    usage = {
        "input_tokens": answer.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": answer.input_tokens + output,
    }
    return {**_response(answer, "completed"), "usage": usage}


def _encrypted(answer: Answer) -> str:
    return f"gAAAAA{answer.reasoning_id}"


def _summary(text: str) -> dict[str, object]:
    return {"type": "summary_text", "text": text}


def _output_text(text: str) -> dict[str, object]:
    return {"type": "output_text", "annotations": [], "text": text}


def _cut(text: str, length: int) -> Iterator[str]:
    """Deltas of uneven length around `length`."""
    start = 0
    for stretch in itertools.cycle((0, 3, -2, 1, 5, -3)):
        if start >= len(text):
            return
        end = start + max(1, length + stretch)
        yield text[start:end]
        start = end
