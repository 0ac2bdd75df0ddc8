"""What a plan allows beside its windows, as the panel lists it: one row each. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.usage.limits import UsageSnapshot
from app.wording import allowances
from app.wording import limits as words


@dataclass(frozen=True, slots=True)
class Row:
    """A name, its value, and below them what explains it; `detail` may be empty."""

    name: str
    value: str
    detail: str = ""

    @property
    def spoken(self) -> str:
        """The row in one line."""
        return ", ".join(part for part in (f"{self.name}: {self.value}", self.detail) if part)


def allowance_rows(
    usage: UsageSnapshot, server_now: datetime, zone: tzinfo, clock: str
) -> tuple[Row, ...]:
    """Credits and limit resets to redeem, as far as there are any."""
    rows = []
    if value := words.credits_words(usage.credits):
        rows.append(Row(words.credits_title(), value, words.credits_detail(usage.credits)))
    if value := allowances.reset_credits_words(usage.reset_credits):
        expiry = allowances.reset_credits_expiry(usage.reset_credit_list, server_now, zone, clock)
        rows.append(Row(allowances.reset_credits_title(), value, expiry))
    return tuple(rows)
