"""Which language to speak, and its catalogue read from `resources/translations`.

The catalogues are the `.po` files themselves, compiled in memory: what a translator edits is
what runs. English is the language of the sources and needs no file.
"""

from __future__ import annotations

import gettext
import io
import logging
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from app.assets import resource
from app.wording import language
from app.wording.language import SOURCE_LOCALE

LOCALES = (SOURCE_LOCALE, "zh_CN")

_LOG = logging.getLogger(__name__)

# Territories whose people commonly read a 12-hour clock, by their ISO 3166 codes.
_TWELVE_HOURS = frozenset(
    {"AU", "BD", "CA", "CO", "EG", "HK", "IN", "JO", "KR", "MX"}
    | {"MY", "NZ", "PH", "PK", "SA", "SG", "TW", "US", "VE", "ZA"}
)


def activate(
    setting: str,
    environment: Mapping[str, str],
    system_locales: Sequence[str] = (),
    *,
    clock: str = "system",
) -> None:
    """Speak the language of the setting from now on; arguments as for `choose_locale`.

    `clock` other than "system" is what times are written in where nobody says otherwise.
    """
    locale = choose_locale(setting, environment, system_locales)
    if clock == "system":
        clock = system_clock(environment, system_locales)
    language.use(load_catalogue(locale), locale, clock)


def choose_locale(
    setting: str, environment: Mapping[str, str], system_locales: Sequence[str] = ()
) -> str:
    """The code of the language to speak: one of `LOCALES`.

    `setting` "system" takes the first language we have from `LANGUAGE`, `LC_ALL`,
    `LC_MESSAGES` and `LANG`, as gettext does, or from `system_locales` (what the desktop
    reports, best first) if the environment names none. Every form of Chinese means zh_CN.
    """
    if setting in LOCALES:
        return setting
    wishes = _wishes(environment, ("LC_ALL", "LC_MESSAGES", "LANG"))
    if wishes:
        wishes = [*environment.get("LANGUAGE", "").split(":"), *wishes]
    for name in wishes or system_locales:
        language = _parts(name)[0]
        if language == "zh":
            return "zh_CN"
        if language == "en":
            break
    return SOURCE_LOCALE


def system_clock(environment: Mapping[str, str], system_locales: Sequence[str] = ()) -> str:
    """ "12h" or "24h": what the setting "system" means where this system's locale is used."""
    for name in _wishes(environment, ("LC_ALL", "LC_TIME", "LANG")) or system_locales:
        language, territory = _parts(name)
        return "12h" if territory in _TWELVE_HOURS and language != "zh" else "24h"
    return "24h"


def clock_of(time_format: str) -> str:
    """ "12h" or "24h": the clock of a time format as Qt writes it, such as "h:mm AP"."""
    letters = "".join(time_format.split("'")[::2])  # words stand between apostrophes
    return "12h" if "a" in letters.lower() else "24h"


def load_catalogue(locale: str) -> gettext.NullTranslations:
    """The translations of `locale`; those of the source language if they cannot be read."""
    if locale == SOURCE_LOCALE:
        return gettext.NullTranslations()
    try:
        return _compiled(resource("translations", f"{locale}.po"))
    except (OSError, ValueError) as error:
        _LOG.warning("catalogue %s cannot be read: %s", locale, error)
        return gettext.NullTranslations()


@cache
def _compiled(path: Path) -> gettext.GNUTranslations:
    import polib  # noqa: PLC0415 - English starts without it

    catalogue = polib.pofile(path.read_text(encoding="utf-8"))
    return gettext.GNUTranslations(io.BytesIO(catalogue.to_binary()))


def _wishes(environment: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """The first of `names` that is set decides alone, as in POSIX; "C" counts as unset here."""
    value = next((environment[name] for name in names if environment.get(name)), "")
    return [] if _parts(value)[0] in ("", "c", "posix") else [value]


def _parts(name: str) -> tuple[str, str]:
    """(language, territory) of "zh_Hans_CN", "en_US.UTF-8", "zh-TW" or "sr_RS@latin"."""
    pieces = name.partition(".")[0].partition("@")[0].replace("-", "_").split("_")
    territory = next((p.upper() for p in pieces[1:] if len(p) == 2), "")
    return pieces[0].lower(), territory
