"""What a second start says to the running program, and the answer: one line of JSON each. Pure.

A message is a verb and, on Wayland, the token with which the desktop lets a window come to the
front. Nothing in it names a file, an address or code (T-45).
"""

from __future__ import annotations

import json
import re
from enum import StrEnum

from app.errors import AppError
from app.guarded_json import decode_json
from app.values import dataclass

PROTOCOL = 1
LINE_LIMIT = 4096  # bytes, the line end included
_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")


class Verb(StrEnum):
    """Everything that can be asked of a running program."""

    SHOW = "show"
    TOGGLE = "toggle"
    CHAT = "chat"
    POLL = "poll"
    QUIT = "quit"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Message:
    """`is_forced`: QUIT is done even if something is lost by it."""

    verb: Verb
    activation_token: str = ""
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`asks`: the person is asked first, at the running program's own window."""

    version: str
    asks: bool = False


def to_line(message: Message) -> bytes:
    """`message` as the line that `read_line` takes."""
    value: dict[str, object] = {"v": PROTOCOL, "verb": message.verb}
    if message.is_forced:
        value["force"] = True
    if _TOKEN.fullmatch(message.activation_token):
        value["activation_token"] = message.activation_token
    return json.dumps(value).encode("ascii") + b"\n"


def read_line(line: bytes) -> Message | None:
    """The message in `line`; None for what no second start of this program wrote."""
    if len(line) > LINE_LIMIT or not line.endswith(b"\n"):
        return None
    value = _mapping(line)
    if value.get("v") != PROTOCOL:
        return None
    verbs = {str(verb): verb for verb in Verb}
    verb = verbs.get(str(value.get("verb")))
    token = value.get("activation_token", "")
    if verb is None or not isinstance(token, str) or (token and not _TOKEN.fullmatch(token)):
        return None
    return Message(verb, token, value.get("force") is True)


def answer_line(answer: Answer) -> bytes:
    """What the running program says to a message it takes."""
    value = {"v": PROTOCOL, "ok": True, "version": answer.version, "asks": answer.asks}
    return json.dumps(value).encode("ascii") + b"\n"


def read_answer(line: bytes) -> Answer | None:
    """What the program said that took the message; None if the line does not say that it did."""
    value = _mapping(line)
    version = value.get("version")
    if value.get("ok") is not True or not isinstance(version, str) or not version:
        return None
    return Answer(version, value.get("asks") is True)


def _mapping(line: bytes) -> dict[str, object]:
    try:
        value = decode_json(line).value
    except AppError:
        return {}
    return value if isinstance(value, dict) else {}
