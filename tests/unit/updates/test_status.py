"""What is shown of updates."""

from __future__ import annotations

from app.updates.status import Updates


def test_nothing_is_known_at_first() -> None:
    assert Updates() == Updates("", None, has_failed=False, has_address=True)
