"""The typed stream events the rest of the program sees. Pure values.

`responses.py` makes them from server-sent events; wire names stop there.
"""

from __future__ import annotations

from app.errors import Fault
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Token counts of one response; `cached` is part of input, `reasoning` part of output."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    response_id: str = ""


@dataclass(frozen=True, slots=True)
class ModelServed:
    """The model that really answers (`openai-model` header), which may differ from the asked.

    `instead_of`: the chosen model that is not available, in whose place this one answers.
    """

    model: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class EarlierLeftOut:
    """So many earlier turns were not sent along: the model's window does not hold them."""

    count: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class TextReplaced:
    """The whole answer so far, as the service states it finally (F-C19, F-C20)."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class AnswerCompleted:
    usage: TokenUsage | None = None


@dataclass(frozen=True, slots=True)
class AnswerCut:
    """`response.incomplete`: the text stands, but the service stopped it (F-C17)."""

    fault: Fault
    usage: TokenUsage | None = None


@dataclass(frozen=True, slots=True)
class AnswerFailed:
    fault: Fault


StreamEvent = (
    AnswerStarted
    | ModelServed
    | EarlierLeftOut
    | TextDelta
    | TextReplaced
    | ReasoningDelta
    | AnswerCompleted
    | AnswerCut
    | AnswerFailed
)
