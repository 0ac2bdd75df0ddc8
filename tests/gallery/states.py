"""The states the picture gallery shows, at one fixed moment in one fixed zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from app.alerts.alert import Alert, AlertKind
from app.alerts.banners import Banner
from app.auth.accounts import KnownAccount, newly_known
from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.errors import Fault, FaultKind
from app.hidden_identity import shown
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus, Trouble
from app.updates.status import Updates
from app.usage.limits import (
    CODE_REVIEW_LIMIT,
    MAIN_LIMIT,
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    ResetCredit,
    Source,
    SpendControl,
    UsageSnapshot,
)

ZONE = timezone(timedelta(hours=1), "CET")
NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)  # a Sunday, 13:41 in ZONE

ACCOUNT = Account("acc-1", "user-1", "ann@example.com", "plus")
AT_WORK = replace(ACCOUNT, account_id="acc-0815", plan="team")
SIGNED_IN = SessionState(SessionStatus.SIGNED_IN, ACCOUNT)
_BOTH = (newly_known(ACCOUNT), newly_known(AT_WORK))
NOT_SAVED = replace(
    SIGNED_IN,
    account_key=_BOTH[0].key,
    accounts=_BOTH,
    unsaved=(
        (_BOTH[0].key, FaultKind.KEYRING_LOCKED),
        (_BOTH[1].key, FaultKind.KEYRING_LOCKED),
    ),
)
LEFT_OVER = replace(SIGNED_IN, account_key=_BOTH[0].key, accounts=_BOTH[:1], unremoved=_BOTH[1:])

HOSTILE_NAME = "<img src='file:///etc/passwd'> \u202e& Tom && Jerry <b>long</b>"


def window(
    limit_id: str,
    used: float | None,
    seconds: int | None,
    resets_in: timedelta | None,
    name: str = "",
) -> RateLimitWindow:
    """A window that resets `resets_in` after `NOW`."""
    resets_at = None if resets_in is None else NOW + resets_in
    return RateLimitWindow(limit_id, used, seconds, resets_at, name)


def main_limit(
    session: float | None,
    weekly: float | None,
    session_left: timedelta = timedelta(hours=2, minutes=24),
    *,
    allowed: bool | None = None,
    limit_reached: bool | None = None,
) -> RateLimit:
    """The plan's own limit with a 5-hour and a weekly window."""
    five = window(MAIN_LIMIT, session, 18_000, session_left)
    week = window(MAIN_LIMIT, weekly, 604_800, timedelta(days=3, hours=22, minutes=31))
    return RateLimit(MAIN_LIMIT, (five, week), allowed=allowed, limit_reached=limit_reached)


def snapshot(*limits: RateLimit, age_s: float = 12, **fields: object) -> UsageSnapshot:
    """A reply fetched `age_s` seconds before `NOW`."""
    return UsageSnapshot(NOW - timedelta(seconds=age_s), "plus", limits, **fields)  # type: ignore[arg-type]


REVIEW = RateLimit(
    CODE_REVIEW_LIMIT,
    (window(CODE_REVIEW_LIMIT, 4, 604_800, timedelta(hours=20, minutes=19)),),
)
SPARK = RateLimit("spark", (window("spark", 96, 18_000, timedelta(minutes=41), "Spark"),), "Spark")
CREDITS = Credits(has_credits=True, balance=Decimal("150.00"), approx_local_messages=(30, 150))

FRESH = snapshot(main_limit(31, 12), REVIEW, credits=CREDITS)
WARNING = snapshot(main_limit(78, 31, timedelta(minutes=79)), REVIEW, SPARK, credits=CREDITS)
EXHAUSTED = snapshot(
    main_limit(100, 72, allowed=False, limit_reached=True), REVIEW, credits=CREDITS
)
MANY = snapshot(
    main_limit(93, 64),
    REVIEW,
    SPARK,
    *(
        RateLimit(f"m{i}", (window(f"m{i}", 2.0 * i, 86_400, timedelta(hours=i), f"Model {i}"),))
        for i in range(1, 49)
    ),
    credits=CREDITS,
)
HOSTILE = replace(
    snapshot(
        RateLimit(MAIN_LIMIT, (window(MAIN_LIMIT, 50, 604_800, timedelta(days=2)),)),
        RateLimit("x", (window("x", 12, 18_000, timedelta(hours=1), HOSTILE_NAME),)),
    ),
    plan="<b>pl&n</b>",
)

_NEARLY = main_limit(90, 31, timedelta(minutes=79))
ALERTS = {
    "k1": Alert(
        AlertKind.THRESHOLD,
        window_id=_NEARLY.windows[0].window_id,
        percent=90,
        limit=_NEARLY,
        window=_NEARLY.windows[0],
        resets_at=_NEARLY.windows[0].resets_at,
    ),
    "k2": Alert(
        AlertKind.EXHAUSTED,
        window_id=SPARK.windows[0].window_id,
        limit=SPARK,
        window=SPARK.windows[0],
        resets_at=SPARK.windows[0].resets_at,
    ),
    "k3": Alert(AlertKind.RESET_CREDIT, amount=Decimal(1), moment=NOW + timedelta(days=2)),
}
# Worded once, in English, by whoever gives warnings; pictures word `ALERTS` in their language.
BANNERS = (
    Banner("k1", "5-hour limit: 90 % used", "It resets today at 15:00.", can_snooze=True),
    Banner("k2", "Spark limit reached", "It resets today at 14:22.", True, True),
    Banner("k3", "A saved reset expires soon"),
)
_FIVE = window(MAIN_LIMIT, 0, 18_000, timedelta(hours=5))
NOT_BEGUN = RateLimit(
    MAIN_LIMIT,
    (replace(_FIVE, is_sliding=True), window(MAIN_LIMIT, 12, 604_800, timedelta(days=3))),
)
LONG_ACCOUNT = Account(
    "acc-2", "user-2", "katharina.bergmann-oberlechner@a-long-company-name.example", "business"
)
WORKSPACE = snapshot(
    main_limit(45, 61),
    credits=Credits(has_credits=True, balance=Decimal("12.5"), approx_cloud_messages=(2, 9)),
    spend_control=SpendControl(
        limit=Decimal(50),
        used=Decimal("41.25"),
        used_percent=82.5,
        resets_at=NOW + timedelta(days=8),
    ),
    reset_credits=2,
    reset_credit_list=(ResetCredit("r1", NOW + timedelta(days=2)), ResetCredit("r2")),
    reached_type="workspace_member_credits_depleted",
)

OFFLINE = Fault(FaultKind.OFFLINE, "ConnectError: name resolution failed", host="service.invalid")
BROKEN = Fault(FaultKind.SERVER_ERROR, "HTTP 502, text/html, 1.2 kB", status=502)


def signed_in(usage: UsageSnapshot | None, **changes: object) -> AppState:
    """Signed in with these numbers."""
    return replace(AppState(session=SIGNED_IN, usage=usage), **changes)  # type: ignore[arg-type]


def failed(fault: Fault) -> PollState:
    return PollState(fault=fault)


SIGN_IN_PAGE = "https://auth.example.invalid/oauth/authorize?response_type=code&state=abc"

PANEL_STATES: dict[str, AppState] = {
    "starting": AppState(),
    "signed-out": AppState(session=SessionState(SessionStatus.SIGNED_OUT)),
    "signing-in": AppState(
        session=SessionState(
            SessionStatus.SIGNING_IN,
            sign_in_url=SIGN_IN_PAGE,
            progress=SignInProgress(Way.BROWSER, Stage.WAITING, SIGN_IN_PAGE),
        )
    ),
    "signing-in-elsewhere": AppState(
        session=SessionState(
            SessionStatus.SIGNING_IN, progress=SignInProgress(Way.DEVICE, Stage.WAITING)
        )
    ),
    "sign-in-failed": AppState(
        session=SessionState(
            SessionStatus.SIGNED_OUT, fault=Fault(FaultKind.SIGN_IN_DENIED, "access_denied")
        )
    ),
    "keyring-locked": AppState(session=SessionState(SessionStatus.KEYRING_LOCKED)),
    "expired": AppState(
        session=SessionState(SessionStatus.EXPIRED, ACCOUNT),
        usage=replace(FRESH, fetched_at=NOW - timedelta(hours=3)),
    ),
    "waiting": signed_in(None),
    "doubtful": signed_in(replace(FRESH, is_doubtful=True, doubts=(Doubt.FELL,))),
    "refreshing": signed_in(FRESH, poll=PollState(is_polling=True)),
    "by-answer": signed_in(replace(FRESH, source=Source.ANSWER)),
    "banners": signed_in(WARNING, banners=BANNERS),
    "updated": signed_in(FRESH, is_replaced=True),
    "blocked": signed_in(
        snapshot(main_limit(20, 100, allowed=False, limit_reached=True), REVIEW),
    ),
    "both-used-up": signed_in(snapshot(main_limit(100, 100, allowed=False), REVIEW)),
    "not-begun": signed_in(snapshot(NOT_BEGUN)),
    "workspace": replace(
        signed_in(WORKSPACE), session=SessionState(SessionStatus.SIGNED_IN, LONG_ACCOUNT)
    ),
    "two-accounts": replace(
        signed_in(FRESH),
        session=replace(
            SIGNED_IN,
            accounts=(KnownAccount("a" * 16, ACCOUNT), KnownAccount("b" * 16, AT_WORK)),
        ),
    ),
    "borrowed": replace(signed_in(FRESH), session=replace(SIGNED_IN, is_borrowed=True)),
    "cap-only": signed_in(replace(WORKSPACE, limits=(), reset_credits=None)),
    "fresh": signed_in(FRESH),
    "remaining": signed_in(FRESH, settings=Settings(gauge_shows="remaining")),
    "warning": signed_in(WARNING),
    "exhausted": signed_in(EXHAUSTED),
    "stale": signed_in(replace(WARNING, fetched_at=NOW - timedelta(minutes=52))),
    "error": signed_in(WARNING, poll=failed(BROKEN)),
    "error-no-data": signed_in(None, poll=failed(BROKEN)),
    "offline": signed_in(
        replace(FRESH, fetched_at=NOW - timedelta(minutes=4)), poll=failed(OFFLINE)
    ),
    "one-window": signed_in(
        snapshot(RateLimit(MAIN_LIMIT, (window(MAIN_LIMIT, 43, 604_800, timedelta(days=2)),)))
    ),
    "unknown": signed_in(
        snapshot(
            RateLimit(
                MAIN_LIMIT,
                (
                    window(MAIN_LIMIT, None, 18_000, None),
                    window(MAIN_LIMIT, 0.4, 604_800, timedelta(seconds=-30)),
                ),
            )
        )
    ),
    "no-limits": signed_in(snapshot(credits=Credits(has_credits=True, unlimited=True))),
    "many": signed_in(MANY),
    "hostile": signed_in(HOSTILE),
    "no-tray": signed_in(FRESH, has_tray=False),
    "hint": signed_in(FRESH, shows_hints=True),
    "crashed": signed_in(FRESH, trouble=Trouble.CRASHED),
    "safe-mode": signed_in(FRESH, trouble=Trouble.SAFE_MODE, banners=BANNERS[:1]),
    "newer-version": signed_in(FRESH, updates=Updates("0.2.0")),
    "crashed-signed-out": AppState(
        session=SessionState(SessionStatus.SIGNED_OUT), trouble=Trouble.CRASHED
    ),
    "crashed-locked": AppState(
        session=SessionState(SessionStatus.KEYRING_LOCKED), trouble=Trouble.CRASHED
    ),
    "sign-ins-lost": AppState(session=SessionState(SessionStatus.SIGNED_OUT), lost_sign_ins=2),
    "safe-mode-waiting": signed_in(None, trouble=Trouble.SAFE_MODE),
    "hidden": shown(
        replace(
            signed_in(FRESH, settings=Settings(hide_identity=True)),
            session=replace(
                SIGNED_IN,
                account_key="b" * 16,
                accounts=(KnownAccount("a" * 16, AT_WORK), KnownAccount("b" * 16, ACCOUNT)),
            ),
        )
    ),
    "not-saved": replace(signed_in(replace(FRESH, is_partial=True)), session=NOT_SAVED),
    "left-over": replace(signed_in(FRESH), session=LEFT_OVER),
}


_FULL = signed_in(snapshot(main_limit(100, 72)))
_MONO = Settings(icon_style="monochrome")

ICON_STATES: dict[str, AppState] = {
    name: PANEL_STATES[name]
    for name in (
        "starting",
        "signed-out",
        "sign-in-failed",
        "fresh",
        "warning",
        "exhausted",
        "stale",
        "doubtful",
        "error",
        "error-no-data",
        "offline",
        "expired",
        "one-window",
        "unknown",
    )
} | {
    "over": signed_in(snapshot(main_limit(94, 61))),
    "number": signed_in(WARNING, settings=Settings(icon_number="used")),
    "number-left": signed_in(FRESH, settings=Settings(icon_number="remaining")),
    "number-one": signed_in(snapshot(main_limit(4, 1)), settings=Settings(icon_number="used")),
    "number-alone": replace(PANEL_STATES["one-window"], settings=Settings(icon_number="used")),
    "number-stale": replace(PANEL_STATES["stale"], settings=Settings(icon_number="used")),
    "number-full": replace(_FULL, settings=Settings(icon_number="used")),
    "number-left-full": signed_in(
        snapshot(main_limit(0, 0)), settings=Settings(icon_number="remaining")
    ),
    "number-none-left": replace(_FULL, settings=Settings(icon_number="remaining")),
    "mono": signed_in(WARNING, settings=_MONO),
    "mono-calm": signed_in(snapshot(main_limit(60, 31, timedelta(minutes=50))), settings=_MONO),
    "mono-over": signed_in(snapshot(main_limit(94, 61)), settings=_MONO),
    "mono-exhausted": replace(_FULL, settings=_MONO),
    "mono-stale": replace(PANEL_STATES["stale"], settings=_MONO),
    "mono-error": replace(PANEL_STATES["error"], settings=_MONO),
}
