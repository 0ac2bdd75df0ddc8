"""Which models there are, even in the moment in which the service's list cannot be had."""

from __future__ import annotations

from app.chat.backend import ChatBackend
from app.chat.models import FALLBACK_MODELS, WITHOUT_LIST, Model, ModelChoice, choices
from app.errors import AppError


async def known_models(
    backend: ChatBackend, identity: str, *, reload: bool = False
) -> tuple[Model, ...]:
    """The service's models, or those known by heart. Raises `AppError` where a question would
    fail as well: signed out, offline, blocked."""
    try:
        return await backend.models(identity, reload=reload)
    except AppError as error:
        if error.fault.kind not in WITHOUT_LIST:
            raise
        return FALLBACK_MODELS


async def model_choices(backend: ChatBackend, identity: str) -> tuple[ModelChoice, ...]:
    """What a person may choose from, for a picker: without a connection, too, if the list was
    had before. Else raises as `known_models` does."""
    try:
        return choices(await known_models(backend, identity))
    except AppError:
        if kept := await backend.kept_models():
            return choices(kept)
        raise
