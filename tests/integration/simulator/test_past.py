"""The past of the simulated windows: plausible, and it ends in the present."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.simulator.past import PastReading, past_of
from app.simulator.scenario import DEMO, FRESH, SCENARIOS, WEEK

NOW = 1_795_350_060.0
DAY = 86_400


def readings_of(limit: str, seconds: int, **options: int) -> list[PastReading]:
    return [
        one
        for polled in past_of(DEMO, NOW, **options)
        for one in polled
        if (one.limit, one.seconds) == (limit, seconds)
    ]


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_it_ends_in_what_the_scenario_says(name: str) -> None:
    *_, last = past_of(SCENARIOS[name], NOW)
    specs = {
        ("codex", spec.seconds): spec
        for spec in (SCENARIOS[name].main.primary, SCENARIOS[name].main.secondary)  # type: ignore[union-attr]
        if spec is not None and spec.resets_in is not None
    }
    main = {(one.limit, one.seconds): one for one in last if one.limit == "codex"}
    assert set(main) == set(specs)
    for key, spec in specs.items():
        assert main[key].used == int(spec.used)
        assert main[key].ends_at == round(NOW + (spec.resets_in or 0))
        assert NOW - main[key].at < 900


def test_the_same_seed_gives_the_same_past() -> None:
    assert list(past_of(DEMO, NOW)) == list(past_of(DEMO, NOW))
    assert list(past_of(DEMO, NOW)) != list(past_of(DEMO, NOW, seed=2))


def test_within_a_cycle_use_only_rises() -> None:
    for before, after in pairwise(readings_of("codex", WEEK)):
        assert after.at > before.at
        if before.ends_at == after.ends_at:
            assert after.used >= before.used
        else:
            assert after.used < before.used or before.used == 0
        assert 0 <= after.used <= 100


def test_a_window_of_some_hours_begins_with_its_first_use() -> None:
    session = readings_of("codex", 18_000)
    assert any(one.ends_at is None and one.used == 0 for one in session)
    ends = {one.ends_at for one in session if one.ends_at is not None}
    for end, after in pairwise(sorted(ends)):
        assert after - end >= 18_000


def test_the_machine_is_off_at_night() -> None:
    hours = {one.at % DAY // 3600 for one in readings_of("codex", WEEK) if NOW - one.at > DAY}
    assert not hours & {0, 1, 2, 3, 4, 5, 6, 7, 23}
    east = readings_of("codex", WEEK, east_s=8 * 3600)
    hours = {(one.at + 8 * 3600) % DAY // 3600 for one in east if NOW - one.at > DAY}
    assert not hours & {0, 1, 2, 3, 4, 5, 6, 7, 23}


def test_it_goes_back_as_far_as_asked() -> None:
    first = readings_of("codex", WEEK, days=10)[0]
    assert 9 * DAY < NOW - first.at <= 10 * DAY + 60


def test_a_window_that_has_not_begun_has_no_past() -> None:
    assert all(polled == () for polled in past_of(FRESH, NOW))
