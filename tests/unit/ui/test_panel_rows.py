"""Rows of the panel below the limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gallery.states import FRESH, NOW, WORKSPACE, ZONE, snapshot

from app.ui.panel_rows import Row, allowance_rows
from app.usage.limits import ResetCredit


def test_credits_and_limit_resets_have_a_row_each() -> None:
    rows = allowance_rows(WORKSPACE, NOW, ZONE, "24h")
    assert rows == (
        Row("Credits", "12.50", "about 2 to 9 cloud tasks"),
        Row("Limit resets", "2 to redeem", "expires Tue 13:41"),
    )


def test_of_several_limit_resets_each_expiry_is_told() -> None:
    first, second = (ResetCredit("a", NOW + timedelta(days=n), title="Weekly") for n in (2, 9))
    usage = replace(WORKSPACE, reset_credit_list=(first, replace(second, title="")))
    row = allowance_rows(usage, NOW, ZONE, "24h")[1]
    assert row.detail == "expires Tue 13:41"
    assert row.more == "Weekly: expires Tue 13:41\nLimit reset: expires 1 Dec 13:41"
    assert row.spoken == f"Limit resets: 2 to redeem, {row.more}"


def test_what_there_is_none_of_has_no_row() -> None:
    assert allowance_rows(snapshot(), NOW, ZONE, "24h") == ()
    assert [row.name for row in allowance_rows(FRESH, NOW, ZONE, "24h")] == ["Credits"]


def test_a_row_is_spoken_in_one_line() -> None:
    assert Row("Credits", "12.50").spoken == "Credits: 12.50"
    assert Row("Credits", "12.50", "about 2").spoken == "Credits: 12.50, about 2"
