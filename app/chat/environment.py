"""What the model is told of the computer, if the settings allow it. Pure.

The form is the one of the API notes, a user message `<environment_context>…`; what stands in it
is ours: the date, the time zone and the system, no name, no path.
"""

from __future__ import annotations

from datetime import datetime


def environment_context(now: datetime, system: str) -> str:
    """The message's content. `now` is aware and local; `system` reads like "Linux"."""
    zone = getattr(now.tzinfo, "key", "") or now.strftime("UTC%z")
    facts = {
        "current_date": now.strftime("%Y-%m-%d"),
        "timezone": zone,
        "operating_system": system,
    }
    return "".join(f"<{name}>{value}</{name}>" for name, value in facts.items() if value)
