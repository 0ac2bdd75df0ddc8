"""What each reply is worth: whose it is, whether it is news, and whether to believe it yet. Pure.

A reading that contradicts what was known is shown at once, marked as doubtful, and counts from
the second one on that says the same. Rows F-U22…F-U25; the reasons are the peers' facts 5 to 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.auth.tokens import Account
from app.usage.cycles import same_cycle
from app.usage.doubts import WHOLE_LENGTH, Seen, doubt_of, looks_unused
from app.usage.limits import Doubt, RateLimit, RateLimitWindow, Source, UsageSnapshot
from app.usage.merging import DATE_TOLERANCE, is_newer, limit_like, merged, place_of
from app.values import dataclass

_PERSONAL_PREFIX = "user-"  # the reply's account id of a personal account may be a user id
_APART = timedelta(seconds=2)  # closer together, two readings are one
_LAG = timedelta(minutes=2)  # so long polls may be behind an answer (peers facts 10 and 11)
_SEEN_LIMIT = 200
_REFUTATIONS_LIMIT = 3
_NEVER = datetime.min.replace(tzinfo=UTC)


class Verdict(StrEnum):
    """What became of a reading."""

    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"  # a second reading says what was doubtful before
    DOUBTFUL = "doubtful"
    REPEATED = "repeated"  # the last poll once more, out of some cache
    OLDER = "older"  # written before what is known
    OTHER_ACCOUNT = "other_account"


_NEWS = frozenset({Verdict.ACCEPTED, Verdict.CONFIRMED, Verdict.DOUBTFUL})


@dataclass(frozen=True, slots=True)
class Judged:
    """`snapshot` is what is known from now on; unchanged, or None, unless `is_news`."""

    snapshot: UsageSnapshot | None
    verdict: Verdict

    @property
    def is_news(self) -> bool:
        return self.verdict in _NEWS


class Readings:
    """What is known of one account, from polls and answers; make a new one for another account.

    Believed windows are remembered one by one, so that a window missing from one reply is still
    compared with what it was before.
    """

    def __init__(self) -> None:
        self._known: UsageSnapshot | None = None
        self._last_poll: UsageSnapshot | None = None
        self._believed: dict[str, Seen] = {}
        self._doubted: dict[str, Seen] = {}
        self._refuted: dict[str, int] = {}

    @property
    def known(self) -> UsageSnapshot | None:
        """All that is known now."""
        return self._known

    def accept(self, told: UsageSnapshot, account: Account | None) -> Judged:
        """Judge one reading, a poll's or an answer's; `account` is the one signed in."""
        if not belongs_to(told, account):
            return Judged(self._known, Verdict.OTHER_ACCOUNT)
        if told.source is Source.POLL:
            if is_older(told, self._last_poll):
                return Judged(self._known, Verdict.OLDER)
            if self._is_repeated(told):
                return Judged(self._known, Verdict.REPEATED)
            told, self._last_poll = self._without_lag(told), told
        elif not self._has_news(told):
            return Judged(self._known, Verdict.OLDER)
        verdict = Verdict.DOUBTFUL
        whole = self._with_sliding(merged(self._known, told), told.as_of)
        if not told.is_doubtful:
            verdict = self._judge(whole, told)
        doubts = self._doubts(told)
        self._known = replace(whole, is_doubtful=told.is_doubtful or bool(doubts), doubts=doubts)
        return Judged(self._known, verdict)

    def _doubts(self, told: UsageSnapshot) -> tuple[Doubt, ...]:
        found = list(told.doubts)
        if told.source is Source.ANSWER and self._known is not None:  # the rest is still as it was
            found += [doubt for doubt in self._known.doubts if doubt is Doubt.REPEATED_KEYS]
        found += [seen.doubt for seen in self._doubted.values() if seen.doubt is not None]
        return tuple(dict.fromkeys(found))

    # --- whether it is news ------------------------------------------------------------------

    def _is_repeated(self, told: UsageSnapshot) -> bool:
        """F-U25: the same moment of writing and the same words."""
        last = self._last_poll
        if last is None or told.served_at is None or last.served_at is None:
            return False
        if abs(told.served_at - last.served_at) >= timedelta(seconds=1):
            return False
        return _content(told) == _content(last)

    def _has_news(self, told: UsageSnapshot) -> bool:
        """An answer counts if one of its limits is not older than what is known of it."""
        known = self._known.limits if self._known else ()
        return not told.limits or any(
            is_newer(limit, limit_like(limit.limit_id, known)) for limit in told.limits
        )

    def _without_lag(self, told: UsageSnapshot) -> UsageSnapshot:
        """A poll that has not heard of the last answer yet does not undo it."""
        known, last = self._known, self._last_poll
        if known is None or last is None:
            return told
        limits = []
        for limit in told.limits:
            now = limit_like(limit.limit_id, known.limits)
            before = limit_like(limit.limit_id, last.limits)
            is_lagging = (
                now is not None
                and now.source is Source.ANSWER
                and now.as_of is not None
                and told.as_of - now.as_of < _LAG
                and before is not None
                and _numbers(limit) == _numbers(before)
                and limit.limit_reached is not True
            )
            limits.append(now if now is not None and is_lagging else limit)
        return replace(told, limits=tuple(limits))

    # --- whether to believe it ---------------------------------------------------------------

    def _judge(self, whole: UsageSnapshot, told: UsageSnapshot) -> Verdict:
        """Sort the windows that `told` spoke of into believed and doubted ones."""
        verdict = Verdict.ACCEPTED
        if told.source is Source.POLL:
            present = {window.window_id for window in whole.windows}
            self._doubted = {key: one for key, one in self._doubted.items() if key in present}
        for seen in _spoken_of(whole, told):
            if seen.window.used_percent is not None:
                found = self._judge_window(seen)
                verdict = Verdict.CONFIRMED if found is Verdict.CONFIRMED else verdict
        if len(self._believed) > _SEEN_LIMIT:
            self._believed = {w.window_id: Seen(w, told.as_of) for w in whole.windows}
        return Verdict.DOUBTFUL if self._doubted else verdict

    def _judge_window(self, seen: Seen) -> Verdict:
        key = seen.window.window_id
        before = self._believed.get(key)
        doubted = self._doubted.get(key)
        doubt = doubt_of(before, seen)
        if doubt is None:
            if doubted is not None:
                self._refuted[key] = min(_REFUTATIONS_LIMIT, self._refuted.get(key, 0) + 1)
            if before is not None and not same_cycle(before.window, seen.window):
                self._refuted.pop(key, None)
            return self._believe(seen, Verdict.ACCEPTED)
        if doubted is None or doubt_of(doubted, seen) is not None:
            self._doubted[key] = replace(seen, doubt=doubt)
            return Verdict.DOUBTFUL
        if seen.as_of - doubted.as_of < _APART:
            return Verdict.DOUBTFUL
        # Two records that take turns (peers fact 6) have to be steadier each time.
        agreements = doubted.agreements + 1
        if agreements > self._refuted.get(key, 0):
            return self._believe(seen, Verdict.CONFIRMED)
        self._doubted[key] = replace(seen, doubt=doubt, agreements=agreements)
        return Verdict.DOUBTFUL

    def _believe(self, seen: Seen, verdict: Verdict) -> Verdict:
        self._believed[seen.window.window_id] = seen
        self._doubted.pop(seen.window.window_id, None)
        return verdict

    # --- windows that have not begun ---------------------------------------------------------

    def _with_sliding(self, whole: UsageSnapshot, as_of: datetime) -> UsageSnapshot:
        """Mark windows whose reset moved on with the clock since the last reading (fact 5)."""
        limits = [
            replace(limit, windows=tuple(self._slid(window, as_of) for window in limit.windows))
            if limit.as_of in (None, as_of)
            else limit
            for limit in whole.limits
        ]
        return replace(whole, limits=tuple(limits))

    def _slid(self, window: RateLimitWindow, as_of: datetime) -> RateLimitWindow:
        before = self._believed.get(window.window_id)
        if before is None or window.is_sliding or not looks_unused(window, as_of):
            return window
        elapsed = as_of - before.as_of
        if elapsed < 2 * WHOLE_LENGTH:
            return replace(window, is_sliding=before.window.is_sliding)
        return replace(window, is_sliding=looks_unused(before.window, before.as_of))


def belongs_to(snapshot: UsageSnapshot, account: Account | None) -> bool:
    """False if the reply names another account or user than the one signed in (F-U24).

    What either side does not tell cannot contradict. A personal account is named by its user
    in the reply and by an account id in the token, so that pair says nothing either.
    """
    if account is None:
        return True
    if snapshot.user_id and account.user_id and snapshot.user_id != account.user_id:
        return False
    told, expected = snapshot.account_id, account.account_id
    if not told or not expected or told == expected:
        return True
    return told.startswith(_PERSONAL_PREFIX) and told in (account.user_id, snapshot.user_id)


def is_older(snapshot: UsageSnapshot, last: UsageSnapshot | None) -> bool:
    """True if the server wrote the reply before the last one: some proxy kept it (F-U25).

    Compared by the server's own `Date`, never by our clock.
    """
    if last is None or last.served_at is None or snapshot.served_at is None:
        return False
    return snapshot.served_at < last.served_at - DATE_TOLERANCE


def _spoken_of(whole: UsageSnapshot, told: UsageSnapshot) -> Iterator[Seen]:
    """The windows of `whole` that `told` spoke of; an answer tells some of a limit's only."""
    for limit in whole.limits:
        source = limit_like(limit.limit_id, told.limits)
        if source is None or limit.as_of not in (None, told.as_of):
            continue
        places = {place_of(one, limit.windows) for one in source.windows}
        for place, window in enumerate(limit.windows):
            if told.source is Source.POLL or place in places:
                yield Seen(window, told.as_of, source.limit_reached is True)


def _numbers(limit: RateLimit) -> list[tuple[str, float | None]]:
    return [(window.window_id, window.used_percent_reported) for window in limit.windows]


def _content(snapshot: UsageSnapshot) -> UsageSnapshot:
    """What the reply itself said, whenever it came."""
    limits = tuple(replace(limit, as_of=None) for limit in snapshot.limits)
    return replace(snapshot, fetched_at=_NEVER, served_at=None, clock_offset_s=0.0, limits=limits)
