"""Tolerant reading of decoded stream frames: a field of a strange type counts as absent. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Frame = Mapping[str, Any]

# What the service also sends, and what changes nothing for who reads the answer (protocol
# reference §7). Anything else that no reader takes is unknown, and counted as such.
WITHOUT_EFFECT = frozenset(
    {
        "response.queued",
        "response.in_progress",
        "response.metadata",
        "codex.response.metadata",
        "response.output_item.added",
        "response.content_part.added",
        "response.content_part.done",
        "response.output_text.annotation.added",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_part.done",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.custom_tool_call_input.delta",
        "response.custom_tool_call_input.done",
        "responsesapi.websocket_timing",
        "keepalive",
    }
)

_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


def text_of(frame: Frame, name: str) -> str:
    value = frame.get(name)
    return value if isinstance(value, str) else ""


def object_of(frame: Frame, name: str) -> Frame:
    value = frame.get(name)
    return value if isinstance(value, dict) else {}


def objects_of(frame: Frame, name: str) -> list[Frame]:
    value = frame.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def whole_number_of(frame: Frame, name: str) -> int | None:
    value = frame.get(name)
    return value if type(value) is int else None


def presentable(text: str) -> str:
    """`text` without what no encoding and no screen can carry: NUL and half surrogate pairs
    become U+FFFD, whole pairs (JSON may hold them as two escapes) their character."""
    if _UNSHOWABLE.search(text) is None:
        return text
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return paired.replace("\x00", "\ufffd")
