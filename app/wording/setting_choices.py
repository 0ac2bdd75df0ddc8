"""The names of the choices that settings offer. Pure.

Keys and choices are those declared in `app.settings`; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.wording import language
from app.wording.language import phrase

Phrase = Callable[[], str]

_CHOICES: Mapping[tuple[str, str], Phrase] = {
    ("language", "system"): phrase("As the system"),
    ("colour_scheme", "system"): phrase("As the system"),
    ("colour_scheme", "light"): phrase("Light"),
    ("colour_scheme", "dark"): phrase("Dark"),
    ("contrast", "system"): phrase("As the system"),
    ("contrast", "normal"): phrase("Normal"),
    ("contrast", "high"): phrase("High"),
    ("clock", "system"): phrase("As the system"),
    ("clock", "12h"): phrase("12 hours"),
    ("clock", "24h"): phrase("24 hours"),
    ("motion", "system"): phrase("As the system"),
    ("motion", "none"): phrase("None"),
    ("icon_style", "colour"): phrase("Colour"),
    ("icon_style", "monochrome"): phrase("One colour"),
    ("icon_ground", "auto"): phrase("Automatic"),
    ("icon_ground", "light"): phrase("Light"),
    ("icon_ground", "dark"): phrase("Dark"),
    ("icon_number", "off"): phrase("None"),
    ("icon_number", "used"): phrase("Used"),
    ("icon_number", "remaining"): phrase("Left"),
    ("gauge_shows", "used"): phrase("Used"),
    ("gauge_shows", "remaining"): phrase("Left"),
    ("chat_effort", ""): phrase("Service default"),
    ("chat_effort", "none"): phrase("None"),
    ("chat_effort", "minimal"): phrase("Minimal"),
    ("chat_effort", "low"): phrase("Low"),
    ("chat_effort", "medium"): phrase("Medium"),
    ("chat_effort", "high"): phrase("High"),
    ("chat_effort", "xhigh"): phrase("Very high"),
    ("chat_effort", "max"): phrase("Maximum"),
    ("chat_effort", "ultra"): phrase("Ultra"),
    ("chat_verbosity", ""): phrase("Service default"),
    ("chat_verbosity", "low"): phrase("Short"),
    ("chat_verbosity", "medium"): phrase("Medium length"),
    ("chat_verbosity", "high"): phrase("Detailed"),
}

# Names that are the same in every language: languages in their own words, hosts, programs.
_PROPER_NAMES: Mapping[tuple[str, str], str] = {
    ("language", "en"): "English",
    ("language", "zh_CN"): "简体中文",
    ("chat_send_key", "enter"): "Enter",
    ("chat_send_key", "shift_enter"): "Shift+Enter",
    ("redirect_host", "localhost"): "localhost",
    ("redirect_host", "127.0.0.1"): "127.0.0.1",
    ("client_profile", "codex"): "Codex",
    ("client_profile", "done-hub"): "done-hub",
    ("client_identity", "tidegauge"): "Tidegauge",
    ("client_identity", "codex"): "Codex CLI",
}


def choice_label(key: str, choice: str) -> str:
    """The name of one of a setting's choices."""
    proper = _PROPER_NAMES.get((key, choice))
    return proper if proper is not None else _CHOICES[key, choice]()


def own_name() -> str:
    """The name of the language in force, as it calls itself."""
    return _PROPER_NAMES["language", language.locale()]
