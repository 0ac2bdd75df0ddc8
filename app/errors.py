"""What can go wrong, as values: one exception, one closed list of kinds.

Boundaries (HTTP, keyring, callback listener, stream) turn foreign exceptions into
`AppError`; `wording.faults` turns a `Fault` into words; nobody in between interprets text.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.values import dataclass


class FaultKind(StrEnum):
    """Every distinct situation a user can be told about."""

    # signing in and tokens
    NOT_SIGNED_IN = "not_signed_in"
    SESSION_EXPIRED = "session_expired"  # the refresh token is refused for good: sign in again
    SESSION_REFUSED = "session_refused"  # 401 although the token was just refreshed
    ACCOUNT_CHANGED = "account_changed"  # a reply speaks of another account
    SIGN_IN_DENIED = "sign_in_denied"
    SIGN_IN_NOT_ENTITLED = "sign_in_not_entitled"
    SIGN_IN_TIMED_OUT = "sign_in_timed_out"
    SIGN_IN_CANCELLED = "sign_in_cancelled"
    SIGN_IN_FAILED = "sign_in_failed"  # the authorization server's reply is unusable
    SIGN_IN_WINDOW_FAILED = "sign_in_window_failed"
    CALLBACK_PORTS_TAKEN = "callback_ports_taken"
    BROWSER_NOT_OPENED = "browser_not_opened"
    CODEX_LOGIN_MISSING = "codex_login_missing"
    CODEX_LOGIN_STALE = "codex_login_stale"  # only the Codex CLI itself can renew it
    CODEX_LOGIN_NO_CHAT = "codex_login_no_chat"  # it is lent for the numbers only
    SIGN_IN_ELSEWHERE = "sign_in_elsewhere"  # another window or terminal has the turn
    SIGN_OUT_UNTOLD = "sign_out_untold"  # signed out here; the service could not be told
    SIGN_OUT_UNFINISHED = "sign_out_unfinished"  # the keyring keeps entries of an account that left
    DEVICE_CODE_NOT_ENABLED = "device_code_not_enabled"  # the account or workspace forbids it
    KEYRING_MISSING = "keyring_missing"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_FAILED = "keyring_failed"
    KEYRING_CHANGED = "keyring_changed"  # another keyring answers than the one that was written to
    # the way to the service
    OFFLINE = "offline"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"  # the connection ended inside a reply
    NOT_SECURE = "not_secure"
    UNKNOWN_AUTHORITY = "unknown_authority"  # nobody this computer trusts vouches for the host
    CA_FILE = "ca_file"  # the file with certificates that the settings name cannot be used
    PROXY = "proxy"  # it refuses to let this request through
    PROXY_ADDRESS = "proxy_address"  # it cannot be read
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_STRANGE = "proxy_strange"  # what answers is no proxy, or one of another kind
    PROXY_SIGN_IN = "proxy_sign_in"  # it wants a user and a password, or others
    PROXY_PASSWORD = "proxy_password"  # noqa: S105 - the keyring does not give it out
    PORTAL = "portal"  # a captive portal answered instead
    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"  # 403 from a gateway (Cloudflare), not from the service
    # what the service said
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    BAD_REQUEST = "bad_request"
    RATE_LIMITED = "rate_limited"
    LIMIT_REACHED = "limit_reached"
    PLAN_WITHOUT_CODEX = "plan_without_codex"
    SPEND_LIMIT_REACHED = "spend_limit_reached"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    NOT_UNDERSTOOD = "not_understood"
    # one answer
    CONTEXT_FULL = "context_full"
    MESSAGE_TOO_LONG = "message_too_long"
    PROMPT_REFUSED = "prompt_refused"
    MODEL_NOT_AVAILABLE = "model_not_available"
    MODEL_TAKES_NO_IMAGES = "model_takes_no_images"
    ATTACHMENT_TOO_LARGE = "attachment_too_large"
    ATTACHMENT_NOT_READABLE = "attachment_not_readable"  # neither text nor a picture
    TOO_MANY_ATTACHMENTS = "too_many_attachments"
    ANSWER_CUT = "answer_cut"  # the service stopped the answer (length, filter)
    ANSWER_ENDED_EARLY = "answer_ended_early"
    ANSWER_STALLED = "answer_stalled"
    # ourselves
    CONFIGURATION = "configuration"
    DEMO_MISSING = "demo_missing"  # this installation has no stand-in service
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong.

    `detail` is short technical text, already free of secrets and control characters; it may
    be shown under "details" but never carries the message. `message` is what the service
    itself said, sanitised. `retry_after_s` is the server's own wish in seconds.
    """

    kind: FaultKind
    detail: str = ""
    message: str = ""
    status: int | None = None
    host: str = ""
    retry_after_s: float | None = None
    resets_at: datetime | None = None
    plan: str = ""
    limit: str = ""  # the reached limit's name, if it is not the plan's own

    @property
    def is_transient(self) -> bool:
        """True if the same request may succeed later without anybody doing anything."""
        return self.kind in _TRANSIENT

    @property
    def is_unsent(self) -> bool:
        """True if nothing of the request can have reached the service."""
        return self.kind in _UNSENT


_TRANSIENT = frozenset(
    {
        FaultKind.OFFLINE,
        FaultKind.TIMED_OUT,
        FaultKind.INTERRUPTED,
        FaultKind.PORTAL,
        FaultKind.RATE_LIMITED,
        FaultKind.OVERLOADED,
        FaultKind.SERVER_ERROR,
        FaultKind.ANSWER_ENDED_EARLY,
        FaultKind.ANSWER_STALLED,
    }
)


_UNSENT = frozenset(
    {
        FaultKind.OFFLINE,
        FaultKind.UNKNOWN_AUTHORITY,
        FaultKind.CA_FILE,
        FaultKind.PROXY,
        FaultKind.PROXY_ADDRESS,
        FaultKind.PROXY_UNREACHABLE,
        FaultKind.PROXY_STRANGE,
        FaultKind.PROXY_SIGN_IN,
        FaultKind.PROXY_PASSWORD,
    }
)


class AppError(Exception):
    """The only exception that crosses a module boundary on purpose."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind}: {fault.detail}" if fault.detail else str(fault.kind))
        self.fault = fault


def fail(kind: FaultKind, detail: str = "", **fields: object) -> AppError:
    """An `AppError` of `kind`, to be raised: `raise fail(FaultKind.OFFLINE, "…")`."""
    return AppError(Fault(kind, detail, **fields))  # type: ignore[arg-type]
