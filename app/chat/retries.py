"""Whether and when a question is sent again by itself. Pure.

At most three tries in all, and only while nothing of the answer was shown: the official
client makes thirty, and repeats text that people have already read (F-H13, F-H16, F-C13).
"""

from __future__ import annotations

from app.errors import Fault, FaultKind

TRIES = 3
LONGEST_WAIT_S = 30.0  # longer than this nobody should look at an empty answer
_FIRST_WAIT_S = 0.5
# OVERLOADED is not among them: "at capacity" asks for another model, not for more requests.
_REPEATED = frozenset(
    {
        FaultKind.OFFLINE,
        FaultKind.INTERRUPTED,
        FaultKind.SERVER_ERROR,
        FaultKind.RATE_LIMITED,
        FaultKind.ANSWER_ENDED_EARLY,
    }
)


def retry_delay_s(fault: Fault, tries_made: int, chance: float) -> float | None:
    """Seconds until the next try, or None if there is to be none.

    The server's own wish is kept to the second; otherwise 0.5 s, then 1 s, spread by `chance`
    (0…1) over 75 to 125 %. A rate limit is tried again once only.
    """
    tries = 2 if fault.kind is FaultKind.RATE_LIMITED else TRIES
    if fault.kind not in _REPEATED or tries_made >= tries:
        return None
    if fault.retry_after_s is not None:
        return fault.retry_after_s if fault.retry_after_s <= LONGEST_WAIT_S else None
    return float(_FIRST_WAIT_S * 2 ** (tries_made - 1) * (0.75 + chance / 2))
