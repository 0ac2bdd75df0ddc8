"""Server-sent events of the Responses API turned into the program's stream events. Pure.

Every type of the protocol is read here or stands in `WITHOUT_EFFECT`; `data.type` decides, the
`event:` line is not needed. The text is built from deltas; where the service later states a text
as a whole (`output_text.done`, `output_item.done`), that one wins. Deltas cost the same however
long the answer is; only a correction rebuilds it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from app.chat.answer_text import AnswerText
from app.chat.events import (
    AnswerCompleted,
    AnswerCut,
    AnswerFailed,
    AnswerStarted,
    ReasoningDelta,
    StreamEvent,
    TokenUsage,
)
from app.chat.faults import fault_from_error
from app.chat.frames import (
    WITHOUT_EFFECT,
    Frame,
    object_of,
    objects_of,
    presentable,
    text_of,
    whole_number_of,
)
from app.chat.sse import ServerSentEvent
from app.errors import Fault, FaultKind

_UNREADABLE_IN_A_ROW = 3


class ResponseReader:
    """Reads one response. After its outcome (completed, cut or failed) it stays silent (F-C23).

    `on_limits` gets each event that tells limits, as decoded: they are no part of the answer.
    `unreadable` and `unknown` count the frames that were passed over, `corrections` the final
    texts that differed from their deltas.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        on_limits: Callable[[Frame], None] = lambda _frame: None,
    ) -> None:
        self._clock = clock
        self._on_limits = on_limits
        self._text = AnswerText()
        self._started = False
        self._sequence = -1
        self._reasoning_part: tuple[object, ...] | None = None
        self._unreadable_in_a_row = 0
        self.has_ended = False
        self.unreadable = 0
        self.unknown = 0
        self._readers: Mapping[str, Callable[[Frame], list[StreamEvent]]] = {
            "response.created": self._created,
            "response.output_text.delta": self._text_delta,
            "response.output_text.done": self._text_done,
            "response.refusal.delta": self._text_delta,
            "response.refusal.done": self._text_done,
            "response.output_item.done": self._item_done,
            "response.reasoning_summary_text.delta": self._reasoning_delta,
            "response.reasoning_summary_text.done": self._reasoning_done,
            "response.reasoning_text.delta": self._reasoning_delta,
            "response.reasoning_text.done": self._reasoning_done,
            "response.completed": self._completed,
            "response.done": self._completed,
            "response.incomplete": self._incomplete,
            "response.failed": self._failed,
            "error": self._error,
            "codex.rate_limits": self._limits_told,
        }

    @property
    def corrections(self) -> int:
        return self._text.corrections

    def feed(self, event: ServerSentEvent) -> list[StreamEvent]:
        """What one event means; most often nothing or one thing."""
        if self.has_ended or not event.data:
            return []
        if event.data.strip() == "[DONE]":
            return self.close()
        frame = self._decoded(event.data)
        if frame is None:
            return self._pass_over()
        self._unreadable_in_a_row = 0
        reader = self._readers.get(frame["type"])
        if reader is None:
            self.unknown += frame["type"] not in WITHOUT_EFFECT
            return []
        return reader(frame)

    def close(self) -> list[StreamEvent]:
        """The stream is over; without an outcome it ended too early (F-C13)."""
        if self.has_ended:
            return []
        return self._end(AnswerFailed(Fault(FaultKind.ANSWER_ENDED_EARLY)))

    # --- frames ---------------------------------------------------------------------------------

    def _decoded(self, data: str) -> Frame | None:
        """The frame, or None if it is not an object; one without a type is an unknown one."""
        try:
            # Raw control characters inside strings are no reason to lose an answer (F-C08).
            frame = json.loads(data, strict=False)
        except (ValueError, RecursionError):
            return None
        if not isinstance(frame, dict):
            return None
        if not isinstance(frame.get("type"), str):
            frame["type"] = ""
        return frame

    def _pass_over(self) -> list[StreamEvent]:
        """F-C15: one bad frame is skipped, three in a row are a format nobody understands."""
        self.unreadable += 1
        self._unreadable_in_a_row += 1
        if self._unreadable_in_a_row < _UNREADABLE_IN_A_ROW:
            return []
        fault = Fault(FaultKind.NOT_UNDERSTOOD, "three unreadable stream events in a row")
        return self._end(AnswerFailed(fault))

    def _created(self, frame: Frame) -> list[StreamEvent]:
        if self._started:
            return []
        self._started = True
        return [AnswerStarted(text_of(object_of(frame, "response"), "id"))]

    def _text_delta(self, frame: Frame) -> list[StreamEvent]:
        return [] if self._is_repeated(frame) else self._text.add(frame, text_of(frame, "delta"))

    def _text_done(self, frame: Frame) -> list[StreamEvent]:
        return self._text.settle(frame, _part_text(frame))

    def _item_done(self, frame: Frame) -> list[StreamEvent]:
        return self._settle_item(object_of(frame, "item"), frame)

    def _settle_item(self, item: Frame, place: Frame) -> list[StreamEvent]:
        events: list[StreamEvent] = []
        if item.get("type") == "message":
            where = {"item_id": item.get("id"), **place}
            for index, part in enumerate(objects_of(item, "content")):
                if part.get("type") in ("output_text", "refusal"):
                    text = _part_text(part)
                    events += self._text.settle({**where, "content_index": index}, text)
        elif item.get("type") == "reasoning" and self._reasoning_part is None:
            for index, part in enumerate(objects_of(item, "summary")):
                events += self._reasoning({"summary_index": index}, text_of(part, "text"))
        return events

    def _reasoning_delta(self, frame: Frame) -> list[StreamEvent]:
        return [] if self._is_repeated(frame) else self._reasoning(frame, text_of(frame, "delta"))

    def _reasoning_done(self, frame: Frame) -> list[StreamEvent]:
        """Only where no delta came before: reasoning is shown in passing, not corrected."""
        if self._reasoning_part == _reasoning_part(frame):
            return []
        return self._reasoning(frame, text_of(frame, "text"))

    def _reasoning(self, frame: Frame, text: str) -> list[StreamEvent]:
        if not text:
            return []
        part = _reasoning_part(frame)
        is_next = self._reasoning_part not in (None, part)
        self._reasoning_part = part
        return [ReasoningDelta(("\n\n" if is_next else "") + presentable(text))]

    def _completed(self, frame: Frame) -> list[StreamEvent]:
        """With `end_turn: false` the model has more to say: whoever reads may ask for it."""
        response = object_of(frame, "response")
        if response.get("end_turn") is False:
            return self._cut(response, "end_turn")
        events = self._from_output(response)
        return [*events, *self._end(AnswerCompleted(_usage(response)))]

    def _incomplete(self, frame: Frame) -> list[StreamEvent]:
        response = object_of(frame, "response")
        reason = text_of(object_of(response, "incomplete_details"), "reason")
        return self._cut(response, reason)

    def _cut(self, response: Frame, reason: str) -> list[StreamEvent]:
        """F-C17: cut, not failed."""
        events = self._from_output(response)
        fault = Fault(FaultKind.ANSWER_CUT, reason[:40])
        return [*events, *self._end(AnswerCut(fault, _usage(response)))]

    def _failed(self, frame: Frame) -> list[StreamEvent]:
        """F-C16: told at once, not at the end of the stream."""
        return self._fail(object_of(frame, "response").get("error"))

    def _error(self, frame: Frame) -> list[StreamEvent]:
        """F-C18: the error may be an object of the frame or the frame itself."""
        error = frame.get("error")
        return self._fail(error if error else {k: v for k, v in frame.items() if k != "type"})

    def _limits_told(self, frame: Frame) -> list[StreamEvent]:
        self._on_limits(frame)
        return []

    # --- means ----------------------------------------------------------------------------------

    def _from_output(self, response: Frame) -> list[StreamEvent]:
        """Some gateways drop everything but the last event: then its `output` is the answer."""
        if not self._text.is_empty:
            return []
        events: list[StreamEvent] = []
        for index, item in enumerate(objects_of(response, "output")):
            events += self._settle_item(item, {"output_index": index})
        return events

    def _is_repeated(self, frame: Frame) -> bool:
        """F-C19: a delta whose number is not above the last one came twice or too late."""
        number = whole_number_of(frame, "sequence_number")
        if number is None:
            return False
        if number <= self._sequence:
            return True
        self._sequence = number
        return False

    def _fail(self, error: object) -> list[StreamEvent]:
        return self._end(AnswerFailed(fault_from_error(error, self._clock())))

    def _end(self, outcome: StreamEvent) -> list[StreamEvent]:
        self.has_ended = True
        return [*self._text.flush(), outcome]


def _usage(response: Frame) -> TokenUsage | None:
    usage = response.get("usage")
    if not isinstance(usage, dict):
        return None
    return TokenUsage(
        _count(usage, "input_tokens"),
        _count(object_of(usage, "input_tokens_details"), "cached_tokens"),
        _count(usage, "output_tokens"),
        _count(object_of(usage, "output_tokens_details"), "reasoning_tokens"),
    )


def _count(usage: Frame, name: str) -> int:
    return max(0, whole_number_of(usage, name) or 0)


def _part_text(part: Frame) -> str:
    """The text of a content part or of the frame that settles one; a refusal is shown as text."""
    return text_of(part, "text") or text_of(part, "refusal")


def _reasoning_part(frame: Frame) -> tuple[object, ...]:
    return tuple(frame.get(name) for name in ("output_index", "summary_index", "content_index"))
