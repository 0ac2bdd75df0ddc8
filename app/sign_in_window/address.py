"""How an address is shown, so that nobody mistakes one host for another. Pure.

The host is shown as it travels, in ASCII: a name in another alphabet appears as punycode, so
one that only looks like a known name cannot pass for it (T-24).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """Three pieces, shown one after the other; only `host` is emphasised."""

    before: str = ""
    host: str = ""
    after: str = ""

    @property
    def whole(self) -> str:
        return f"{self.before}{self.host}{self.after}"


def shown_address(address: str) -> ShownAddress:
    """The pieces of `address`; credentials, query and fragment are left out.

    The query holds the state of the sign-in, and says nothing about where one is.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ShownAddress(before=_ascii(address))
    if not host:
        return ShownAddress(before=_ascii(f"{parts.scheme}:{parts.path}"))
    shown_port = "" if port is None else f":{port}"
    name = f"[{host}]" if ":" in host else ".".join(map(_label, host.split(".")))
    return ShownAddress(f"{parts.scheme}://", f"{name}{shown_port}", _ascii(parts.path))


def origin(address: str) -> str:
    """Scheme and host, for a sentence about an address that was not opened."""
    shown = shown_address(address)
    return f"{shown.before}{shown.host}" if shown.host else shown.before.partition(":")[0] + ":"


def _label(label: str) -> str:
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return _ascii(label)


def _ascii(text: str) -> str:
    return "".join(
        c if " " < c < "\x7f" else c.encode("unicode_escape").decode("ascii") for c in text
    )
