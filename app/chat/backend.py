"""What a chat needs of a service: its models, and the answer to one question. Pure.

Turns, windows and the command line know this interface, `models` and `events`, nothing of a wire.
`client.ChatClient` is the Codex Responses API behind it; another service is another class.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import field
from datetime import datetime
from typing import Protocol

from app.chat.attachments import Attachment
from app.chat.conversation import Turn
from app.chat.events import StreamEvent
from app.chat.models import Model
from app.usage.limits import UsageSnapshot
from app.values import dataclass

OnLimits = Callable[[UsageSnapshot], None]


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """One question with all that belongs to it.

    `earlier`: the turns to be sent along, oldest first. Empty `instructions`, `effort` and
    `verbosity`: the service chooses. `environment`: what the model is told of the computer, or
    nothing. `identity`: the setting `client_identity`.
    """

    conversation_id: str
    question: str
    model: Model
    earlier: tuple[Turn, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    instructions: str = field(default="", repr=False)
    effort: str = ""
    verbosity: str = ""
    environment: str = field(default="", repr=False)
    identity: str = "tidegauge"


class ChatBackend(Protocol):
    """A service that answers. Its methods raise `AppError`, nothing else on purpose."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The wall clock by which it lives; aware UTC."""
        ...

    async def models(self, identity: str = ..., *, reload: bool = False) -> tuple[Model, ...]:
        """All models of the service, its favourite first; `reload`: as they are this moment."""
        ...

    async def kept_models(self) -> tuple[Model, ...]:
        """Those that were last had, without asking; empty if there never were any."""
        ...

    def answer(
        self, request: AnswerRequest, on_limits: OnLimits = ...
    ) -> AsyncGenerator[StreamEvent, None]:
        """The stream events of one answer, sent once; the last one is the outcome.

        Raises if there is no stream; what goes wrong inside it is an `AnswerFailed`. Closing
        the generator ends the answer at the service. `on_limits` gets what is told of limits.
        """
        ...
