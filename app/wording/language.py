"""The language in force: the one door through which every sentence passes.

Pure: catalogues are read elsewhere (`catalogues.py`) and handed to `use`. The other modules of
this package call `tr`, `tr_n` and `tr_c` at the moment a sentence is needed, never at import
time, so that the language can be switched while the program runs.

What they return is a pattern whose `format` sets its values in as the language in force does
(`setting_in.py`): apart from Chinese text if they are Latin, and isolated in a sentence that
runs from right to left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from gettext import NullTranslations

from app.wording.setting_in import pattern_of

SOURCE_LOCALE = "en"

# Languages whose script runs from right to left, by their ISO 639 codes.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(slots=True)
class _InForce:
    translations: NullTranslations = field(default_factory=NullTranslations)
    locale: str = SOURCE_LOCALE
    clock: str = "24h"
    pattern: Callable[[str], str] = str


_in_force = _InForce()


def use(translations: NullTranslations, locale: str, clock: str = "24h") -> None:
    """Speak through `translations` from now on; `locale` is its code ("en", "zh_CN").

    `clock` ("12h" or "24h") is what the setting "system" means on this system.
    """
    _in_force.translations = translations
    _in_force.locale = locale
    _in_force.clock = clock
    _in_force.pattern = pattern_of(locale.partition("_")[0], is_rightwards=not is_right_to_left())


def locale() -> str:
    """The code of the language in force."""
    return _in_force.locale


def is_right_to_left() -> bool:
    """Whether the language in force is written from right to left; windows mirror then."""
    return _in_force.locale.partition("_")[0] in _RIGHT_TO_LEFT


def system_clock() -> str:
    """What a clock set to "system" shows: "12h" or "24h"."""
    return _in_force.clock


def tr(message: str) -> str:
    """The sentence in the language in force; `message` is the English one, a literal."""
    return _in_force.pattern(_in_force.translations.gettext(message))


def tr_n(one: str, many: str, n: int) -> str:
    """The plural form that fits `n`; the caller fills the placeholders."""
    return _in_force.pattern(_in_force.translations.ngettext(one, many, n))


def tr_c(context: str, message: str) -> str:
    """Like `tr` for English words that mean two things; `context` says which one."""
    return _in_force.pattern(_in_force.translations.pgettext(context, message))


def phrase(message: str) -> Callable[[], str]:
    """A sentence without values, looked up anew at each call: `stop = phrase("Stop")`."""
    return lambda: tr(message)
