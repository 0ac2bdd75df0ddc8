"""A list of models as a file keeps it, so that a start without a connection has one. Pure.

The file has the service's own shape, so that one parser reads both; of each model it has what
`models` reads, not the instructions that make the reply large.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from app.chat.models import Model, parse_models
from app.errors import AppError
from app.guarded_json import decode_json
from app.values import dataclass

LARGEST_FILE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class KeptModels:
    """The list, the service's mark of it, and when it was read (aware; None: to be read anew)."""

    models: tuple[Model, ...]
    etag: str = ""
    read_at: datetime | None = None


def content_of(kept: KeptModels, version: str) -> bytes:
    """The file's content; `version`: as which client the list was asked for."""
    read_at = kept.read_at.isoformat() if kept.read_at is not None else None
    told = {"client_version": version, "etag": kept.etag, "read_at": read_at}
    return json.dumps({**told, "models": [_entry(model) for model in kept.models]}).encode()


def kept_from(content: bytes, version: str) -> KeptModels | None:
    """What a file holds; None if that is no list. One that another version asked for counts,
    until the service is asked again."""
    try:
        models = parse_models(content)
        value = decode_json(content).value
    except AppError:
        return None
    assert isinstance(value, dict)  # noqa: S101 - the parser has seen its list
    if not models:
        return None
    if value.get("client_version") != version:
        return KeptModels(models)
    etag = value.get("etag")
    return KeptModels(models, etag if isinstance(etag, str) else "", _moment(value.get("read_at")))


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _entry(model: Model) -> dict[str, Any]:
    levels = [{"effort": one.name, "description": one.description} for one in model.efforts]
    return {
        "slug": model.slug,
        "display_name": model.name,
        "description": model.description,
        "visibility": "list" if model.is_listed else "hide",
        "priority": model.priority,
        "supported_reasoning_levels": levels,
        "default_reasoning_level": model.default_effort,
        "supports_reasoning_summary_parameter": model.takes_summary,
        "support_verbosity": model.takes_verbosity,
        "input_modalities": ["text", "image"] if model.takes_images else ["text"],
        "context_window": model.context_window,
        "upgrade": {"model": model.replacement},
    }
