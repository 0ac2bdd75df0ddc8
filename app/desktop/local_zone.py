"""The zone this computer is set to, with its clock changes, as a `tzinfo`.

`datetime.astimezone()` alone gives the offset of one moment; days counted with it are wrong
across a change to or from summer time (F-M06).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """Asks the system for the offset of each moment."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else _system(dt).utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else timedelta()

    def tzname(self, dt: datetime | None) -> str | None:
        return None if dt is None else _system(dt).tzname()

    def fromutc(self, dt: datetime) -> datetime:
        local = dt.replace(tzinfo=UTC).astimezone()
        return local.replace(tzinfo=self)


def _system(dt: datetime) -> datetime:
    """`dt`, a wall-clock time of this zone, with the fixed offset that holds at it."""
    return dt.replace(tzinfo=None).astimezone()


LOCAL_ZONE = LocalZone()
