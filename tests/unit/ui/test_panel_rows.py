"""Rows of the panel below the limits."""

from __future__ import annotations

from gallery.states import FRESH, NOW, WORKSPACE, ZONE, snapshot

from app.ui.panel_rows import Row, allowance_rows


def test_credits_and_limit_resets_have_a_row_each() -> None:
    rows = allowance_rows(WORKSPACE, NOW, ZONE, "24h")
    assert rows == (
        Row("Credits", "12.50", "about 2 to 9 cloud tasks"),
        Row("Limit resets", "2 to redeem", "expires Tue 13:41"),
    )


def test_what_there_is_none_of_has_no_row() -> None:
    assert allowance_rows(snapshot(), NOW, ZONE, "24h") == ()
    assert [row.name for row in allowance_rows(FRESH, NOW, ZONE, "24h")] == ["Credits"]


def test_a_row_is_spoken_in_one_line() -> None:
    assert Row("Credits", "12.50").spoken == "Credits: 12.50"
    assert Row("Credits", "12.50", "about 2").spoken == "Credits: 12.50, about 2"
