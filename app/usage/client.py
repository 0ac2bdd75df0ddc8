"""One request to the usage endpoint, and what its reply means."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind
from app.replies import fault_from_status, is_html
from app.transport import USAGE_BOUNDS, Reply, Request, Transport
from app.usage.limits import UsageSnapshot
from app.usage.payload import parse_usage
from app.usage.reset_credits import ResetCreditReader

log = logging.getLogger("tidegauge.usage")

_TRY_AGAIN_AT_ONCE = frozenset({FaultKind.INTERRUPTED})
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class UsageClient:
    """GET `wham/usage` over a transport that adds the token and repeats once on 401."""

    def __init__(self, transport: Transport, endpoints: Endpoints) -> None:
        self._transport = transport
        self._endpoints = endpoints
        self._reset_credits = ResetCreditReader(transport, endpoints)
        self._told_unknown = False

    async def fetch(self) -> UsageSnapshot:
        """The usage now. Raises `AppError`: what the transport raises, or the reply's fault.

        A connection that broke is tried once more at once, as is 421, which asks for a new
        connection (F-N09, F-N21, F-H11). A second request for details follows rarely.
        """
        request = Request("GET", self._endpoints.usage, {"Accept": "*/*"})
        try:
            reply = await self._transport.send(request, USAGE_BOUNDS)
        except AppError as error:
            if error.fault.kind not in _TRY_AGAIN_AT_ONCE:
                raise
            reply = await self._transport.send(request, USAGE_BOUNDS)
        if reply.status == 421:
            reply = await self._transport.send(request, USAGE_BOUNDS)
        snapshot = self._read(reply)
        if snapshot.unknown and not self._told_unknown:  # F-U16: once is enough
            self._told_unknown = True
            log.info("blocks this version does not know: %s", _plain_names(snapshot.unknown))
        return await self._reset_credits.completed(snapshot)

    def _read(self, reply: Reply) -> UsageSnapshot:
        if reply.status != 200 or is_html(reply.headers, reply.body):
            raise AppError(self._fault(reply))
        try:
            return parse_usage(
                reply.body,
                received_at=reply.received_at,
                date_header=reply.headers.get("date"),
                took_s=reply.took_s,
            )
        except AppError as error:
            raise AppError(replace(self._fault(reply), detail=error.fault.detail)) from None

    def _fault(self, reply: Reply) -> Fault:
        fault = fault_from_status(reply.status, reply.headers, reply.body, reply.received_at)
        return replace(fault, host=urlsplit(self._endpoints.usage).hostname or "")


def _plain_names(names: Sequence[str]) -> str:
    """Those that look like names of fields; anything else could name a person (T-41)."""
    plain = [name for name in names if _PLAIN_NAME.fullmatch(name)]
    others = [f"{len(names) - len(plain)} of another form"] if len(plain) < len(names) else []
    return ", ".join([*plain, *others])
