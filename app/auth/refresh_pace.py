"""How often the token endpoint may be asked for new tokens, whatever it answers. Pure.

The official client posted 2,659 refreshes in 40 s to a server that answered `{}`; here it is
one per 30 s and six per ten minutes (figure 7, F-N16).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from app.errors import AppError, Fault, FaultKind
from app.guarded_json import decode_json
from app.values import dataclass

GAP = timedelta(seconds=30)
SPAN = timedelta(minutes=10)
POSTS_PER_SPAN = 6
UNKNOWN_OUTCOME_GAP = timedelta(seconds=5)  # F-T07: asked once more with the same token
LONGEST_REMEMBERED_WAIT = timedelta(hours=1)  # whatever a file says
_OUTCOME_UNKNOWN = frozenset({FaultKind.TIMED_OUT, FaultKind.INTERRUPTED})
_LATEST_STAMP = 4_102_444_800  # 2100


@dataclass(frozen=True, slots=True)
class RefreshPace:
    """The moments of the last posts and the earliest moment of the next one."""

    posts: tuple[datetime, ...] = ()
    not_before: datetime | None = None
    is_repeat: bool = False  # the last post already was the quick repetition of F-T07

    def wait_s(self, now: datetime) -> float:
        """Seconds until the next post is allowed; 0 if it is now.

        A clock that was set back does not lengthen the wait beyond what the rules give.
        """
        waits = [0.0]
        if self.not_before is not None and self.posts and self.posts[-1] <= now:
            waits.append((self.not_before - now).total_seconds())
        recent = [post for post in self.posts if now - SPAN < post <= now]
        if len(recent) >= POSTS_PER_SPAN:
            waits.append((recent[-POSTS_PER_SPAN] + SPAN - now).total_seconds())
        return max(waits)

    def newer(self, other: RefreshPace) -> RefreshPace:
        """The one of the two with the later last post: it knows of the other's posts."""
        if not other.posts or (self.posts and self.posts[-1] >= other.posts[-1]):
            return self
        return other

    def after_post(
        self, now: datetime, *, is_outcome_known: bool = True, retry_after_s: float | None = None
    ) -> RefreshPace:
        """The pace after a post at `now`."""
        repeats = not is_outcome_known and not self.is_repeat
        gap = UNKNOWN_OUTCOME_GAP if repeats else GAP
        if retry_after_s is not None:
            gap = max(gap, timedelta(seconds=retry_after_s))
        posts = (*self.posts[-(POSTS_PER_SPAN - 1) :], now)
        return RefreshPace(posts, now + gap, repeats)


@dataclass(frozen=True, slots=True)
class RefreshRecord:
    """What processes tell each other about their refreshes. No token, no name is part of it.

    `fault` says what the last post came to: None after a good one; INTERRUPTED stands there
    while a post is on its way, so that it is true if its process dies (F-T05).
    """

    pace: RefreshPace = RefreshPace()
    fault: FaultKind | None = None


class RefreshHistory:
    """What one session knows of its refreshes: its own, and what other processes recorded."""

    def __init__(self) -> None:
        self._pace = RefreshPace()
        self.fault: Fault | None = None  # of the last refresh; None after a good one

    @property
    def record(self) -> RefreshRecord:
        """What the other processes are to know."""
        return RefreshRecord(self._pace, self.fault.kind if self.fault else None)

    def wait_s(self, now: datetime) -> float:
        """Seconds until the next post is allowed; 0 if it is now."""
        return self._pace.wait_s(now)

    def follow(self, record: RefreshRecord) -> None:
        """Go by another process's record if it knows of a later post."""
        if self._pace.newer(record.pace) is not self._pace:
            self._pace = record.pace
            detail = "the last refresh, by another process"
            self.fault = Fault(record.fault, detail) if record.fault else None

    def begun(self, now: datetime) -> RefreshRecord:
        """What to record before a post: true if nobody ever learns its outcome (F-T05)."""
        pending = self._pace.after_post(now, is_outcome_known=False)
        return RefreshRecord(pending, FaultKind.INTERRUPTED)

    def failed(self, now: datetime, fault: Fault) -> None:
        self.fault = fault
        if not fault.is_unsent:
            self._pace = self._pace.after_post(
                now,
                is_outcome_known=fault.kind not in _OUTCOME_UNKNOWN,
                retry_after_s=fault.retry_after_s,
            )

    def succeeded(self, now: datetime) -> None:
        self._pace, self.fault = self._pace.after_post(now), None


def record_to_json(record: RefreshRecord, owner: str) -> bytes:
    """`record` as one line of JSON; `owner` marks whose session it is about."""
    pace = record.pace
    value = {
        "owner": owner,
        "posts": [post.timestamp() for post in pace.posts],
        "not_before": pace.not_before.timestamp() if pace.not_before else None,
        "is_repeat": pace.is_repeat,
        "fault": record.fault,
    }
    return json.dumps(value).encode("ascii") + b"\n"


def record_from_json(body: bytes, owner: str) -> RefreshRecord:
    """The record in `body`; an empty one for another owner's or what nobody here wrote."""
    try:
        value = decode_json(body).value
    except AppError:
        return RefreshRecord()
    if not isinstance(value, dict) or value.get("owner") != owner:
        return RefreshRecord()
    stamps = value.get("posts")
    posts = [_moment(stamp) for stamp in stamps] if isinstance(stamps, list) else []
    known = tuple(post for post in posts if post is not None)[-POSTS_PER_SPAN:]
    not_before = _moment(value.get("not_before"))
    if not known or not_before is None:
        return RefreshRecord()
    latest = known[-1] + LONGEST_REMEMBERED_WAIT
    pace = RefreshPace(known, min(not_before, latest), value.get("is_repeat") is True)
    kinds = {str(kind): kind for kind in FaultKind}
    return RefreshRecord(pace, kinds.get(str(value.get("fault"))))


def _moment(stamp: object) -> datetime | None:
    if isinstance(stamp, bool) or not isinstance(stamp, int | float):
        return None
    if not 0 <= stamp <= _LATEST_STAMP:  # NaN compares false
        return None
    return datetime.fromtimestamp(stamp, UTC)
