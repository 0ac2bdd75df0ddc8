"""What is said of newer versions."""

from __future__ import annotations

from datetime import UTC, datetime

from app.updates.status import Updates
from app.wording import updates as words

ASKED = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_setting_says_what_came_of_it() -> None:
    assert words.status_words(None) == ""
    assert words.status_words(Updates()) == ""
    assert "nothing is sent" in words.status_words(Updates(has_address=False))
    assert "again in a day" in words.status_words(Updates(asked_at=ASKED, has_failed=True))
    assert "No newer" in words.status_words(Updates(asked_at=ASKED))
    assert words.status_words(Updates("0.2.0", ASKED)) == words.available("0.2.0")
    assert words.available("0.2.0") == "Tidegauge 0.2.0 is available"
