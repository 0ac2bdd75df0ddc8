"""One question and its answer: which model, how many tries, and what happens on Stop."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import random
import uuid
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

from app.chat.attachments import Attachment
from app.chat.backend import AnswerRequest, ChatBackend, OnLimits
from app.chat.catalogue import known_models
from app.chat.context import fit
from app.chat.conversation import Conversation
from app.chat.environment import environment_context
from app.chat.events import AnswerFailed, EarlierLeftOut, ModelServed
from app.chat.live_conversation import LiveConversation
from app.chat.models import Model, effort_for, pick_model
from app.chat.retries import TRIES, retry_delay_s
from app.errors import AppError, Fault, FaultKind, fail
from app.local_zone import local_zone
from app.settings import Settings

log = logging.getLogger("tidegauge.chat")


class TurnRunner:
    """Runs one turn at a time, on the event loop.

    `on_conversation` gets every visible step, `on_limits` what the replies tell of the limits.
    """

    def __init__(
        self,
        backend: ChatBackend,
        on_conversation: Callable[[Conversation], None],
        *,
        on_limits: OnLimits = lambda _told: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._backend = backend
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
        named = replace(
            conversation, conversation_id=conversation.conversation_id or self._new_id()
        )
        asked = named.ask(self._new_id(), question, self._backend.clock(), attachments)
        live = LiveConversation(asked, self._on_conversation, self._backend.clock)
        try:
            fault = await self._tries(live, asked, settings)
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
        self, live: LiveConversation, asked: Conversation, settings: Settings
    ) -> Fault | None:
        """None once the answer has an outcome of its own, else the fault of the last try."""
        refused = _refused_before(asked, settings.chat_model)
        is_replaced = False
        tries_made = 0
        while True:
            tries_made += 1
            model = Model("")
            try:
                model = await self._model(settings, refused, reload=is_replaced)
                live.apply(ModelServed(model.slug, refused))
                fault = await self._one_try(live, self._request(live, asked, model, settings))
            except AppError as error:
                fault = error.fault
            if fault is None or live.has_answer_text or tries_made == TRIES:
                return fault
            if fault.kind is FaultKind.MODEL_NOT_AVAILABLE and not is_replaced:
                refused, is_replaced = model.slug, True
            else:
                delay = retry_delay_s(fault, tries_made, self._chance())
                if delay is None:
                    return fault
                await self._sleep(delay)
            live.restart()

    async def _model(self, settings: Settings, refused: str, *, reload: bool) -> Model:
        """The model to ask; after a refusal from a list that was read again."""
        models = await known_models(self._backend, settings.client_identity, reload=reload)
        return pick_model(models, settings.chat_model, refused)

    def _request(
        self, live: LiveConversation, asked: Conversation, model: Model, settings: Settings
    ) -> AnswerRequest:
        """What this model is asked. Raises MODEL_TAKES_NO_IMAGES before anything is sent."""
        *earlier, turn = asked.turns
        if not model.takes_images and any(one.is_image for one in turn.attachments):
            raise fail(FaultKind.MODEL_TAKES_NO_IMAGES, model.slug)
        instructions = settings.chat_instructions
        trimmed = fit(earlier, model.context_window, turn.question, turn.attachments, instructions)
        live.apply(EarlierLeftOut(trimmed.left_out))
        return AnswerRequest(
            asked.conversation_id,
            turn.question,
            model,
            trimmed.turns,
            turn.attachments,
            instructions,
            effort_for(model, settings.chat_effort),
            settings.chat_verbosity,
            self._environment() if settings.chat_environment else "",
            settings.client_identity,
        )

    def _environment(self) -> str:
        now = self._backend.clock().astimezone(local_zone(os.environ))
        return environment_context(now, platform.system())

    async def _one_try(self, live: LiveConversation, request: AnswerRequest) -> Fault | None:
        async with aclosing(self._backend.answer(request, self._on_limits)) as events:
            async for event in events:
                if isinstance(event, AnswerFailed):
                    return event.fault
                live.apply(event)
        return None


def _refused_before(conversation: Conversation, chosen: str) -> str:
    """The model whose refusal this conversation has met last: it is not asked again, unless
    another one is chosen anyway."""
    met = next((t.replaced_model for t in reversed(conversation.turns) if t.replaced_model), "")
    return met if chosen in ("", met) else ""
