"""Which settings somebody looks for. Pure, no Qt."""

from __future__ import annotations

from app.settings import Declaration
from app.wording import settings as words
from app.wording.setting_choices import choice_label


def matches(declaration: Declaration, query: str) -> bool:
    """Whether each word of `query` stands somewhere in what is shown of the setting, or in its
    key, whatever the case; an empty query matches all."""
    texts = [
        declaration.key,
        words.section_label(declaration.section),
        words.setting_label(declaration.key),
        words.setting_description(declaration.key),
        *(choice_label(declaration.key, one) for one in declaration.choices),
    ]
    shown = "\n".join(texts).casefold()
    return all(word in shown for word in query.casefold().split())
