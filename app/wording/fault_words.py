"""The shape of an explanation, and the pieces several of them share. Pure."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, tzinfo

from app.errors import Fault
from app.values import dataclass
from app.wording.language import phrase, tr
from app.wording.times import elapsed, near_time
from app.wording.untrusted import clean


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What happened, what it means, what can be done; each a text of its own."""

    title: str
    meaning: str
    action: str

    @property
    def explanation(self) -> str:
        """Meaning and action as one paragraph below the title."""
        if not self.meaning or not self.action:
            return self.meaning or self.action
        return tr("{meaning} {action}").format(meaning=self.meaning, action=self.action)

    @property
    def one_line(self) -> str:
        """All three in one line, for a terminal or a screen reader."""
        return tr("{title}. {meaning} {action}").format(
            title=self.title, meaning=self.meaning, action=self.action
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where the explanation is read."""

    now: datetime
    zone: tzinfo
    clock: str = "system"


sign_in_again = phrase("Sign in again.")
try_again = phrase("Try again.")
try_again_later = phrase("Try again in a few minutes.")
check_network = phrase("Check the network connection, then try again.")
look_at_details = phrase("If it stays like this, look at the details and the log.")


def said(fault: Fault, otherwise: str) -> str:
    """The service's own sentence, quoted, or `otherwise` if it gave none."""
    message = clean(fault.message, limit=200)
    return tr("The service says: “{message}”").format(message=message) if message else otherwise


def retry_time(fault: Fault) -> str:
    """When the service wants to be asked again."""
    if fault.retry_after_s is None or not math.isfinite(fault.retry_after_s):
        return try_again_later()
    wait = elapsed(timedelta(seconds=max(1.0, min(fault.retry_after_s, 86_400.0))))
    return tr("Try again in {duration}.").format(duration=wait)


def available_again(fault: Fault, moment: Moment) -> str:
    """When a limit that is used up opens again."""
    if fault.resets_at is None:
        return tr("The service does not say when it resets.")
    if fault.resets_at <= moment.now:
        return tr("It should be available again now.")
    time = near_time(fault.resets_at, moment.now, moment.zone, moment.clock)
    return tr("Available again: {time}.").format(time=time)


def naming_host(fault: Fault, with_host: str, without: str) -> str:
    """`with_host` filled with the host the fault speaks of, or `without` if it names none."""
    host = clean(fault.host, limit=80)
    return with_host.format(host=host) if host else without
