"""What the `Date` of a reply tells of the service's clock. Pure.

The service writes it somewhere between our sending of the request and the arrival of the reply's
first line, and in whole seconds. So it bounds how far the two clocks are apart, and only where
ours cannot be right the middle between the bounds is reckoned with (F-U26).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.replies import http_date
from app.values import dataclass

_DATE_STEP_S = 1.0
_SLACK_S = 0.5  # two clocks that are both kept right may differ by so much
_BELIEF_S = 100 * 366 * 86_400.0


@dataclass(frozen=True, slots=True)
class ServiceClock:
    """`served_at` is the middle of the second that `Date` names, `received_at` our clock's time
    when the reply began to arrive, `offset_s` the service's clock minus ours: 0 if ours may be
    right."""

    served_at: datetime
    received_at: datetime
    offset_s: float

    def carried_to(self, now: datetime) -> datetime:
        """What the service's clock shows at our clock's `now`, counted from `served_at`."""
        return self.served_at + (now - self.received_at)


def read_service_clock(
    date_header: str | None, received_at: datetime, took_s: float = 0.0
) -> ServiceClock | None:
    """None if there is no date, or none to believe.

    `received_at` is aware, `took_s` how long before it the request was sent.
    """
    date = http_date(date_header or "")
    if date is None:
        return None
    least_s = (date - received_at).total_seconds()
    most_s = least_s + _DATE_STEP_S + took_s
    if abs(least_s) > _BELIEF_S:
        return None
    is_right = least_s - _SLACK_S <= 0 <= most_s + _SLACK_S
    offset_s = 0.0 if is_right else (least_s + most_s) / 2
    return ServiceClock(date + timedelta(seconds=_DATE_STEP_S / 2), received_at, offset_s)
