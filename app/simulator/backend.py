"""Backend routes: usage, models and streamed answers, all behind a live access token."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.simulator.accounts import SimulatedAccount
from app.simulator.answers import REASONING
from app.simulator.chat_request import LITE_HEADER, question_of, refuse_body, refuse_headers
from app.simulator.event_stream import Answer, answer_events, frame, pieces
from app.simulator.models import catalogue, etag
from app.simulator.state import Pace, ServiceState
from app.simulator.usage import UsageMeter
from app.simulator.wire import Connection

_GZIP_FROM = 512  # bytes; smaller replies are not worth compressing
_MOST_DELTAS = 800  # so that the longest answer still ends within half a minute


class BackendRoutes:
    """The service behind `/backend-api`."""

    def __init__(self, state: ServiceState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        return [
            Route("/backend-api/wham/usage", self.usage, methods=["GET"]),
            Route(
                "/backend-api/wham/rate-limit-reset-credits", self.reset_credits, methods=["GET"]
            ),
            Route("/backend-api/wham/accounts/check", self.accounts, methods=["GET"]),
            Route("/backend-api/codex/models", self.models, methods=["GET"]),
            Route("/backend-api/codex/responses", self.responses, methods=["POST"]),
        ]

    async def usage(self, request: Request) -> Response:
        account = self._authorized(request)
        if isinstance(account, Response):
            return account
        return _json(request, self._state.meter_of(account).body())

    async def reset_credits(self, request: Request) -> Response:
        account = self._authorized(request)
        if isinstance(account, Response):
            return account
        return _json(request, self._state.meter_of(account).reset_credits())

    async def accounts(self, request: Request) -> Response:
        account = self._authorized(request)
        if isinstance(account, Response):
            return account
        entry = {
            "id": account.account_id,
            "name": account.name,
            "plan_type": self._state.meter_of(account).plan,
            "structure": "personal",
            "workspace_backend_origin": "https://chatgpt.com",
            "account_routing_override": "NO_CONSTRAINT",
        }
        return _json(request, {"accounts": [entry], "default_account_id": account.account_id})

    async def models(self, request: Request) -> Response:
        account = self._authorized(request)
        if isinstance(account, Response):
            return account
        try:
            body = catalogue(request.query_params.get("client_version", ""))
        except ValueError:
            return JSONResponse({"detail": "client_version must be a version"}, 400)
        tag = etag(body)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return _packed(request, body, {"etag": tag})

    async def responses(self, request: Request) -> Response:
        account = self._authorized(request)
        if isinstance(account, Response):
            return account
        refusal = refuse_headers(request.headers)
        if refusal is None:
            body = _parsed(await request.body())
            refusal = refuse_body(body, is_lite=request.headers.get(LITE_HEADER) == "true")
        if refusal is not None:
            return JSONResponse(refusal.body, refusal.status, self._reply_headers())
        assert isinstance(body, dict)  # noqa: S101 - refuse_body checked it
        meter = self._state.meter_of(account)
        headers = {**self._reply_headers(), **meter.headers()}
        limit = meter.refusal()
        if limit is not None:
            return JSONResponse(limit, 429, headers)
        return self._stream(request, body, meter, headers)

    def _stream(
        self,
        request: Request,
        body: Mapping[str, object],
        meter: UsageMeter,
        headers: dict[str, str],
    ) -> Response:
        reasoning = body.get("reasoning")
        shows_summary = isinstance(reasoning, dict) and reasoning.get("summary") not in {
            None,
            "none",
        }
        answer = Answer(
            model=self._state.rerouted_model or str(body["model"]),
            text=self._state.answers.answer_to(question_of(body)),
            reasoning=REASONING if shows_summary else (),
            input_tokens=len(json.dumps(body)) // 4,
        )
        headers["openai-model"] = answer.model
        connection: Connection = request.scope["state"]["connection"]
        return AnswerResponse(answer, meter, self._state.pace, connection, headers)

    def _reply_headers(self) -> dict[str, str]:
        return {"x-request-id": str(uuid.uuid4())}

    def _authorized(self, request: Request) -> SimulatedAccount | Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        account = self._state.tokens.account_of(token) if scheme == "Bearer" else None
        if account is None:
            return JSONResponse({"detail": "Unauthorized"}, 401)
        if request.headers.get("chatgpt-account-id") != account.account_id:
            return JSONResponse({"detail": "chatgpt-account-id is not the token's account"}, 403)
        if account.is_fedramp and request.headers.get("x-openai-fedramp") != "true":
            return JSONResponse({"detail": "x-openai-fedramp is missing"}, 403)
        return account


class AnswerResponse(Response):
    """Streams one answer; the usage moves before its last event, or when the client leaves.

    The limits are told at the head, in an event before the answer, and again once it counts.
    """

    def __init__(
        self,
        answer: Answer,
        meter: UsageMeter,
        pace: Pace,
        connection: Connection,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(None, 200, headers, "text/event-stream; charset=utf-8")
        del self.headers["content-length"]
        self.headers["cache-control"] = "no-cache"
        self._answer = answer
        self._meter = meter
        self._pace = pace
        self._connection = connection

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        delta_chars = max(self._pace.delta_chars, len(self._answer.text) // _MOST_DELTAS)
        *frames, last = answer_events(self._answer, delta_chars)
        frames.insert(0, frame(self._meter.event()))
        has_left = await self._connection.pause(self._pace.first_s)
        for piece in pieces(frames):
            if has_left:
                break
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            has_left = await self._connection.pause(self._pace.between_s)
        self._meter.charge_answer()
        last = frame(self._meter.event()) + last
        await send({"type": "http.response.body", "body": last, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _parsed(raw: bytes) -> object:
    try:
        parsed: object = json.loads(raw)
    except ValueError:
        return None
    return parsed


def _json(request: Request, body: object) -> Response:
    return _packed(request, json.dumps(body, separators=(",", ":")).encode(), {})


def _packed(request: Request, body: bytes, headers: Mapping[str, str]) -> Response:
    """JSON, compressed if the client asks for gzip, as the service's gateway does."""
    packed = dict(headers)
    if len(body) >= _GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, mtime=0)
        packed["content-encoding"] = "gzip"
    return Response(body, 200, {**packed, "vary": "accept-encoding"}, "application/json")
