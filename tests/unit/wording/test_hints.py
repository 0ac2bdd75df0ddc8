"""What explains a window where it stands."""

from __future__ import annotations

from app.wording.hints import HINT_KEY, name, panel_hint


def test_the_panels_hint_explains_and_warns_of_nothing() -> None:
    hint = panel_hint()

    assert (hint.key, hint.dismiss, hint.is_hint) == (HINT_KEY, "Got it", True)
    assert not hint.can_snooze
    assert name() == "Hint"
    assert "what is used" in hint.text
    assert "what is left" in panel_hint("remaining").text
