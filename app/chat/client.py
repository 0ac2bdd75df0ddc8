"""The Codex Responses API as a `ChatBackend`: the list of models, and one streamed answer."""

from __future__ import annotations

import logging
import platform
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.auth.daemon_thread import in_daemon_thread
from app.chat.backend import AnswerRequest, OnLimits
from app.chat.events import AnswerFailed, ModelServed, StreamEvent
from app.chat.faults import fault_from_reply
from app.chat.kept_models import KeptModels
from app.chat.models import WITHOUT_LIST, Model, parse_models
from app.chat.models_file import ModelsFile
from app.chat.requests import (
    CLIENT_VERSION,
    encode_body,
    identity_headers,
    request_body,
    request_headers,
)
from app.chat.responses import ResponseReader
from app.chat.sse import EventDecoder
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind
from app.replies import MESSAGE_LIMIT, fault_from_status, sanitise
from app.service_clock import read_service_clock
from app.transport import MODELS_BOUNDS, STREAM_BOUNDS, Bounds, ReplyStream, Request, Transport
from app.usage.headers import limits_from_event, limits_from_headers
from app.usage.limits import UsageSnapshot

log = logging.getLogger("tidegauge.chat")

_LIST_KEPT = timedelta(minutes=5)  # as the official client does
# What a broken connection is called once the answer has begun.
_KIND_INSIDE_ANSWER = {
    FaultKind.INTERRUPTED: FaultKind.ANSWER_ENDED_EARLY,
    FaultKind.TIMED_OUT: FaultKind.ANSWER_STALLED,
}


class ChatClient:
    """`transport` adds the authorization; `clock` gives aware UTC; `file` keeps the list of
    models over restarts."""

    def __init__(
        self,
        transport: Transport,
        endpoints: Endpoints,
        clock: Callable[[], datetime],
        *,
        stream_bounds: Bounds = STREAM_BOUNDS,
        file: ModelsFile | None = None,
    ) -> None:
        self._transport = transport
        self._endpoints = endpoints
        self._stream_bounds = stream_bounds
        self.clock = clock
        self._models: tuple[Model, ...] = ()
        self._etag = ""
        self._read_at: datetime | None = None
        self._file = file
        self._has_recalled = file is None

    async def models(
        self, identity: str = "tidegauge", *, reload: bool = False
    ) -> tuple[Model, ...]:
        """All models of the service, its favourite first; at most five minutes old.

        `reload` asks again at once. A list that was had before is better than none: it stays as
        long as the service gives no other. Raises `AppError`.
        """
        await self._recall()
        now = self.clock()
        is_fresh = self._read_at is not None and timedelta() <= now - self._read_at < _LIST_KEPT
        if self._models and is_fresh and not reload:
            return self._models
        try:
            await self._read_models(identity)
        except AppError as error:
            if not self._models or error.fault.kind not in WITHOUT_LIST:
                raise
        return self._models

    async def kept_models(self) -> tuple[Model, ...]:
        """The list as it was last had, be it days ago; nothing is asked for."""
        await self._recall()
        return self._models

    async def _recall(self) -> None:
        if self._has_recalled or self._file is None:
            return
        kept = await self._file.read()
        if kept is not None and not self._has_recalled:
            self._models, self._etag, self._read_at = kept.models, kept.etag, kept.read_at
        self._has_recalled = True

    async def _read_models(self, identity: str) -> None:
        now = self.clock()
        asked = identity_headers(identity, _platform())
        if self._etag and self._models:
            asked["If-None-Match"] = self._etag
        url = f"{self._endpoints.models}?client_version={CLIENT_VERSION}"
        reply = await self._transport.send(Request("GET", url, asked), MODELS_BOUNDS)
        if reply.status == 200:
            self._models = parse_models(reply.body)
            self._etag = _header_value(reply.headers.get("etag", ""))
        elif reply.status != 304 or not self._models:
            raise AppError(fault_from_status(reply.status, reply.headers, reply.body, now))
        self._read_at = now
        if reply.status == 200 and self._file is not None:
            await self._file.write(KeptModels(self._models, self._etag, now))

    async def answer(
        self, request: AnswerRequest, on_limits: OnLimits = lambda _told: None
    ) -> AsyncGenerator[StreamEvent, None]:
        """Send one request and give its stream events; the last one is the outcome.

        `on_limits` gets what the reply tells of the limits, refusals included: at its head and
        at each event inside. Raises `AppError` if there is no stream. What goes wrong inside the
        stream is an `AnswerFailed`. Closing the generator closes the connection.
        """
        headers = request_headers(
            request.conversation_id, identity=request.identity, platform=_platform()
        )
        body = await _encoded(request)
        post = Request("POST", self._endpoints.responses, headers, body)
        async with self._transport.stream(post, self._stream_bounds) as reply:
            limits = _Limits(reply, self.clock, on_limits)
            await self._check_head(reply, limits)
            limits.tell_head()
            if model := sanitise(reply.headers.get("openai-model", ""), 80):
                yield ModelServed(model)
            reader = ResponseReader(self.clock, limits.tell_event)
            async with aclosing(_events(reply, reader)) as events:
                async for event in events:
                    yield event
        _log_oddities(reader)

    async def _check_head(self, reply: ReplyStream, limits: _Limits) -> None:
        """Raises `AppError` for anything but a stream (F-C26); notes a changed model list."""
        etag = reply.headers.get("x-models-etag", self._etag)
        if etag.strip('"') != self._etag.strip('"'):
            self._read_at = None
        coding = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if reply.status != 200 or coding in ("application/json", "text/html"):
            body = await reply.read()
            fault = fault_from_reply(reply.status, reply.headers, body, self.clock())
            if fault.kind is FaultKind.NOT_UNDERSTOOD and not fault.message:
                said = sanitise(body.decode("utf-8", "replace"), MESSAGE_LIMIT)
                fault = replace(fault, message=said)
            limits.tell_head(is_refusal=fault.kind is FaultKind.LIMIT_REACHED)
            raise AppError(fault)


class _Limits:
    """What one reply tells of the limits, passed on as it comes."""

    def __init__(
        self, reply: ReplyStream, clock: Callable[[], datetime], on_limits: OnLimits
    ) -> None:
        self._headers = reply.headers
        self._clock = clock
        self._on_limits = on_limits
        self._begun_at = clock()
        date = reply.headers.get("date")
        self._service_clock = read_service_clock(date, self._begun_at, reply.took_s)

    def tell_head(self, *, is_refusal: bool = False) -> None:
        told = limits_from_headers(
            self._headers, self._begun_at, self._service_clock, is_refusal=is_refusal
        )
        self._tell(told)

    def tell_event(self, frame: Mapping[str, Any]) -> None:
        self._tell(limits_from_event(frame, self._clock(), self._service_clock))

    def _tell(self, told: UsageSnapshot | None) -> None:
        if told is not None:
            self._on_limits(told)


async def _events(reply: ReplyStream, reader: ResponseReader) -> AsyncGenerator[StreamEvent, None]:
    decoder = EventDecoder()
    broken: Fault | None = None
    try:
        async for chunk in reply.chunks():
            for frame in decoder.feed(chunk):
                for event in reader.feed(frame):
                    yield event
            if reader.has_ended:
                return
    except AppError as error:
        broken = error.fault
    for frame in decoder.close():
        for event in reader.feed(frame):
            yield event
    for event in reader.close():
        yield _renamed(event, broken)


def _renamed(event: StreamEvent, broken: Fault | None) -> StreamEvent:
    """An early end gets the reason why the connection ended, if one is known."""
    if broken is None or not isinstance(event, AnswerFailed):
        return event
    kind = _KIND_INSIDE_ANSWER.get(broken.kind, broken.kind)
    return AnswerFailed(Fault(kind, broken.detail, host=broken.host))


async def _encoded(request: AnswerRequest) -> bytes:
    """The body; on a thread where files go along, which may take a tenth of a second."""

    def encode() -> bytes:
        return encode_body(request_body(request))

    has_files = request.attachments or any(turn.attachments for turn in request.earlier)
    return await in_daemon_thread(encode, "chat-body") if has_files else encode()


def _header_value(text: str) -> str:
    """An ETag as it may be sent back; one that could not be is forgotten."""
    return text if text.isascii() and text.isprintable() and len(text) <= 200 else ""


def _log_oddities(reader: ResponseReader) -> None:
    """Counts only, never text (F-C20)."""
    if reader.unreadable or reader.unknown or reader.corrections:
        log.info(
            "answer: %d unreadable events, %d unknown, %d texts corrected",
            reader.unreadable,
            reader.unknown,
            reader.corrections,
        )


def _platform() -> str:
    """Like "Linux 6.1.0; x86_64"."""
    release = platform.version() if platform.system() == "Windows" else platform.release()
    return f"{platform.system()} {release}; {platform.machine()}"
