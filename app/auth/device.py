"""Signing in on another device: what the service's two replies mean, and how often to ask. Pure.

The service's own shapes (captures/flows/login-device.json): the code as `user_code` or
`usercode`, the interval as text, 403 and 404 while nobody has decided. Beside them the names
and error codes of RFC 8628 are understood (F-L17).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.auth.client_profiles import ClientProfile
from app.auth.oauth import AuthorizationRequest
from app.auth.token_replies import error_code, read_exchange_error
from app.backoff import full_jitter_s
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind, fail
from app.guarded_json import decode_json
from app.replies import is_html
from app.service_clock import read_service_clock
from app.transport import Reply, Request
from app.values import dataclass

LASTS_S = 15 * 60.0  # the service's own limit; a reply may shorten it
FLOOR_S = 5.0
CEILING_S = 60.0
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_USER_CODE = re.compile(r"[A-Za-z0-9]{2,16}(?:[- ][A-Za-z0-9]{2,16}){0,3}")
_VISIBLE = re.compile(r"[\x21-\x7e]{1,4096}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{1,256}")
_PENDING = frozenset({"authorization_pending", "deviceauth_authorization_pending", "pending"})
_DENIED = frozenset({"access_denied", "deviceauth_authorization_denied"})
_EXPIRED = frozenset({"expired_token", "expired", "deviceauth_authorization_expired"})


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the person types, where, and for how long; `interval_s` is within the bounds."""

    user_code: str = field(repr=False)
    device_auth_id: str = field(repr=False)
    address: str
    interval_s: float
    lasts_s: float


class Verdict(StrEnum):
    """What one reply to "has the person decided?" says."""

    APPROVED = "approved"
    PENDING = "pending"
    SLOW_DOWN = "slow_down"
    TROUBLE = "trouble"  # passing: the service, the way to it, too many requests


@dataclass(frozen=True, slots=True)
class PollReply:
    """`code` and `code_verifier` (made by the service) once approved; `fault` of a trouble."""

    verdict: Verdict
    code: str = field(default="", repr=False)
    code_verifier: str = field(default="", repr=False)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Pacing:
    """How long to wait before the next question."""

    interval_s: float
    troubles: int = 0
    wish_s: float = 0.0

    def after(self, reply: PollReply) -> Pacing:
        """RFC 8628: "slow_down" lengthens every later interval by 5 s. Trouble backs off."""
        if reply.verdict is Verdict.SLOW_DOWN:
            return Pacing(min(self.interval_s + FLOOR_S, CEILING_S))
        if reply.verdict is Verdict.TROUBLE:
            wish_s = (reply.fault.retry_after_s if reply.fault else None) or 0.0
            return replace(self, troubles=self.troubles + 1, wish_s=wish_s)
        return Pacing(self.interval_s)

    def wait_s(self, chance: float) -> float:
        """Seconds; `chance` is uniform in [0, 1) and only matters after trouble."""
        if not self.troubles:
            return self.interval_s
        extra_s = full_jitter_s(self.troubles, chance, first_s=FLOOR_S, limit_s=CEILING_S)
        return max(self.interval_s + extra_s, self.wish_s)


def code_request(endpoints: Endpoints, client: ClientProfile) -> Request:
    """Ask for a code (captures/http/device-usercode.http)."""
    return _json(endpoints.device_code, {"client_id": client.client_id})


def poll_request(endpoints: Endpoints, code: DeviceCode) -> Request:
    """Ask whether the person has decided (captures/http/device-token-poll.http)."""
    fields = {"device_auth_id": code.device_auth_id, "user_code": code.user_code}
    return _json(endpoints.device_token, fields)


def read_code_reply(reply: Reply, endpoints: Endpoints) -> DeviceCode:
    """The code to show.

    Raises `AppError`: DEVICE_CODE_NOT_ENABLED for 404, the fault of any other refusal,
    NOT_UNDERSTOOD for a 200 without a usable code.
    """
    if reply.status == 404 and not is_html(reply.headers, reply.body):
        raise fail(FaultKind.DEVICE_CODE_NOT_ENABLED, "HTTP 404", status=404)
    if reply.status != 200:
        raise AppError(_fault(reply))
    value = _object(reply)
    user_code = value.get("user_code", value.get("usercode"))
    device_auth_id = value.get("device_auth_id", value.get("device_code"))
    if not isinstance(user_code, str) or not _USER_CODE.fullmatch(user_code):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the reply has no user code")
    if not isinstance(device_auth_id, str) or not _VISIBLE.fullmatch(device_auth_id):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the reply has no device id")
    interval_s = _seconds(value.get("interval")) or 0.0
    return DeviceCode(
        user_code,
        device_auth_id,
        endpoints.device_page,
        min(max(interval_s, FLOOR_S), CEILING_S),
        _lasts_s(value, reply),
    )


def read_poll_reply(reply: Reply) -> PollReply:
    """What the service says about the decision.

    Raises `AppError` when asking on is no use: SIGN_IN_DENIED, SIGN_IN_TIMED_OUT once the code
    is over, NOT_UNDERSTOOD for an approval without a code, the fault of any other refusal.
    """
    said = error_code(reply.body)
    if said in _DENIED:
        raise fail(FaultKind.SIGN_IN_DENIED, said, status=reply.status)
    if said in _EXPIRED or reply.status == 410:
        raise fail(FaultKind.SIGN_IN_TIMED_OUT, said or "HTTP 410", status=reply.status)
    if said == "slow_down":
        return PollReply(Verdict.SLOW_DOWN)
    if reply.status == 200:
        return _approval(reply)
    fault = _fault(reply)
    is_pending = said in _PENDING or reply.status in (403, 404)
    if is_pending and fault.kind is not FaultKind.BLOCKED:
        return PollReply(Verdict.PENDING)
    if fault.is_transient or fault.kind is FaultKind.BLOCKED:
        return PollReply(Verdict.TROUBLE, fault=fault)
    raise AppError(fault)


def exchange_of(reply: PollReply, endpoints: Endpoints) -> AuthorizationRequest:
    """The approval as a sign-in request: verifier and redirect URI are the service's own."""
    return AuthorizationRequest(
        "", "", reply.code_verifier, endpoints.device_redirect, endpoints.auth_url
    )


def _approval(reply: Reply) -> PollReply:
    value = _object(reply)
    if value.get("status") == "pending":
        return PollReply(Verdict.PENDING)
    code, verifier = value.get("authorization_code"), value.get("code_verifier")
    if not isinstance(code, str) or not _VISIBLE.fullmatch(code):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the approval has no code")
    if not isinstance(verifier, str) or not _VERIFIER.fullmatch(verifier):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the approval has no code verifier")
    return PollReply(Verdict.APPROVED, code, verifier)


def _lasts_s(value: Mapping[str, Any], reply: Reply) -> float:
    """How long the code is good, by the service's own clock; never above its known limit."""
    lasts_s = _seconds(value.get("expires_in"))
    ends_at = value.get("expires_at")
    if lasts_s is None and isinstance(ends_at, str):
        lasts_s = _until(ends_at, reply)
    return LASTS_S if lasts_s is None or lasts_s <= 0 else min(lasts_s, LASTS_S)


def _until(text: str, reply: Reply) -> float | None:
    try:
        end = datetime.fromisoformat(text)
    except ValueError:
        return None
    if end.tzinfo is None:
        return None
    clock = read_service_clock(reply.headers.get("date"), reply.received_at, reply.took_s)
    offset_s = 0.0 if clock is None else clock.offset_s
    return (end - reply.received_at).total_seconds() - offset_s


def _seconds(value: object) -> float | None:
    """A number, or text that is one; None for everything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _object(reply: Reply) -> Mapping[str, Any]:
    try:
        value = decode_json(reply.body).value
    except AppError:
        fault = _fault(reply)
        is_portal = fault.kind is FaultKind.PORTAL
        raise (AppError(fault) if is_portal else fail(FaultKind.NOT_UNDERSTOOD)) from None
    if not isinstance(value, dict):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the reply is no object")
    return value


def _fault(reply: Reply) -> Fault:
    return read_exchange_error(reply.status, reply.headers, reply.body, reply.received_at)


def _json(url: str, fields: Mapping[str, str]) -> Request:
    headers = {"content-type": "application/json", "accept": "application/json"}
    return Request("POST", url, headers, json.dumps(fields, separators=(",", ":")).encode())
