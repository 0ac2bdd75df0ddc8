"""What the model is told of the computer: date, zone and system, nothing of the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from app.chat.environment import environment_context


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (ZoneInfo("Asia/Shanghai"), "Asia/Shanghai"),
        (timezone(timedelta(hours=-3)), "UTC-0300"),
        (UTC, "UTC+0000"),
    ],
)
def test_the_facts(zone: ZoneInfo, name: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=zone)

    assert environment_context(now, "Linux") == (
        "<current_date>2026-11-22</current_date>"
        f"<timezone>{name}</timezone>"
        "<operating_system>Linux</operating_system>"
    )


def test_a_system_without_a_name_is_left_out() -> None:
    assert "operating_system" not in environment_context(datetime(2026, 1, 1, tzinfo=UTC), "")
