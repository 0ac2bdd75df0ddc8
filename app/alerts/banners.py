"""A warning as the panel shows it, where no notification could carry it. Pure.

The panel draws `AppState.banners` in order, the newest first. Its buttons are the wishes
`warnings.snooze(key)`, only if `can_snooze`, and `warnings.dismiss(key)`; as long as banners are
visible it asks for `warnings.note_seen()`, because a warning counts as given once it was seen.
"""

from __future__ import annotations

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Banner:
    """One warning in words, plain text. Its words name moments, never a time left."""

    key: str
    title: str
    text: str = ""
    can_snooze: bool = False  # it is about windows that have a reset
    is_critical: bool = False  # a limit is used up
    dismiss: str = ""  # what its last button says, where that is more than "Dismiss"
