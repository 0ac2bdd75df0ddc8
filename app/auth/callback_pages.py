"""The five static pages a browser can be shown by the callback listener. Pure.

Their words come from whoever composes the program; nothing of a request is ever in them (T-08).
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from app.values import dataclass

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:18vh auto;padding:0 1.5em}"
    "h1{font-size:1.4em;font-weight:600}"
)
STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")


def page(title: str, sentence: str, language: str = "en") -> bytes:
    """One page as UTF-8 HTML; the words are plain text, `language` is a BCP 47 code."""
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(sentence)}</p></body></html>\n"
    ).encode()


@dataclass(frozen=True, slots=True)
class Pages:
    """The bodies, ready to send."""

    success: bytes
    failed: bytes
    denied: bytes
    wrong_request: bytes
    already_answered: bytes


PLAIN_PAGES = Pages(
    success=page("Signed in", "You can close this page."),
    failed=page("Sign-in did not succeed", "You can close this page."),
    denied=page("Sign-in was refused", "You can close this page."),
    wrong_request=page("Not part of the sign-in", "Nothing was changed."),
    already_answered=page("Already received", "You can close this page."),
)
