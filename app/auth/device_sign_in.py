"""Signing in on another device: ask for a code, show it, wait for the decision, exchange."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from app.auth import device
from app.auth.client_profiles import CODEX, ClientProfile
from app.auth.device import DeviceCode, Pacing, PollReply, Verdict
from app.auth.token_endpoint import TokenEndpoint
from app.auth.tokens import TokenSet
from app.clocks import Clocks
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind, fail
from app.logs import passing_secrets
from app.transport import Bounds, Transport

DEVICE_BOUNDS = Bounds(total_s=20, idle_s=15, body_bytes=64 << 10)
_PASSING = frozenset({FaultKind.OFFLINE, FaultKind.TIMED_OUT, FaultKind.INTERRUPTED})


async def sign_in_with_device_code(
    transport: Transport,
    endpoints: Endpoints,
    *,
    on_code: Callable[[DeviceCode], None],
    on_approved: Callable[[], None] = lambda: None,
    client: ClientProfile = CODEX,
    clocks: Clocks = Clocks(),  # noqa: B008 - frozen
) -> TokenSet:
    """The tokens of whoever types the code in on another device; storing them is the caller's.

    `on_code(code)` once there is something to show, `on_approved()` when only the exchange is
    left. Raises `AppError`: DEVICE_CODE_NOT_ENABLED, SIGN_IN_DENIED, SIGN_IN_TIMED_OUT after
    15 minutes at most (the last trouble instead, if the way was broken to the end),
    NOT_UNDERSTOOD, or the fault of a request.
    """
    reply = await transport.send(device.code_request(endpoints, client), DEVICE_BOUNDS)
    code = device.read_code_reply(reply, endpoints)
    ends_at = clocks.running() + code.lasts_s
    with passing_secrets(code.device_auth_id, code.user_code) as remember:
        on_code(code)
        approval = await _decision(transport, endpoints, code, ends_at, clocks)
        on_approved()
        for secret in (approval.code, approval.code_verifier):
            remember(secret)
        endpoint = TokenEndpoint(transport, clocks.wall)
        exchange = device.exchange_of(approval, endpoints)
        return await endpoint.exchange(endpoints, client, exchange, approval.code)


async def _decision(
    transport: Transport, endpoints: Endpoints, code: DeviceCode, ends_at: float, clocks: Clocks
) -> PollReply:
    pacing, trouble = Pacing(code.interval_s), None
    while True:
        wait_s = pacing.wait_s(secrets.SystemRandom().random())
        left_s = ends_at - clocks.running()
        await asyncio.sleep(max(0.0, min(wait_s, left_s)))
        if clocks.running() >= ends_at:
            raise _too_late(trouble, code)
        reply = await _asked(transport, endpoints, code)
        if reply.verdict is Verdict.APPROVED:
            return reply
        pacing, trouble = pacing.after(reply), reply.fault


async def _asked(transport: Transport, endpoints: Endpoints, code: DeviceCode) -> PollReply:
    try:
        reply = await transport.send(device.poll_request(endpoints, code), DEVICE_BOUNDS)
    except AppError as error:
        if error.fault.kind not in _PASSING:
            raise
        return PollReply(Verdict.TROUBLE, fault=error.fault)
    return device.read_poll_reply(reply)


def _too_late(trouble: Fault | None, code: DeviceCode) -> AppError:
    if trouble is not None:
        return AppError(trouble)
    return fail(FaultKind.SIGN_IN_TIMED_OUT, f"no decision within {code.lasts_s:.0f} s")
