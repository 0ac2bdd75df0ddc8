"""One question and its answer: which model, how many tries, and what happens on Stop."""

from __future__ import annotations

import asyncio
import logging
import platform
import random
import uuid
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

from app.chat.attachments import Attachment
from app.chat.client import ChatClient, OnLimits
from app.chat.conversation import Conversation, Turn
from app.chat.events import AnswerFailed, ModelServed
from app.chat.live_conversation import LiveConversation
from app.chat.models import FALLBACK_MODELS, Model, effort_for, pick_model
from app.chat.requests import identity_headers, request_body, request_headers
from app.chat.retries import TRIES, retry_delay_s
from app.errors import AppError, Fault, FaultKind, fail
from app.settings import Settings

log = logging.getLogger("tidegauge.chat")

# The list of models cannot be had, but the way to the service is open: ask all the same.
_WITHOUT_LIST = frozenset(
    {
        FaultKind.BAD_REQUEST,
        FaultKind.FORBIDDEN,
        FaultKind.INTERRUPTED,
        FaultKind.NOT_FOUND,
        FaultKind.NOT_UNDERSTOOD,
        FaultKind.OVERLOADED,
        FaultKind.RATE_LIMITED,
        FaultKind.SERVER_ERROR,
        FaultKind.TIMED_OUT,
        FaultKind.TOO_LARGE,
    }
)


class TurnRunner:
    """Runs one turn at a time, on the event loop.

    `on_conversation` gets every visible step, `on_limits` what the replies tell of the limits.
    """

    def __init__(
        self,
        client: ChatClient,
        on_conversation: Callable[[Conversation], None],
        *,
        on_limits: OnLimits = lambda _told: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._client = client
        self._on_conversation = on_conversation
        self._on_limits = on_limits
        self._sleep = sleep
        self._chance = chance
        self._new_id = new_id
        self._is_running = False

    async def run(
        self,
        conversation: Conversation,
        question: str,
        settings: Settings,
        attachments: tuple[Attachment, ...] = (),
    ) -> Conversation:
        """Ask `question` and return the conversation with its outcome in the last turn.

        Faults end up in the turn; nothing but `AppError(INTERNAL)` for a second turn at the
        same time (F-C28) is raised. Cancelling the task stops the answer: the connection is
        closed, the text stays, marked as stopped, and the cancellation goes on.
        """
        if self._is_running:
            raise fail(FaultKind.INTERNAL, "an answer is already on its way")
        self._is_running = True
        earlier = conversation.turns
        named = replace(
            conversation, conversation_id=conversation.conversation_id or self._new_id()
        )
        asked = named.ask(self._new_id(), question, self._client.clock(), attachments)
        live = LiveConversation(asked, self._on_conversation, self._client.clock)
        try:
            fault = await self._tries(live, earlier, asked, settings)
        except asyncio.CancelledError:
            live.stop()
            raise
        except Exception as error:
            log.exception("a turn failed unexpectedly")
            fault = Fault(FaultKind.INTERNAL, type(error).__name__)
        finally:
            self._is_running = False
        return live.end(fault)

    async def _tries(
        self,
        live: LiveConversation,
        earlier: tuple[Turn, ...],
        asked: Conversation,
        settings: Settings,
    ) -> Fault | None:
        """None once the answer has an outcome of its own, else the fault of the last try."""
        refused = ""
        tries_made = 0
        while True:
            tries_made += 1
            model = Model("")
            try:
                model = await self._model(settings, refused)
                fault = await self._one_try(live, model, earlier, asked, settings)
            except AppError as error:
                fault = error.fault
            if fault is None or live.has_answer_text or tries_made == TRIES:
                return fault
            if fault.kind is FaultKind.MODEL_NOT_AVAILABLE and not refused:
                refused = model.slug
            else:
                delay = retry_delay_s(fault, tries_made, self._chance())
                if delay is None:
                    return fault
                await self._sleep(delay)
            live.restart()

    async def _model(self, settings: Settings, refused: str) -> Model:
        """The model to ask; after a refusal from a list that was read again."""
        headers = identity_headers(settings.client_identity, _platform())
        try:
            models = await self._client.models(headers, reload=bool(refused))
        except AppError as error:
            if error.fault.kind not in _WITHOUT_LIST:
                raise
            models = FALLBACK_MODELS
        return pick_model(models, settings.chat_model, refused)

    async def _one_try(
        self,
        live: LiveConversation,
        model: Model,
        earlier: tuple[Turn, ...],
        asked: Conversation,
        settings: Settings,
    ) -> Fault | None:
        body = request_body(
            earlier,
            asked.turns[-1].question,
            asked.turns[-1].attachments,
            model=model.slug,
            conversation_id=asked.conversation_id,
            instructions=settings.chat_instructions,
            effort=effort_for(model, settings.chat_effort),
            summary="auto" if model.takes_summary else "",
        )
        headers = request_headers(
            asked.conversation_id, identity=settings.client_identity, platform=_platform()
        )
        live.apply(ModelServed(model.slug))
        async with aclosing(self._client.answer(body, headers, self._on_limits)) as events:
            async for event in events:
                if isinstance(event, AnswerFailed):
                    return event.fault
                live.apply(event)
        return None


def _platform() -> str:
    """Like "Linux 6.1.0; x86_64"."""
    release = platform.version() if platform.system() == "Windows" else platform.release()
    return f"{platform.system()} {release}; {platform.machine()}"
