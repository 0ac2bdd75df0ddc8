"""Every fault in plain words: what happened, what it means, what to do. Pure.

Technical text stays in `Fault.detail` and is shown under "Details" only. The match over
`FaultKind` is closed: a new kind without words does not pass the type check.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import assert_never

from app.errors import Fault, FaultKind
from app.wording import faults_of_access, faults_of_answers, faults_of_proxies, faults_of_service
from app.wording.fault_words import FaultWords, Moment

K = FaultKind


def describe(fault: Fault, now: datetime, zone: tzinfo, clock: str = "system") -> FaultWords:
    """Words for `fault`, read at `now` (aware) in `zone`; `clock` as in the settings."""
    moment = Moment(now, zone, clock)
    kind = fault.kind
    match kind:
        case K.NOT_SIGNED_IN | K.SESSION_EXPIRED | K.SESSION_REFUSED | K.ACCOUNT_CHANGED:
            return faults_of_access.session(kind)
        case K.SIGN_OUT_UNTOLD | K.SIGN_OUT_UNFINISHED:
            return faults_of_access.sign_out(kind)
        case K.CODEX_LOGIN_MISSING | K.CODEX_LOGIN_STALE | K.CODEX_LOGIN_NO_CHAT:
            return faults_of_access.codex_login(kind)
        case K.SIGN_IN_DENIED | K.SIGN_IN_NOT_ENTITLED | K.SIGN_IN_FAILED:
            return faults_of_access.refused_sign_in(kind, fault)
        case (
            K.SIGN_IN_TIMED_OUT
            | K.SIGN_IN_CANCELLED
            | K.SIGN_IN_ELSEWHERE
            | K.SIGN_IN_WINDOW_FAILED
            | K.CALLBACK_PORTS_TAKEN
            | K.BROWSER_NOT_OPENED
            | K.DEVICE_CODE_NOT_ENABLED
        ):
            return faults_of_access.unfinished_sign_in(kind)
        case K.KEYRING_MISSING | K.KEYRING_LOCKED | K.KEYRING_FAILED | K.KEYRING_CHANGED:
            return faults_of_access.keyring(kind)
        case K.OFFLINE | K.TIMED_OUT | K.INTERRUPTED | K.NOT_SECURE:
            return faults_of_service.way(kind, fault)
        case K.PROXY | K.PROXY_ADDRESS | K.PROXY_UNREACHABLE | K.PROXY_STRANGE:
            return faults_of_proxies.proxied(kind, fault)
        case K.PROXY_SIGN_IN | K.PROXY_PASSWORD:
            return faults_of_proxies.proxy_sign_in(kind, fault)
        case K.UNKNOWN_AUTHORITY | K.CA_FILE:
            return faults_of_proxies.vouching(kind, fault)
        case K.PORTAL | K.REDIRECTED | K.TOO_LARGE | K.BLOCKED:
            return faults_of_service.obstacle(kind, fault)
        case _:
            return _from_the_service(kind, fault, moment)


def _from_the_service(
    kind: faults_of_service.Refusal
    | faults_of_service.Trouble
    | faults_of_service.Limit
    | faults_of_answers.Refused
    | faults_of_answers.Attached
    | faults_of_answers.Ended
    | faults_of_answers.Own,
    fault: Fault,
    moment: Moment,
) -> FaultWords:
    match kind:
        case K.FORBIDDEN | K.NOT_FOUND | K.BAD_REQUEST:
            return faults_of_service.refusal(kind, fault)
        case K.OVERLOADED | K.SERVER_ERROR | K.NOT_UNDERSTOOD:
            return faults_of_service.trouble(kind, fault)
        case K.RATE_LIMITED | K.LIMIT_REACHED | K.PLAN_WITHOUT_CODEX | K.SPEND_LIMIT_REACHED:
            return faults_of_service.limit(kind, fault, moment)
        case K.CONTEXT_FULL | K.MESSAGE_TOO_LONG | K.PROMPT_REFUSED | K.MODEL_NOT_AVAILABLE:
            return faults_of_answers.refused(kind, fault)
        case (
            K.MODEL_TAKES_NO_IMAGES
            | K.ATTACHMENT_TOO_LARGE
            | K.ATTACHMENT_NOT_READABLE
            | K.TOO_MANY_ATTACHMENTS
        ):
            return faults_of_answers.attached(kind)
        case K.ANSWER_CUT | K.ANSWER_ENDED_EARLY | K.ANSWER_STALLED:
            return faults_of_answers.ended(kind)
        case K.CONFIGURATION | K.DEMO_MISSING | K.INTERNAL:
            return faults_of_answers.own(kind)
        case _:
            assert_never(kind)
