"""What explains a window where it stands."""

from __future__ import annotations

from app.wording.hints import panel_hint


def test_the_hint_says_what_the_arc_shows() -> None:
    assert "what is used" in panel_hint()
    assert "what is left" in panel_hint("remaining")
    assert "icon" in panel_hint()
