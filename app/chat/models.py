"""The models the service lists: parsed, sorted, and which one to ask. Pure.

Shape of GET `codex/models`: protocol reference §6; every field but the slug is optional.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.errors import FaultKind, fail
from app.guarded_json import decode_json
from app.values import dataclass

# From least to most, as the service orders them.
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra")
_LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Effort:
    """How much reasoning; `description` is the service's own."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """One model. Empty `efforts`: not told. `replacement`: the slug that takes its place."""

    slug: str
    name: str = ""
    description: str = ""
    is_listed: bool = True
    priority: int = _LAST
    efforts: tuple[Effort, ...] = ()
    default_effort: str = ""
    takes_summary: bool = True
    takes_verbosity: bool = False
    takes_images: bool = True  # unless the service says otherwise
    context_window: int | None = None  # tokens
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model as a person chooses it, in the service's own words (untrusted: `clean` them).

    Empty `efforts`: the service has not told which there are.
    """

    slug: str
    name: str
    description: str = ""
    efforts: tuple[Effort, ...] = ()
    default_effort: str = ""
    takes_images: bool = True


# Only for the moment in which the service's own list cannot be read (client 0.169.0).
FALLBACK_MODELS = (
    Model("gpt-6.1-sol", "GPT-6.1-Sol"),
    Model("gpt-6-sol", "GPT-6-Sol"),
    Model("gpt-6-luna", "GPT-6-Luna"),
    Model("gpt-5.5", "GPT-5.5"),
)

# The list of models cannot be had, but the way to the service is open: ask all the same.
WITHOUT_LIST = frozenset(
    {
        FaultKind.BAD_REQUEST,
        FaultKind.FORBIDDEN,
        FaultKind.INTERRUPTED,
        FaultKind.NOT_FOUND,
        FaultKind.NOT_UNDERSTOOD,
        FaultKind.OVERLOADED,
        FaultKind.RATE_LIMITED,
        FaultKind.SERVER_ERROR,
        FaultKind.TIMED_OUT,
        FaultKind.TOO_LARGE,
    }
)


def parse_models(body: bytes) -> tuple[Model, ...]:
    """The models of a reply, the service's favourite first.

    An entry without a slug is left out; a field of a strange type counts as absent.
    Raises `AppError(NOT_UNDERSTOOD)` if there is no list at all.
    """
    value = decode_json(body).value
    entries = value.get("models") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise fail(FaultKind.NOT_UNDERSTOOD, "no list of models")
    found = {m.slug: m for m in map(_model, entries) if m is not None}
    return tuple(sorted(found.values(), key=lambda model: model.priority))


def listed(models: Iterable[Model]) -> tuple[Model, ...]:
    """Those a person may choose from."""
    return tuple(model for model in models if model.is_listed)


def choices(models: Iterable[Model]) -> tuple[ModelChoice, ...]:
    """The listed models as a person chooses them, the service's favourite first."""
    return tuple(
        ModelChoice(
            model.slug,
            model.name or model.slug,
            model.description,
            model.efforts,
            model.default_effort,
            model.takes_images,
        )
        for model in listed(models)
    )


def pick_model(models: Iterable[Model], wanted: str, refused: str = "") -> Model:
    """The wanted model, else the first listed one; never `refused`.

    In place of a refused one comes the one the service names for it, if that is listed. A
    wanted name that is not in the list is asked for all the same: it may be hidden.
    """
    known = tuple(models)
    if wanted and wanted != refused:
        return next((m for m in known if m.slug == wanted), Model(wanted))
    candidates = [m for m in (*listed(known), *FALLBACK_MODELS) if m.slug != refused]
    successor = next((m.replacement for m in known if m.slug == refused), "")
    return next((m for m in candidates if m.slug == successor), candidates[0])


def effort_for(model: Model, wanted: str) -> str:
    """The wanted effort if the model has it, else its nearest lower one, else its lowest; "" if
    nothing is wanted. A model that names no efforts gets the wanted one unchanged."""
    names = [effort.name for effort in model.efforts]
    if not wanted or not names or wanted in names:
        return wanted
    ranked = sorted(names, key=_rank)
    lower = [effort for effort in ranked if _rank(effort) <= _rank(wanted)]
    return lower[-1] if lower else ranked[0]


def _rank(effort: str) -> int:
    return EFFORTS.index(effort) if effort in EFFORTS else len(EFFORTS)


def _model(entry: object) -> Model | None:
    if not isinstance(entry, dict):
        return None
    slug = _text(entry, "slug")
    if not slug:
        return None
    priority, window = entry.get("priority"), entry.get("context_window")
    modalities, upgrade = entry.get("input_modalities"), entry.get("upgrade")
    return Model(
        slug,
        _text(entry, "display_name") or slug,
        _text(entry, "description"),
        is_listed=_text(entry, "visibility") in ("", "list"),
        priority=priority if type(priority) is int else _LAST,
        efforts=_efforts(entry.get("supported_reasoning_levels")),
        default_effort=_text(entry, "default_reasoning_level"),
        takes_summary=entry.get("supports_reasoning_summary_parameter") is not False,
        takes_verbosity=entry.get("support_verbosity") is True,
        takes_images=not isinstance(modalities, list) or "image" in modalities,
        context_window=window if type(window) is int and window > 0 else None,
        replacement=_text(upgrade, "model") if isinstance(upgrade, dict) else "",
    )


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _efforts(levels: object) -> tuple[Effort, ...]:
    """As objects with a description or as plain names; each name once."""
    found: dict[str, Effort] = {}
    for level in levels if isinstance(levels, list) else ():
        entry = level if isinstance(level, dict) else {"effort": level}
        if name := _text(entry, "effort"):
            found.setdefault(name, Effort(name, _text(entry, "description")))
    return tuple(found.values())
