"""The model catalogue, after the one built into the official client 0.169.0."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

EFFORTS = ("low", "medium", "high", "xhigh", "max", "ultra")
_FAST = {"id": "priority", "name": "Fast", "description": "1.5x speed, increased usage"}


class _Row(NamedTuple):
    slug: str
    name: str
    visibility: str
    priority: int
    effort: str
    efforts: int
    client_version: str
    upgrade: str | None = None


_ROWS = (
    _Row("gpt-6-astra", "GPT-6-Astra", "list", 2, "low", 6, "0.153.0"),
    _Row("gpt-6.1-sol", "GPT-6.1-Sol", "list", 1, "low", 6, "0.153.0"),
    _Row("gpt-6.1-terra", "GPT-6.1 Terra", "list", 7, "low", 6, "0.153.0"),
    _Row("gpt-6-sol", "GPT-6-Sol", "list", 3, "medium", 6, "0.155.0"),
    _Row("gpt-6-luna", "GPT-6-Luna", "list", 4, "medium", 5, "0.155.0"),
    _Row("gpt-5.6-sol", "GPT-5.6-Sol", "list", 5, "low", 6, "0.144.0", "gpt-6-sol"),
    _Row("gpt-5.6-terra", "GPT-5.6-Terra", "list", 8, "medium", 6, "0.144.0", "gpt-6-sol"),
    _Row("gpt-5.6-luna", "GPT-5.6-Luna", "list", 9, "medium", 5, "0.144.0", "gpt-6-luna"),
    _Row("gpt-daybreak-blue-latest", "Daybreak Blue", "hide", 11, "low", 6, "0.142.2"),
    _Row("gpt-daybreak-red-latest", "Daybreak Red", "hide", 12, "medium", 6, "0.142.2"),
    _Row("gpt-5.5", "GPT-5.5", "list", 13, "medium", 4, "0.124.0", "gpt-6-sol"),
    _Row("codex-auto-review", "Codex Auto Review", "hide", 43, "medium", 5, "0.98.0"),
)
_HIDDEN_BELOW = (0, 155, 0)
_HIDDEN = frozenset({"gpt-6-sol", "gpt-6-luna"})  # what a too old client does not get to see


def _entry(row: _Row) -> dict[str, object]:
    is_classic = row.slug == "gpt-5.5"
    return {
        "slug": row.slug,
        "display_name": row.name,
        "description": f"{row.name}, as the simulator plays it.",
        "visibility": row.visibility,
        "supported_in_api": True,
        "priority": row.priority,
        "default_reasoning_level": row.effort,
        "supported_reasoning_levels": [
            {"effort": level, "description": level} for level in EFFORTS[: row.efforts]
        ],
        "context_window": 500_000 if row.slug == "gpt-6.1-terra" else 272_000,
        "max_context_window": 272_000 if is_classic else 872_000,
        "default_service_tier": "priority" if row.slug in _HIDDEN else None,
        "service_tiers": [_FAST] if row.visibility == "list" else [],
        "input_modalities": ["text", "image"],
        "support_verbosity": True,
        "default_verbosity": "low",
        "supports_reasoning_summary_parameter": True,
        "supports_parallel_tool_calls": is_classic,
        "minimal_client_version": row.client_version,
        "use_responses_lite": not is_classic,
        "upgrade": {"model": row.upgrade} if row.upgrade else None,
    }


MODELS: dict[str, dict[str, object]] = {row.slug: _entry(row) for row in _ROWS}


def catalogue(client_version: str) -> bytes:
    """The reply of GET `codex/models` for that client. `ValueError` if it is no version."""
    numbers = tuple(int(part) for part in client_version.split("."))
    if len(numbers) != 3:
        message = "three numbers make a version"
        raise ValueError(message)
    is_old = numbers < _HIDDEN_BELOW
    models = [entry for slug, entry in MODELS.items() if not (is_old and slug in _HIDDEN)]
    return json.dumps({"models": models}, separators=(",", ":")).encode()


def etag(body: bytes) -> str:
    """A weak validator, as the service's gateway makes them."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


def efforts_of(slug: str) -> tuple[str, ...]:
    """The reasoning efforts a model takes; empty for an unknown one."""
    levels = MODELS.get(slug, {}).get("supported_reasoning_levels")
    return tuple(level["effort"] for level in levels) if isinstance(levels, list) else ()
