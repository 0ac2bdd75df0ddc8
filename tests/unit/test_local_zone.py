"""The time zone of the computer, over clock changes and in broken environments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app import local_zone as module
from app.local_zone import local_zone

SUMMER, WINTER = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (7, 1))


@pytest.fixture(autouse=True)
def zone_restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_named_zone() -> None:
    assert local_zone({"TZ": "Asia/Shanghai"}) == ZoneInfo("Asia/Shanghai")
    assert local_zone({"TZ": ":Europe/Berlin"}) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", ["Garbage", "../../etc/passwd", "/etc/passwd", "Europe", "\0"])
def test_a_name_that_means_nothing_gives_utc_itself(name: str) -> None:
    """F-M08: the words say so then."""
    assert local_zone({"TZ": name}) is UTC


def test_a_system_without_a_zone_gives_utc_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-M08."""
    monkeypatch.setattr(module, "_SYSTEM_RULES", tmp_path / "none")
    assert local_zone({}) is UTC

    monkeypatch.delattr(time, "tzset")  # as on Windows, where there is no such file
    assert local_zone({}) is not UTC


@pytest.mark.parametrize("rule", ["EST5EDT,M3.2.0,M11.1.0", "<-05>5<-04>,M3.2.0,M11.1.0"])
def test_the_rules_of_the_system_hold_for_every_moment(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-M06: summer and winter, and the hour that comes twice."""
    monkeypatch.setenv("TZ", rule)
    zone = local_zone({"TZ": rule})

    assert SUMMER.astimezone(zone).hour == 8
    assert WINTER.astimezone(zone).hour == 7
    offsets = [
        (datetime(2026, 11, 1, hour, 30, tzinfo=UTC).astimezone(zone)).isoformat()[-14:]
        for hour in (5, 6, 7)
    ]
    assert offsets == ["01:30:00-04:00", "01:30:00-05:00", "02:30:00-05:00"]


def test_a_change_of_the_zone_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-M06: Europe to America in flight."""
    monkeypatch.setenv("TZ", "CET-1")
    zone = local_zone({"TZ": "CET-1"})
    assert WINTER.astimezone(zone).hour == 13
    assert WINTER.astimezone(zone).tzname() == "CET"

    monkeypatch.setenv("TZ", "EST5")
    assert WINTER.astimezone(zone).hour == 7


def test_the_zone_knows_nothing_without_a_moment() -> None:
    zone = module._SYSTEM

    assert (zone.utcoffset(None), zone.tzname(None), zone.dst(None)) == (None, None, None)


def test_where_the_c_library_cannot_reload_its_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""
    monkeypatch.delattr(time, "tzset")
    zone = module._SYSTEM

    assert SUMMER.astimezone(zone) - SUMMER == timedelta()
