"""Makes text safe for places of the interface that would read marks in it (T-55). Pure."""

from __future__ import annotations

_MARKS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"))


def plain(text: str) -> str:
    """`text` for a place that knows mnemonics (menu, button): each `&` doubled."""
    return text.replace("&", "&&")


def tooltip(text: str) -> str:
    """`text` for a widget's tooltip, which Qt would otherwise probe for rich text."""
    for mark, entity in _MARKS:  # as `html.escape`, whose module brings 0.5 MB of entities
        text = text.replace(mark, entity)
    return f"<qt>{text.replace(chr(10), '<br>')}</qt>" if text else ""


def unmarked(text: str) -> str:
    """`text` for the tray's tooltip: some panels read mark-up there, others show it."""
    return text.replace("<", "‹").replace(">", "›")
