"""What has become of deleting everything."""

from __future__ import annotations

from app.erasure.outcome import Erasure, Leftover, Outcome, Part


def test_whole_is_what_leaves_nothing_of_ours() -> None:
    assert Outcome(foreign=("/x",), untold=1).is_whole
    assert not Outcome((Leftover(Part.FILES, ("/x (no)",)),)).is_whole


def test_it_is_under_way_without_an_outcome() -> None:
    assert Erasure().outcome is None
    assert not Erasure().keeps_settings
