"""Takes secrets and identity out of text before it is written anywhere. Pure.

Three nets, each enough for most cases: the exact values of live secrets, the shapes of tokens,
and the names under which secrets travel in headers, queries, forms and JSON (T-35, T-39, T-41).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "***"
LONGEST_TEXT = 32 << 10

# Names whose value is always a secret, and names that are everyday words as well: those hide
# only values long enough to be one ("code=404" stays, a code does not).
_ALWAYS = (
    "access_token|refresh_token|id_token|token|code_verifier|code_challenge|client_secret"
    "|authorization_code|device_code|user_code|device_auth_id|api_key|password|passwd|secret"
    "|session_token|csrf_token|encrypted_content"
)
_IF_LONG = "code|state|nonce"
_NAME_STARTS = r"(?i)(?P<keep>(?:\b|(?<=%26)|(?<=%3F))"  # at a word, or inside an encoded address

_SHAPES = (
    re.compile(r"(?i)\b(?P<keep>(?:bearer|basic)\s+)[\w.~+/=%-]+"),
    re.compile(r"(?P<keep>)\beyJ[\w.-]{4,}"),  # JWT, whole or cut short
    re.compile(r"(?P<keep>)\b(?:rt|ac|sess|sk|at)[_-][\w.-]{16,}"),  # the service's own prefixes
    re.compile(r"(?im)(?P<keep>\b(?:set-cookie|cookie|(?:proxy-)?authorization)['\"]?\s*:\s*).+"),
    re.compile(r"(?P<keep>\b[A-Za-z][A-Za-z0-9+.-]{1,20}://)[^/\s@'\"]{1,512}@"),  # URL user info
)
_NAMED = tuple(
    re.compile(_NAME_STARTS + pattern)
    for names, shortest in ((_ALWAYS, 1), (_IF_LONG, 8))
    for pattern in (
        # JSON inside a JSON string: \"name\": \"value\"
        rf"(?:{names})\\+['\"]\s*:\s*\\+['\"])[^'\"\\]{{{shortest},}}",
        # JSON and Python's repr: "name": "value"
        rf"(?:{names})['\"]\s*[:=]\s*b?['\"])(?:\\.|[^'\"\\]){{{shortest},}}",
        # queries and forms, plain or percent-encoded: name=value
        rf"(?:{names})(?:=|%3D))[^&\s'\"<>#]{{{shortest},}}",
    )
)
_EMAIL = re.compile(r"[^\s@<>'\"(),:;=&\[\]{}]{1,64}(?P<at>@|%40)(?P<domain>[\w-]+(?:\.[\w-]+)+)")


def redacted(text: str, secrets: Iterable[str] = (), home: str = "") -> str:
    """`text` without `secrets`, tokens, named secrets, e-mail names and the `home` folder.

    Longer texts are cut. Times grow linearly with the length.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
        text = text.replace(quote(secret, safe=""), HIDDEN)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    for pattern in (*_SHAPES, *_NAMED):
        text = pattern.sub(_keep_name, text)
    text = _EMAIL.sub(rf"{HIDDEN}\g<at>\g<domain>", text)
    return text.replace(home, "~") if len(home) > 1 else text


def without_addresses(text: str) -> str:
    """`text` without e-mail addresses, domains and all: a domain may name a company."""
    return _EMAIL.sub(HIDDEN, text)


def _keep_name(found: re.Match[str]) -> str:
    ending = "@" if found[0].endswith("@") else ""
    return f"{found['keep']}{HIDDEN}{ending}"
