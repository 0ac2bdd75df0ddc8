"""How often the token endpoint may be asked for new tokens, whatever it answers. Pure.

The official client posted 2,659 refreshes in 40 s to a server that answered `{}`; here it is
one per 30 s and six per ten minutes (figure 7, F-N16).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

GAP = timedelta(seconds=30)
SPAN = timedelta(minutes=10)
POSTS_PER_SPAN = 6
UNKNOWN_OUTCOME_GAP = timedelta(seconds=5)  # F-T07: asked once more with the same token


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
