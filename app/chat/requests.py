"""The request for an answer: body and headers of POST `codex/responses`. Pure.

The body is built from named fields only, then passes two steps that stay apart on purpose:
`convert_request` is the four conversion rules of the API notes, word for word;
`only_accepted` drops what today's backend refuses with "Unsupported parameter".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from app import COMMAND, VERSION
from app.chat.attachments import Attachment
from app.chat.backend import AnswerRequest
from app.chat.models import Model

CLIENT_VERSION = "0.169.0"  # the list of models and the models themselves are gated by it
DEFAULT_INSTRUCTIONS = "You are a helpful assistant. Answer in Markdown."
CODEX_ORIGINATOR = "codex_cli_rs"

# What the backend takes (official client 0.169.0 and the list of refusals seen since):
# temperature, top_p, max_output_tokens, metadata, user, truncation … are answered with 400.
_ACCEPTED = (
    "model",
    "instructions",
    "input",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning",
    "store",
    "stream",
    "include",
    "service_tier",
    "prompt_cache_key",
    "text",
    "client_metadata",
)


def request_body(asked: AnswerRequest, tools: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The body that asks a question, ready to be encoded.

    Earlier turns are sent again as messages, because the service stores nothing; one without
    an answer is left out with its question. What the model does not take (a summary, a
    verbosity) is not sent, what is not chosen neither. `instructions` never ends up empty: the
    backend has refused that. A conversation needs no `tools`; a caller that does gives them.
    """
    body: dict[str, Any] = {
        "model": asked.model.slug,
        "instructions": asked.instructions.strip() or DEFAULT_INSTRUCTIONS,
        "input": [*_history(asked), _asked(asked.question, asked.attachments, asked.model)],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "store": False,
        "stream": True,
        "include": ["reasoning.encrypted_content"],
        "prompt_cache_key": asked.conversation_id,
    }
    reasoning = {
        "effort": "max" if asked.effort == "ultra" else asked.effort,
        "summary": "auto" if asked.model.takes_summary else "",
    }
    if said := {name: value for name, value in reasoning.items() if value}:
        body["reasoning"] = said
    if asked.verbosity and asked.model.takes_verbosity:
        body["text"] = {"verbosity": asked.verbosity}
    if given := [dict(tool) for tool in tools]:
        body["tools"] = given
    return only_accepted(convert_request(body))


def convert_request(body: Mapping[str, Any]) -> dict[str, Any]:
    """The four conversion rules of the API notes, literally.

    1. A model name that begins with `gpt-5-` becomes `gpt-5`; every other name stays.
    2. `store` is forced to false. 3. `stream` is forced to true.
    4. If both `temperature` and `top_p` are there, `top_p` is removed.
    """
    converted = dict(body)
    if str(converted.get("model", "")).startswith("gpt-5-"):
        converted["model"] = "gpt-5"
    converted["store"] = False
    converted["stream"] = True
    if "temperature" in converted and "top_p" in converted:
        del converted["top_p"]
    return converted


def only_accepted(body: Mapping[str, Any]) -> dict[str, Any]:
    """`body` without the parameters this backend refuses, in the order it documents them."""
    return {name: body[name] for name in _ACCEPTED if name in body}


def encode_body(body: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON. Half surrogate pairs, which no encoding can carry, become U+FFFD."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def request_headers(conversation_id: str, *, identity: str, platform: str) -> dict[str, str]:
    """Headers of the request, authorization and account apart.

    The notes' names (`session_id`, `conversation_id`) go beside today's (`session-id`,
    `thread-id`, `x-client-request-id`): each is ignored where the other is known.
    `identity` is the setting `client_identity`; `platform` reads like "Debian 12; x86_64".
    """
    return {
        "Content-Type": "application/json",
        "Accept": "text/event-stream",
        **identity_headers(identity, platform),
        "session_id": conversation_id,
        "conversation_id": conversation_id,
        "session-id": conversation_id,
        "thread-id": conversation_id,
        "x-client-request-id": conversation_id,
    }


def identity_headers(identity: str, platform: str) -> dict[str, str]:
    """Who asks: our own name, or the one of the API notes if the setting says "codex"."""
    is_codex = identity == "codex"
    name = f"{CODEX_ORIGINATOR}/{CLIENT_VERSION}" if is_codex else f"{COMMAND}/{VERSION}"
    return {
        "originator": CODEX_ORIGINATOR if is_codex else COMMAND,
        "User-Agent": f"{name} ({platform})" if platform else name,
        "version": CLIENT_VERSION,
    }


def _history(asked: AnswerRequest) -> list[dict[str, Any]]:
    items = []
    if asked.environment:
        wrapped = f"<environment_context>{asked.environment}</environment_context>"
        items.append(_message("user", wrapped))
    for turn in asked.earlier:
        if turn.answer:
            question = _asked(turn.question, turn.attachments, asked.model)
            items += [question, _message("assistant", turn.answer)]
    return items


def _message(role: str, text: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


def _asked(question: str, attachments: Iterable[Attachment], model: Model) -> dict[str, Any]:
    """The question's message: its files first, so that the question has the last word."""
    message = _message("user", question)
    files = [_file_part(one, takes_images=model.takes_images) for one in attachments]
    message["content"] = [*files, *message["content"]]
    return message


def _file_part(attachment: Attachment, *, takes_images: bool) -> dict[str, str]:
    """A picture as a data URL, a text below a line with its name.

    Of a picture that another model was shown, one that takes none is told the name.
    """
    if attachment.data is not None:
        if not takes_images:
            return {"type": "input_text", "text": f"[picture not sent: {attachment.name}]"}
        encoded = base64.b64encode(attachment.data).decode("ascii")
        url = f"data:{attachment.media_type};base64,{encoded}"
        return {"type": "input_image", "image_url": url}
    return {"type": "input_text", "text": f"File: {attachment.name}\n\n{attachment.text}"}
