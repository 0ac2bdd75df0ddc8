"""A saved diagnosis, read back with suspicion. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.alerts.looks import Look
from app.diagnosis.document import FORMAT
from app.diagnosis.readings import MOST, look_from_json
from app.settings import Settings, from_mapping
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Saved:
    """What of a diagnosis the rules need."""

    settings: Settings
    looks: tuple[Look, ...]


def saved_diagnosis(document: object) -> Saved:
    """The readings and settings in `document`. Raises `ValueError` if it is no diagnosis."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("no diagnosis")
    readings = document.get("readings")
    if not isinstance(readings, list) or len(readings) > MOST:
        raise ValueError("no readings")
    changed = document.get("settings_changed")
    values: Mapping[str, Any] = changed if isinstance(changed, dict) else {}
    return Saved(from_mapping(values)[0], tuple(look_from_json(one) for one in readings))
