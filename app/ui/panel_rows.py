"""What a plan allows beside its windows, as the panel lists it: one row each. Pure, no Qt."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from app.usage.limits import ResetCredit, UsageSnapshot
from app.wording import allowances
from app.wording import limits as words
from app.wording.joining import listed, valued


class Row(NamedTuple):
    """A name, its value, and below them what explains it; `more` is told on demand."""

    name: str
    value: str
    detail: str = ""
    more: str = ""

    @property
    def spoken(self) -> str:
        """The row in one line."""
        told = self.more or self.detail
        return listed((valued(self.name, self.value), told))


def allowance_rows(
    usage: UsageSnapshot, server_now: datetime, zone: tzinfo, clock: str
) -> tuple[Row, ...]:
    """Credits and limit resets to redeem, as far as there are any."""
    rows = []
    if value := words.credits_words(usage.credits):
        rows.append(Row(words.credits_title(), value, words.credits_detail(usage.credits)))
    if value := allowances.reset_credits_words(usage.reset_credits):
        expiry = allowances.reset_credits_expiry(usage.reset_credit_list, server_now, zone, clock)
        more = _each_expiry(usage.reset_credit_list or (), server_now, zone, clock)
        rows.append(Row(allowances.reset_credits_title(), value, expiry, more))
    return tuple(rows)


def _each_expiry(
    credit_list: tuple[ResetCredit, ...], server_now: datetime, zone: tzinfo, clock: str
) -> str:
    """A line for each of them, if there are several and their expiry is told."""
    lines = []
    for one in credit_list:
        expiry = allowances.reset_credits_expiry((one,), server_now, zone, clock)
        if expiry:
            lines.append(valued(allowances.reset_credit_name(one), expiry))
    return "\n".join(lines) if len(lines) > 1 else ""
