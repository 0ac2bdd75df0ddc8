"""One step of what the program did lately, and its fixed form in the log. Pure.

Nothing in a step is about a person.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

LENGTH = 64
LOGGER = "tidegauge.trail"

_NOT_PLAIN = re.compile(r"[^\w ,./#+-]")
_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3} INFO "
    + re.escape(LOGGER)
    + r": (?P<what>[a-z]{1,16}) (?P<outcome>\w{1,40}) (?P<status>\d{1,3}) "
    r"(?P<wait>-?\d{1,9}\.\d)(?P<why>[\w ,./#+-]{0,121})"
)


class Step(NamedTuple):
    """`what`: poll, warning, crash. `outcome`: what came of it, as one word.

    `at` in epoch seconds by our clock; `status` the HTTP status, 0 without one; `wait_s` until
    the next of its kind, negative if it waits for something else; `why` in fixed words.
    """

    at: int
    what: str
    outcome: str
    status: int = 0
    wait_s: float = -1.0
    why: str = ""


def plain(why: str) -> str:
    """`why` within the form."""
    return _NOT_PLAIN.sub("-", why)[:120]


def steps_in(log: Iterable[str]) -> tuple[Step, ...]:
    """The last `LENGTH` steps in the lines of a log; any other line is passed over."""
    found: deque[Step] = deque(maxlen=LENGTH)
    for line in log:
        match = _LINE.fullmatch(line.rstrip("\r\n").rstrip())
        if match is None:
            continue
        try:
            at = int(datetime.fromisoformat(match["time"]).timestamp())  # told in local time
        except (ValueError, OverflowError, OSError):
            continue
        found.append(
            Step(
                *(at, match["what"], match["outcome"], int(match["status"])),
                *(float(match["wait"]), match["why"].strip()),
            )
        )
    return tuple(found)
