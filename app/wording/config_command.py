"""What `tidegauge config` says: its help, its list and its refusals. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import groupby

from app.settings import DECLARATIONS, Declaration, Settings, written_value
from app.wording.joining import headed, listed, sentences
from app.wording.language import phrase, tr
from app.wording.settings import section_label, setting_description, setting_label
from app.wording.untrusted import clean

help_config = phrase("show or change settings; the running program follows at once")
help_config_list = phrase("all settings with their values")
help_config_get = phrase("print the value of one setting")
help_config_set = phrase("change one setting")
help_config_reset = phrase("put one setting back to its default")
help_key = phrase("the name of a setting, as “config list” tells it")
help_value = phrase(
    "the new value; on or off for a switch. With - it is read from standard input, so that a "
    "password in it is not kept in the shell's history"
)
ask_for_value = phrase("The new value (it is not shown):")
not_written = phrase(
    "The settings could not be saved, so nothing has changed. Check that the settings folder "
    "can be written to and that the disk is not full."
)

_LONGEST = 200


def setting_lines(settings: Settings) -> list[str]:
    """Every setting with what it does, by section; a star marks what was changed."""
    lines: list[str] = []
    for section, declarations in groupby(DECLARATIONS, key=lambda one: one.section):
        lines += ["", section_label(section)] if lines else [section_label(section)]
        for one in declarations:
            value = getattr(settings, one.key)
            mark = " " if value == one.default else "*"
            lines.append(f" {mark} {one.key} = {_shown(value)}")
            lines.append(f"     {headed(setting_label(one.key), setting_description(one.key))}")
            allowed = _allowed(one)
            if allowed:
                lines.append(f"     {allowed}")
    return lines


def now_set(declaration: Declaration, value: object) -> str:
    """What a setting has become."""
    return f"{declaration.key} = {_shown(value)}"


def no_such_setting(key: str, known: tuple[str, ...]) -> str:
    """`key` is no setting; perhaps another one was meant."""
    close = get_close_matches(key, known, n=1)
    if close:
        return tr("There is no setting “{key}”. Did you mean “{other}”?").format(
            key=clean(key, limit=40), other=close[0]
        )
    return tr("There is no setting “{key}”. “config list” shows all of them.").format(
        key=clean(key, limit=40)
    )


def not_accepted(declaration: Declaration, text: str) -> str:
    """`text` is no value for this setting; what would be one."""
    refused = tr("“{value}” is no value for {key}, which stays as it is.").format(
        value=clean(text, limit=40), key=declaration.key
    )
    allowed = _allowed(declaration)
    return sentences(refused, allowed)


def _shown(value: object) -> str:
    text = written_value(value)
    return clean(text, limit=_LONGEST) if text else '""'


def _allowed(declaration: Declaration) -> str:
    if declaration.choices:
        choices = listed(choice or '""' for choice in declaration.choices)
        return tr("Possible: {choices}.").format(choices=choices)
    if declaration.kind is bool:
        return tr("Possible: {choices}.").format(choices=listed(("on", "off")))
    if declaration.kind is int:
        return tr("Possible: {low} to {high}.").format(low=declaration.low, high=declaration.high)
    return ""
