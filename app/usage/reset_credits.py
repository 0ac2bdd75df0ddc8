"""What the resets that an account may redeem are, and until when: asked for rarely, only read.

The usage reply tells how many there are. Their expiries stand behind a request of its own, which
is made when there are some and nothing, or nothing fresh, is known of them.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.replies import fault_from_status
from app.transport import Bounds, Request, Transport
from app.usage.limits import ResetCredit, UsageSnapshot
from app.usage.payload import parse_reset_credits
from app.values import dataclass

log = logging.getLogger("tidegauge.usage")

FRESH_FOR = timedelta(hours=1)
_BOUNDS = Bounds(total_s=8, idle_s=8, body_bytes=64 << 10)
# Answers that will not change while the program runs: not asked again.
_FINAL = frozenset(
    {
        FaultKind.FORBIDDEN,
        FaultKind.NOT_FOUND,
        FaultKind.BAD_REQUEST,
        FaultKind.SESSION_REFUSED,
        FaultKind.BLOCKED,
    }
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose resets were asked for, how many there were, when (our clock), and what came."""

    whose: tuple[str, str]
    count: int
    at: datetime
    found: tuple[ResetCredit, ...] | None


class ResetCreditReader:
    """Adds the details to a usage reply; a failure costs nothing but them."""

    def __init__(self, transport: Transport, endpoints: Endpoints) -> None:
        self._transport = transport
        self._url = endpoints.reset_credits
        self._asked: _Asked | None = None
        self._is_refused = False

    async def completed(self, snapshot: UsageSnapshot) -> UsageSnapshot:
        """`snapshot` with its `reset_credit_list`, as far as it can be had."""
        count, whose = snapshot.reset_credits, (snapshot.account_id, snapshot.user_id)
        if not count:
            return snapshot if count is None else replace(snapshot, reset_credit_list=())
        if not any(whose):
            return snapshot  # nobody could say later whose the details were
        asked = self._asked
        is_same = asked is not None and (asked.whose, asked.count) == (whose, count)
        is_fresh = asked is not None and timedelta() <= snapshot.fetched_at - asked.at < FRESH_FOR
        if not (is_same and is_fresh) and not self._is_refused:
            found = await self._ask()
            if found is None and is_same and asked is not None:
                found = asked.found  # better an hour old than none
            asked = self._asked = _Asked(whose, count, snapshot.fetched_at, found)
        found = asked.found if asked is not None and asked.whose == whose else None
        return replace(snapshot, reset_credit_list=found)

    async def _ask(self) -> tuple[ResetCredit, ...] | None:
        try:
            request = Request("GET", self._url, {"Accept": "*/*"})
            reply = await self._transport.send(request, _BOUNDS)
            if reply.status != 200:
                fault = fault_from_status(
                    reply.status, reply.headers, reply.body, reply.received_at
                )
                raise AppError(fault)
            return parse_reset_credits(reply.body)
        except AppError as error:
            self._is_refused = error.fault.kind in _FINAL
            log.info("the resets to redeem could not be read: %s", error.fault.kind)
            return None
