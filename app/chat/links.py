"""What a link in an answer leads to, in terms a person can judge. Pure.

The text of a link is the model's word; only the decoded host says where it goes (T-53).
"""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

from app.values import dataclass

MAX_ADDRESS_CHARS = 2_048
_WEB_SCHEMES = ("http", "https")
# Endings by which a word is taken for a host and not for a file or a name in code.
_HOST_ENDINGS = frozenset(
    {
        *("ai", "app", "au", "bank", "br", "ca", "ch", "cn", "co", "com", "de", "dev", "edu"),
        *("eu", "fr", "gov", "io", "jp", "mil", "net", "nl", "org", "ru", "uk", "us"),
    }
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be offered. `host` is the decoded one, or the mail address.

    `host_in_ascii` differs from `host` for an internationalised name, whose letters may look
    like others. `names_other_host`: the visible text shows another host than the address.
    """

    address: str
    host: str
    host_in_ascii: str
    is_mail: bool = False
    is_encrypted: bool = True
    names_other_host: bool = False


def read_link(address: str, shown: str = "") -> Link | None:
    """The link behind `address`, or None if it must stay plain text.

    Only http, https and mailto are offered, without user names, controls or blanks in them,
    up to `MAX_ADDRESS_CHARS` characters.
    """
    if len(address) > MAX_ADDRESS_CHARS or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return _mail(address, parts)
    host = _host(parts)
    if parts.scheme not in _WEB_SCHEMES or not host or "@" in parts.netloc or "\\" in address:
        return None
    suffix = f":{port}" if port else ""
    return Link(
        address,
        _decoded(host) + suffix,
        _encoded(host) + suffix,
        is_encrypted=parts.scheme == "https",
        names_other_host=_names_other_host(shown, host),
    )


def _mail(address: str, parts: SplitResult) -> Link | None:
    recipient = unquote(parts.path)
    if "@" not in recipient or not recipient.isprintable() or parts.query or parts.fragment:
        return None  # a query could fill in a message nobody wrote
    return Link(address, recipient, recipient, is_mail=True)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    return "" if "%" in host else host


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _encoded(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _names_other_host(shown: str, host: str) -> bool:
    """True if the visible text itself reads as an address, and its host is another one."""
    text = shown.strip().lower()
    if not text or " " in text or "." not in text:
        return False
    try:
        named = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return True
    looks_like_a_name = "://" in text or text.startswith("www.") or "/" in text
    named, host = named.removeprefix("www."), _decoded(host).removeprefix("www.")
    if looks_like_a_name:
        return named != host
    ending = named.rpartition(".")[2]
    return named != host and (ending in _HOST_ENDINGS or ending == host.rpartition(".")[2])
