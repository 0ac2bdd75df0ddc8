"""What a process of the command line returns. Pure; documented in the README."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from app.errors import FaultKind

K = FaultKind


class ExitCode(IntEnum):
    """0 to 7 are ours; the others follow the custom of the shells."""

    FINE = 0
    FAILED = 1
    WRONG_USAGE = 2
    NOT_SIGNED_IN = 3
    UNREACHABLE = 4
    LIMIT_REACHED = 5
    NOT_UNDERSTOOD = 6
    NO_KEYRING = 7
    INTERRUPTED = 130
    OUTPUT_CLOSED = 141
    TERMINATED = 143


_KINDS: Mapping[ExitCode, frozenset[FaultKind]] = {
    ExitCode.WRONG_USAGE: frozenset(
        {
            K.CONFIGURATION,
            K.DEMO_MISSING,
            K.PROXY_ADDRESS,
            K.CA_FILE,
            K.ATTACHMENT_TOO_LARGE,
            K.ATTACHMENT_NOT_READABLE,
            K.TOO_MANY_ATTACHMENTS,
        }
    ),
    ExitCode.NOT_SIGNED_IN: frozenset(
        {
            K.NOT_SIGNED_IN,
            K.SESSION_EXPIRED,
            K.SESSION_REFUSED,
            K.ACCOUNT_CHANGED,
            K.SIGN_IN_DENIED,
            K.SIGN_IN_NOT_ENTITLED,
            K.SIGN_IN_TIMED_OUT,
            K.SIGN_IN_CANCELLED,
            K.SIGN_IN_FAILED,
            K.SIGN_IN_WINDOW_FAILED,
            K.CALLBACK_PORTS_TAKEN,
            K.BROWSER_NOT_OPENED,
            K.DEVICE_CODE_NOT_ENABLED,
            K.CODEX_LOGIN_MISSING,
            K.CODEX_LOGIN_STALE,
            K.CODEX_LOGIN_NO_CHAT,
            K.SIGN_IN_ELSEWHERE,
        }
    ),
    ExitCode.UNREACHABLE: frozenset(
        {
            K.OFFLINE,
            K.TIMED_OUT,
            K.INTERRUPTED,
            K.NOT_SECURE,
            K.UNKNOWN_AUTHORITY,
            K.PROXY,
            K.PROXY_UNREACHABLE,
            K.PROXY_STRANGE,
            K.PROXY_SIGN_IN,
            K.PORTAL,
            K.REDIRECTED,
            K.BLOCKED,
            K.FORBIDDEN,
            K.NOT_FOUND,
            K.OVERLOADED,
            K.SERVER_ERROR,
            K.ANSWER_ENDED_EARLY,
            K.ANSWER_STALLED,
        }
    ),
    ExitCode.LIMIT_REACHED: frozenset(
        {K.RATE_LIMITED, K.LIMIT_REACHED, K.SPEND_LIMIT_REACHED, K.PLAN_WITHOUT_CODEX}
    ),
    ExitCode.NOT_UNDERSTOOD: frozenset({K.NOT_UNDERSTOOD, K.TOO_LARGE}),
    ExitCode.NO_KEYRING: frozenset(
        {
            K.KEYRING_MISSING,
            K.KEYRING_LOCKED,
            K.KEYRING_FAILED,
            K.KEYRING_CHANGED,
            K.SIGN_OUT_UNFINISHED,
            K.PROXY_PASSWORD,
        }
    ),
    ExitCode.FAILED: frozenset(
        {
            K.BAD_REQUEST,
            K.CONTEXT_FULL,
            K.MESSAGE_TOO_LONG,
            K.PROMPT_REFUSED,
            K.MODEL_NOT_AVAILABLE,
            K.MODEL_TAKES_NO_IMAGES,
            K.ANSWER_CUT,
            K.SIGN_OUT_UNTOLD,
            K.INTERNAL,
        }
    ),
}
_CODE_OF_KIND = {kind: code for code, kinds in _KINDS.items() for kind in kinds}


def exit_code_of(kind: FaultKind) -> ExitCode:
    """The code of a command that ended in a fault of this kind."""
    return _CODE_OF_KIND[kind]
