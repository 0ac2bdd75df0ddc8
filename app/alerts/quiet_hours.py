"""Quiet hours: from one full hour to another on the wall clock, right over clock changes. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from app.settings import Settings


def is_quiet(settings: Settings, now: datetime, zone: tzinfo) -> bool:
    """Whether `now` (aware) lies in the quiet hours of `settings`, read on a clock in `zone`.

    From and until the same hour means none.
    """
    start, end = settings.quiet_from_hour, settings.quiet_to_hour
    if not settings.quiet_hours or start == end:
        return False
    hour = now.astimezone(zone).hour
    return start <= hour < end if start < end else hour >= start or hour < end


def quiet_until(settings: Settings, now: datetime, zone: tzinfo) -> datetime:
    """When the quiet hours that hold at `now` are over, in UTC; `now` itself outside of them.

    Found by walking along real time, so that an hour skipped or repeated by the clock counts as
    it is.
    """
    moment = now.astimezone(UTC)
    while is_quiet(settings, moment, zone):
        local = moment.astimezone(zone)
        into_quarter = timedelta(
            minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond
        )
        moment += timedelta(minutes=15) - into_quarter
    return moment
