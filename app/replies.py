"""What an HTTP reply's status, headers and error body mean, for every client alike. Pure.

The usage client takes the verdict as it is; `chat.responses` refines it with the codes of its
own error bodies. Header names are lower case and repeated headers are joined by ", ", as
`transport.Reply` gives them.
"""

from __future__ import annotations

import ipaddress
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from app.errors import AppError, Fault, FaultKind
from app.guarded_json import decode_json

RETRY_AFTER_FLOOR_S = 1.0
RETRY_AFTER_CEILING_S = 6 * 3600.0
MESSAGE_LIMIT = 300
_NUMBER = re.compile(r"\d{1,30}(?:\.\d{0,30})?(?:[eE]\+?\d{1,3})?")
_DAY_NAME = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?", re.I)
_PORTAL_WORD = re.compile(r"captive|portal|hotspot|wi-?fi|wlan", re.IGNORECASE)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KIND_OF_STATUS: Mapping[int, FaultKind] = {
    401: FaultKind.SESSION_REFUSED,
    402: FaultKind.FORBIDDEN,
    403: FaultKind.FORBIDDEN,
    404: FaultKind.NOT_FOUND,
    407: FaultKind.PROXY_SIGN_IN,
    408: FaultKind.TIMED_OUT,
    409: FaultKind.SERVER_ERROR,
    410: FaultKind.NOT_FOUND,
    421: FaultKind.SERVER_ERROR,
    425: FaultKind.SERVER_ERROR,
    429: FaultKind.RATE_LIMITED,
    511: FaultKind.PORTAL,
}


def fault_from_status(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Fault:
    """The fault that a reply which cannot be used stands for (rows F-H01…F-H18, F-N15, F-N23).

    Total over every status, 200 included (there the body was the problem). `now` is aware and
    only used where the reply has no `Date`. Carries the service's own message, sanitised, and
    `retry_after_s` for 429 and 5xx. 413, 414 and 431 are BAD_REQUEST; who sent a long message
    knows better and says so.
    """
    kind = _kind(status, headers, body)
    may_wait = status == 429 or 500 <= status <= 599
    return Fault(
        kind,
        _detail(status, headers),
        "" if is_html(headers, body) else error_message(body),
        status=status,
        retry_after_s=retry_after_s(headers, now) if may_wait else None,
    )


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the server asks to wait, rounded up, within 1 s…6 h; None if it does not say.

    F-H14, F-H15: garbage and negative numbers count as absent, of several values the largest
    holds, a date is measured against the reply's own `Date`, not against our clock.
    """
    reference = http_date(headers.get("date", "")) or now
    wishes = [
        wish
        for part in _parts(headers.get("retry-after", ""))
        if (wish := _wish(part, reference)) is not None
    ]
    if not wishes:
        return None
    return min(RETRY_AFTER_CEILING_S, max(RETRY_AFTER_FLOOR_S, math.ceil(max(wishes))))


def is_html(headers: Mapping[str, str], body: bytes) -> bool:
    """True for a web page, whatever the content type says; JSON mislabelled as HTML is none."""
    start = body[:256].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        return True
    return "html" in headers.get("content-type", "").lower() and start not in (b"{", b"[")


def sanitise(text: str, limit: int) -> str:
    """`text` as one short harmless line: no control, bidi or invisible characters (T-54).

    Whitespace collapses to single blanks; a text longer than `limit` ends in "…".
    """
    kept = "".join(_harmless(text[: limit * 16]))
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def error_message(body: bytes) -> str:
    """What the service says in an error body, sanitised, or "".

    Seen shapes: `{"error": {"message"}}`, `{"error": "…", "error_description"}`,
    `{"detail": "…"}`, `{"detail": [{"msg"}]}`, `{"message"}`.
    """
    try:
        value = decode_json(body).value
    except AppError:
        return ""
    if not isinstance(value, dict):
        return ""
    error, detail = value.get("error"), value.get("detail")
    candidates = [error.get("message")] if isinstance(error, dict) else []
    candidates += [value.get("error_description"), detail, value.get("message"), error]
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        candidates.insert(0, detail[0].get("msg"))
    said = next((c for c in candidates if isinstance(c, str) and c.strip()), "")
    return sanitise(said, MESSAGE_LIMIT)


def _kind(status: int, headers: Mapping[str, str], body: bytes) -> FaultKind:
    html = is_html(headers, body)
    if status in (402, 403) and (html or "cf-mitigated" in headers):
        return FaultKind.BLOCKED
    if status == 200 and html and "cf-ray" not in headers:
        return FaultKind.PORTAL  # the service's own pages come through its gateway
    if status in _REDIRECTS:
        return _redirect_kind(headers.get("location", ""))
    if status in _KIND_OF_STATUS:
        return _KIND_OF_STATUS[status]
    if 400 <= status <= 499:
        return FaultKind.BAD_REQUEST
    if 500 <= status <= 599:
        return FaultKind.SERVER_ERROR
    if 200 <= status <= 399:
        return FaultKind.NOT_UNDERSTOOD
    return FaultKind.INTERRUPTED  # not HTTP as anybody speaks it (F-H18)


def _redirect_kind(location: str) -> FaultKind:
    """PORTAL if the target looks like one of a network, else REDIRECTED (F-N15, F-N19)."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        return FaultKind.REDIRECTED
    if _PORTAL_WORD.search(location):
        return FaultKind.PORTAL
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return FaultKind.REDIRECTED
    is_local = address.is_private and not address.is_loopback
    return FaultKind.PORTAL if is_local else FaultKind.REDIRECTED


def _detail(status: int, headers: Mapping[str, str]) -> str:
    ray = sanitise(headers.get("cf-ray", ""), 60)
    return f"HTTP {status}, cf-ray {ray}" if ray else f"HTTP {status}"


def _parts(value: str) -> Iterator[str]:
    """The comma-separated values of a header; the comma inside a date does not separate."""
    day = ""
    for raw in value[:1000].split(","):
        part = raw.strip()
        if _DAY_NAME.fullmatch(part):
            day = part
            continue
        yield f"{day}, {part}" if day else part
        day = ""


def _wish(part: str, reference: datetime) -> float | None:
    if _NUMBER.fullmatch(part):
        return min(float(part), RETRY_AFTER_CEILING_S)
    moment = http_date(part)
    return None if moment is None else (moment - reference).total_seconds()


def http_date(text: str) -> datetime | None:
    """An HTTP date as aware UTC; a date without a zone is taken as UTC."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _harmless(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if character.isspace() or category in ("Zl", "Zp"):
            yield " "
        elif category not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            yield character
