"""What the service accepts as a chat request. Everything else gets the refusal seen live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.simulator.models import MODELS, efforts_of

PARAMETERS = frozenset(
    {
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
        "stream_options",
        "client_metadata",
        "access_programs",
    }
)
LITE_HEADER = "x-openai-internal-codex-responses-lite"
_PARTS = {
    "user": ("input_text", "input_image"),
    "developer": ("input_text", "input_image"),
    "assistant": ("output_text", "refusal"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status and its body."""

    status: int
    body: Mapping[str, object]


def refuse_headers(headers: Mapping[str, str]) -> Refusal | None:
    """Accept and content type; names in lower case."""
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return _detail(415, "Content-Type must be application/json")
    if headers.get("content-encoding", "identity") != "identity":
        return _detail(415, "The simulator reads plain JSON only")
    if headers.get("accept", "") != "text/event-stream":
        return _detail(406, "Accept must be text/event-stream")
    return None


def refuse_body(body: object, *, is_lite: bool) -> Refusal | None:
    """None for a body the service would answer. Order of the checks is not the service's."""
    if not isinstance(body, dict):
        return _detail(400, "Request body must be a JSON object")
    for name in body:
        if name not in PARAMETERS:
            return _detail(400, f"Unsupported parameter: {name}")
    if body.get("store") is not False:
        return _detail(400, "Store must be set to false")
    if body.get("stream") is not True:
        return _detail(400, "Stream must be set to true")
    if not is_lite and not isinstance(body.get("instructions"), str):
        return _detail(400, "Instructions are required")
    if body.get("model") not in MODELS:
        model = str(body.get("model"))
        return _detail(
            400, f"The '{model}' model is not supported when using Codex with a ChatGPT account."
        )
    return _refuse_reasoning(body) or _refuse_input(body.get("input"))


def question_of(body: Mapping[str, object]) -> str:
    """The text of the last user message."""
    items = body.get("input")
    for item in reversed(items if isinstance(items, list) else []):
        if isinstance(item, dict) and item.get("role") == "user":
            content = item.get("content")
            if isinstance(content, str):
                return content
            parts = content if isinstance(content, list) else []
            return "\n".join(str(part.get("text", "")) for part in parts)
    return ""


def _refuse_reasoning(body: Mapping[str, object]) -> Refusal | None:
    reasoning = body.get("reasoning")
    if reasoning is None:
        return None
    if not isinstance(reasoning, dict):
        return _invalid("reasoning", "Invalid type for 'reasoning': expected an object.")
    effort = reasoning.get("effort")
    efforts = efforts_of(str(body.get("model")))
    if effort is not None and effort not in efforts:
        known = ", ".join(f"'{known}'" for known in efforts)
        return _invalid(
            "reasoning.effort",
            f"Unsupported value: '{effort}' is not supported with the '{body.get('model')}' "
            f"model. Supported values are: {known}.",
        )
    return None


def _refuse_input(items: object) -> Refusal | None:
    if not isinstance(items, list):
        return _detail(400, "Input must be a list")
    for index, item in enumerate(items):
        refusal = _refuse_item(item, f"input[{index}]")
        if refusal is not None:
            return refusal
    return None


def _refuse_item(item: object, where: str) -> Refusal | None:
    if not isinstance(item, dict):
        return _invalid(where, f"Invalid type for '{where}': expected an object.")
    if item.get("role") == "system":
        return _detail(400, "System messages are not allowed")
    if item.get("type") == "reasoning" and not item.get("encrypted_content"):
        return _invalid(where, "Items are not persisted when `store` is set to false.")
    if item.get("type", "message") != "message":
        return None
    allowed = _PARTS.get(str(item.get("role")))
    if allowed is None:
        return _invalid(f"{where}.role", f"Invalid value: '{item.get('role')}'.")
    content = item.get("content")
    if isinstance(content, str):
        return None
    if not isinstance(content, list) or not content:
        return _invalid(f"{where}.content", f"Missing required parameter: '{where}.content'.")
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in allowed:
            known = " and ".join(f"'{known}'" for known in allowed)
            return _invalid(
                f"{where}.content", f"Invalid value: '{kind}'. Supported values are: {known}."
            )
    return None


def _detail(status: int, text: str) -> Refusal:
    return Refusal(status, {"detail": text})


def _invalid(parameter: str, message: str) -> Refusal:
    error = {
        "message": message,
        "type": "invalid_request_error",
        "param": parameter,
        "code": "invalid_value",
    }
    return Refusal(400, {"error": error})
