"""What the simulated service says at the start: plan, limits, windows, credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOUR = 3600
DAY = 24 * HOUR
SESSION = 5 * HOUR
WEEK = 7 * DAY
MONTH = 30 * DAY
TEN_DAYS = 10 * DAY  # lifetime of an access token as seen live


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """A window at the start. Percent and seconds.

    `resets_in` None means that the window has not begun: it begins with the first use and
    until then reports its whole length, as the service does for an unused window.
    `cost` is what one answer adds to the used percent.
    """

    seconds: int
    used: float = 0.0
    resets_in: float | None = None
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """A limit with its two slots; name, feature and model only for additional ones."""

    primary: WindowSpec | None = None
    secondary: WindowSpec | None = None
    name: str = ""
    feature: str = ""
    normal_model: str = ""


@dataclass(frozen=True, slots=True)
class CreditsSpec:
    """The credits block; the balance is a string on today's wire."""

    has_credits: bool = False
    unlimited: bool = False
    balance: str | None = None
    approx_local: tuple[int, int] | None = None
    approx_cloud: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ResetCreditSpec:
    """A limit reset that may be redeemed; seconds from the start, None: it never expires."""

    expires_in: float | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class SpendSpec:
    """A workspace's cap on one member, amounts as strings as on the wire."""

    limit: str
    used: str
    remaining: str
    used_percent: int
    resets_in: float
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named state of the world.

    `plan` replaces the account's own. `superset` adds the fields newer than the notes.
    `any_port` accepts a callback on every loopback port (the service: 1455 and 1457 only).
    `extras` replaces or adds top-level fields of the usage reply, as they are.
    """

    name: str
    plan: str | None = None
    main: LimitSpec | None = None
    code_review: LimitSpec | None = None
    additional: tuple[LimitSpec, ...] = ()
    credits: CreditsSpec | None = field(default_factory=CreditsSpec)
    reset_credits: tuple[ResetCreditSpec, ...] = ()
    spend: SpendSpec | None = None
    superset: bool = True
    any_port: bool = False
    access_token_s: float = TEN_DAYS
    extras: Mapping[str, object] = field(default_factory=dict)


_SPARK = LimitSpec(
    primary=WindowSpec(SESSION, used=64, resets_in=100),
    secondary=WindowSpec(WEEK, used=12, resets_in=5 * DAY),
    name="GPT-5.3-Codex-Spark",
    feature="codex_bengalfox",
)

DEMO = Scenario(
    name="demo",
    main=LimitSpec(
        WindowSpec(SESSION, used=86, resets_in=1.8 * HOUR, cost=4),
        WindowSpec(WEEK, used=31, resets_in=4.3 * DAY, cost=1),
    ),
    code_review=LimitSpec(WindowSpec(WEEK, used=8, resets_in=2.2 * DAY)),
    additional=(_SPARK,),
    credits=CreditsSpec(
        has_credits=True, balance="12.50", approx_local=(90, 130), approx_cloud=(20, 30)
    ),
)

FRESH = Scenario(
    name="fresh",
    main=LimitSpec(WindowSpec(SESSION, cost=3), WindowSpec(WEEK, cost=1)),
)

WEEKLY_ONLY = Scenario(
    name="weekly_only",
    main=LimitSpec(WindowSpec(WEEK, used=42, resets_in=3.5 * DAY, cost=2)),
)

EXHAUSTED = Scenario(
    name="exhausted",
    main=LimitSpec(
        WindowSpec(SESSION, used=100, resets_in=1.25 * HOUR, cost=4),
        WindowSpec(WEEK, used=58, resets_in=2 * DAY, cost=1),
    ),
)

MONTHLY_FREE = Scenario(
    name="monthly_free",
    plan="free",
    main=LimitSpec(WindowSpec(MONTH, used=17, resets_in=19 * DAY, cost=5)),
    credits=None,
)

TEAM = Scenario(  # the example of the notes, number by number
    name="team",
    plan="team",
    main=LimitSpec(
        WindowSpec(SESSION, used=2, resets_in=10_848, cost=3),
        WindowSpec(WEEK, used=1, resets_in=597_648, cost=1),
    ),
    code_review=LimitSpec(WindowSpec(WEEK)),
    superset=False,
)

EVERYTHING = Scenario(  # every block the service is known to send
    name="everything",
    plan="business",
    main=LimitSpec(
        WindowSpec(SESSION, used=41, resets_in=3 * HOUR, cost=4),
        WindowSpec(WEEK, used=73, resets_in=2.5 * DAY, cost=1),
    ),
    code_review=LimitSpec(WindowSpec(WEEK, used=8, resets_in=2.2 * DAY)),
    additional=(
        _SPARK,
        LimitSpec(
            WindowSpec(SESSION),
            name="Reserve",
            feature="gpt-reserve",
            normal_model="gpt-5.6-luna",
        ),
    ),
    credits=CreditsSpec(
        has_credits=True, balance="12.50", approx_local=(90, 130), approx_cloud=(20, 30)
    ),
    reset_credits=(
        ResetCreditSpec(20 * DAY, "Reset of both limits"),
        ResetCreditSpec(2 * DAY, "Reset of both limits"),
    ),
    spend=SpendSpec("100", "25", "75", used_percent=25, resets_in=9 * DAY),
    extras={
        "promo": {"message": "A word from the service"},
        "model_usage": {"gpt-6.1-sol": {"available": True, "available_at": None}},
        "rate_limit_upsell": {"banner_type": "luna_reserve"},
    },
)

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (DEMO, FRESH, WEEKLY_ONLY, EXHAUSTED, MONTHLY_FREE, TEAM, EVERYTHING)
}


def scenario_named(name: str) -> Scenario:
    """A built-in scenario. Raises `ValueError` with the known names for any other."""
    if name not in SCENARIOS:
        message = f"no scenario {name!r}; there are {', '.join(SCENARIOS)}"
        raise ValueError(message)
    return SCENARIOS[name]
