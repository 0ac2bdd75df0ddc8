"""The rows of the choice of model and effort, as values. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.chat.models import EFFORTS, ModelChoice
from app.wording import composing as words
from app.wording.setting_choices import choice_label
from app.wording.untrusted import clean

_NAME_CHARS = 60
_TEXT_CHARS = 120


class Row(NamedTuple):
    """One thing to choose; `value` is the setting's, `text` the service's word about it."""

    value: str
    name: str
    text: str = ""
    is_chosen: bool = False

    @property
    def spoken(self) -> str:
        """For screen readers, which see no dot beside the chosen one."""
        return words.chosen(self.name) if self.is_chosen else self.name


def model_rows(models: Sequence[ModelChoice], chosen: str) -> tuple[Row, ...]:
    """The service's choice first, then its list, then a chosen model that is not listed."""
    rows = [Row("", words.service_chooses(), words.service_chooses_text(), not chosen)]
    for one in models:
        name, text = clean(one.name, _NAME_CHARS), clean(one.description, _TEXT_CHARS)
        rows.append(Row(one.slug, name, text, one.slug == chosen))
    if chosen and all(one.slug != chosen for one in models):
        rows.append(Row(chosen, clean(chosen, _NAME_CHARS), "", True))
    return tuple(rows)


def effort_rows(models: Sequence[ModelChoice], model: str, chosen: str) -> tuple[Row, ...]:
    """The efforts of `model`, or of the first one where the service chooses.

    A model that names none offers all that the program knows.
    """
    picked = next((one for one in models if one.slug == model), None)
    if picked is None and not model and models:
        picked = models[0]
    own = Row("", words.own_effort(), "", not chosen)
    told = [(e.name, e.description) for e in picked.efforts] if picked else []
    known = [(name, text) for name, text in told if name in EFFORTS]
    named = known or [(name, "") for name in EFFORTS]
    return (
        own,
        *(
            Row(
                name,
                choice_label("chat_effort", name),
                "" if text.lower() == name else clean(text, _TEXT_CHARS),
                name == chosen,
            )
            for name, text in named
        ),
    )
