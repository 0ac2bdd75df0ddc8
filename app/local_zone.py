"""The time zone of this computer, right over clock changes and when the user travels (F-M06)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

_SYSTEM_RULES = Path("/etc/localtime")
_POSIX_RULE = re.compile(r"(?:[A-Za-z]{3,}|<[\w+-]+>)[+-]?\d")  # "EST5EDT", "<+03>-3"


def local_zone(environment: Mapping[str, str]) -> tzinfo:
    """The zone to show times in; cheap enough to be asked for at each repaint.

    A `TZ` that names no zone, or a system without one, gives `UTC` itself, and the words then
    say so (F-M08).
    """
    name = environment.get("TZ", "").removeprefix(":")
    if _POSIX_RULE.match(name):
        return _SYSTEM
    if not name:
        return _SYSTEM if _SYSTEM_RULES.exists() or not hasattr(time, "tzset") else UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - where TZ names no zone, it is not needed

    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, not a zone file, not a name at all
        return UTC


class _SystemZone(tzinfo):
    """The rules the C library has in force, asked anew for every moment."""

    def fromutc(self, moment: datetime) -> datetime:
        if hasattr(time, "tzset"):
            time.tzset()  # sees that the zone was changed in the system's settings
        local = moment.replace(tzinfo=UTC).astimezone()
        naive = local.replace(tzinfo=None)
        is_repeated = naive.astimezone().utcoffset() != local.utcoffset()
        return naive.replace(tzinfo=self, fold=int(is_repeated))

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()


_SYSTEM = _SystemZone()
