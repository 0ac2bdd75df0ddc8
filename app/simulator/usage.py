"""What was used of which window, and how the service says so in bodies and headers."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from app.simulator.accounts import SimulatedAccount
from app.simulator.allowances import ResetCreditBook, credits_body, spend_body
from app.simulator.clock import SimulatedClock
from app.simulator.scenario import LimitSpec, Scenario, WindowSpec

MAIN = "codex"
CODE_REVIEW = "code_review"


@dataclass(slots=True)
class MeteredWindow:
    """A window in use; `ends_at` None while it has not begun."""

    spec: WindowSpec
    used: float
    ends_at: float | None

    @classmethod
    def begin(cls, spec: WindowSpec, now: float) -> MeteredWindow:
        return cls(spec, spec.used, None if spec.resets_in is None else now + spec.resets_in)

    def roll(self, now: float) -> None:
        """Start the next window, at 0 %, each time the running one ends."""
        if self.ends_at is not None and now >= self.ends_at:
            self.ends_at += self.spec.seconds * (
                1 + math.floor((now - self.ends_at) / self.spec.seconds)
            )
            self.used = 0.0

    def use(self, percent: float, now: float) -> None:
        self.roll(now)
        self.begin_with_use(percent, now)
        self.used = min(100.0, self.used + percent)

    def begin_with_use(self, percent: float, now: float) -> None:
        if self.ends_at is None and percent > 0:
            self.ends_at = now + self.spec.seconds

    def end(self, now: float) -> float:
        return now + self.spec.seconds if self.ends_at is None else self.ends_at

    def event_body(self, now: float) -> dict[str, int]:
        """The form inside a stream: the length in minutes."""
        end = round(self.end(now))
        return {
            "used_percent": int(self.used),
            "window_minutes": math.ceil(self.spec.seconds / 60),
            "reset_after_seconds": max(0, end - round(now)),
            "reset_at": end,
        }

    def body(self, now: float) -> dict[str, int]:
        """The wire form, fields in the order of the notes; whole numbers throughout."""
        end = round(self.end(now))
        return {
            "used_percent": int(self.used),
            "limit_window_seconds": self.spec.seconds,
            "reset_after_seconds": max(0, end - round(now)),
            "reset_at": end,
        }


@dataclass(slots=True)
class MeteredLimit:
    """The two slots of a limit; what stands in which slot carries no meaning."""

    spec: LimitSpec
    primary: MeteredWindow | None
    secondary: MeteredWindow | None

    @classmethod
    def begin(cls, spec: LimitSpec, now: float) -> MeteredLimit:
        def window(part: WindowSpec | None) -> MeteredWindow | None:
            return None if part is None else MeteredWindow.begin(part, now)

        return cls(spec, window(spec.primary), window(spec.secondary))

    @property
    def windows(self) -> tuple[MeteredWindow, ...]:
        return tuple(window for window in (self.primary, self.secondary) if window is not None)

    def exhausted(self) -> MeteredWindow | None:
        """The used up window that ends last, or None."""
        full = [window for window in self.windows if window.used >= 100]
        return max(full, key=lambda window: window.ends_at or 0.0, default=None)

    def body(self, now: float) -> dict[str, object]:
        reached = self.exhausted() is not None
        return {
            "allowed": not reached,
            "limit_reached": reached,
            "primary_window": self.primary and self.primary.body(now),
            "secondary_window": self.secondary and self.secondary.body(now),
        }

    def event_body(self, now: float) -> dict[str, object]:
        """The form inside a stream, with slots named without "window"."""
        reached = self.exhausted() is not None
        return {
            "allowed": not reached,
            "limit_reached": reached,
            "primary": self.primary and self.primary.event_body(now),
            "secondary": self.secondary and self.secondary.event_body(now),
        }

    def headers(self, prefix: str, now: float) -> dict[str, str]:
        """`x-codex-primary-…` and the same for the other slot (reset as epoch seconds)."""
        headers = {}
        for slot, window in (("primary", self.primary), ("secondary", self.secondary)):
            if window is not None:
                headers[f"{prefix}-{slot}-used-percent"] = f"{window.used:.1f}"
                headers[f"{prefix}-{slot}-window-minutes"] = str(
                    math.ceil(window.spec.seconds / 60)
                )
                headers[f"{prefix}-{slot}-reset-at"] = str(round(window.end(now)))
        return headers


class UsageMeter:
    """The usage of one account. Thread-safe: tests turn it while the server reads."""

    def __init__(self, account: SimulatedAccount, scenario: Scenario, clock: SimulatedClock):
        self._lock = threading.RLock()
        self._account = account
        self._scenario = scenario
        self._clock = clock
        now = self._started_at = clock.now()
        self._resets = ResetCreditBook.begin(scenario.reset_credits, now)
        self._limits: dict[str, MeteredLimit] = {}
        for limit_id, spec in (
            (MAIN, scenario.main),
            (CODE_REVIEW, scenario.code_review),
            *((extra.feature, extra) for extra in scenario.additional),
        ):
            if spec is not None:
                self._limits[limit_id] = MeteredLimit.begin(spec, now)

    @property
    def plan(self) -> str:
        return self._scenario.plan or self._account.plan

    def used(self, limit_id: str, window_seconds: int | None = None) -> float:
        """Percent used of one window (default: the first of the limit)."""
        with self._lock:
            return self._window(limit_id, window_seconds).used

    def set_used(self, limit_id: str, percent: float, window_seconds: int | None = None) -> None:
        """Set one window (default: the first of the limit). `KeyError` if there is none."""
        with self._lock:
            window = self._window(limit_id, window_seconds)
            window.begin_with_use(percent, self._clock.now())
            window.used = float(percent)

    def end_window_in(
        self, limit_id: str, seconds: float, window_seconds: int | None = None
    ) -> None:
        """Let a window end `seconds` from now."""
        with self._lock:
            self._window(limit_id, window_seconds).ends_at = self._clock.now() + seconds

    def charge_answer(self) -> None:
        """One answer was given: every main window rises by its cost."""
        with self._lock:
            now = self._clock.now()
            main = self._rolled(now).get(MAIN)
            for window in main.windows if main else ():
                window.use(window.spec.cost, now)

    def refusal(self) -> dict[str, object] | None:
        """The body of the 429 if a main window is used up, else None."""
        with self._lock:
            now = self._clock.now()
            main = self._rolled(now).get(MAIN)
            full = main.exhausted() if main else None
            if full is None:
                return None
            end = round(full.end(now))
            error: dict[str, object] = {
                "type": "usage_limit_reached",
                "message": "The usage limit has been reached",
                "plan_type": self.plan,
                "resets_at": end,
                "resets_in_seconds": max(0, end - round(now)),
                "limit_window_minutes": math.ceil(full.spec.seconds / 60),
            }
            return {"error": error}

    def headers(self) -> dict[str, str]:
        """The `x-codex-*` headers of a chat reply."""
        with self._lock:
            now = self._clock.now()
            headers = {"x-codex-plan-type": self.plan, "x-codex-active-limit": MAIN}
            for limit_id, limit in self._rolled(now).items():
                if limit_id == CODE_REVIEW:
                    continue
                prefix = f"x-{limit_id.replace('_', '-')}"
                headers |= limit.headers(prefix, now)
                if limit.spec.name:
                    headers[f"{prefix}-limit-name"] = limit.spec.name
            if MAIN in self._limits and self._limits[MAIN].exhausted():
                headers["x-codex-rate-limit-reached-type"] = "rate_limit_reached"
            credits_ = self._scenario.credits
            if credits_ is not None:
                headers["x-codex-credits-has-credits"] = str(credits_.has_credits).lower()
                headers["x-codex-credits-unlimited"] = str(credits_.unlimited).lower()
                headers["x-codex-credits-balance"] = credits_.balance or ""
            return headers

    def event(self) -> dict[str, object]:
        """The `codex.rate_limits` event inside a streamed answer."""
        with self._lock:
            now = self._clock.now()
            main = self._rolled(now).get(MAIN)
            bought = credits_body(self._scenario.credits)
            kept = ("has_credits", "unlimited", "balance")
            return {
                "type": "codex.rate_limits",
                "plan_type": self.plan,
                "rate_limits": main and main.event_body(now),
                "code_review_rate_limits": None,
                "credits": bought and {key: bought[key] for key in kept},
                "promo": None,
            }

    def reset_credits(self) -> dict[str, object]:
        """The reply of GET `wham/rate-limit-reset-credits`."""
        return self._resets.body(self._clock.now())

    def body(self) -> dict[str, object]:
        """The reply of GET `wham/usage`, in the field order of the notes."""
        with self._lock:
            now = self._clock.now()
            limits = self._rolled(now)
            main, review = limits.get(MAIN), limits.get(CODE_REVIEW)
            body: dict[str, object] = {
                "plan_type": self.plan,
                "rate_limit": main and main.body(now),
                "code_review_rate_limit": review and review.body(now),
                "credits": credits_body(self._scenario.credits),
            }
            if self._scenario.superset:
                body = self._with_newer_fields(body, now)
            return body | dict(self._scenario.extras)

    def _with_newer_fields(self, body: dict[str, object], now: float) -> dict[str, object]:
        others = [
            {
                "limit_name": limit.spec.name,
                "metered_feature": limit_id,
                "rate_limit": limit.body(now),
                **({"normal_model_slug": model} if (model := limit.spec.normal_model) else {}),
            }
            for limit_id, limit in self._limits.items()
            if limit_id not in {MAIN, CODE_REVIEW}
        ]
        reached = self.refusal() is not None
        return {
            "user_id": self._account.user_id,
            "account_id": self._account.account_id,
            "email": self._account.email,
            **body,
            "additional_rate_limits": others or None,
            "spend_control": spend_body(self._scenario.spend, self._started_at, now),
            "rate_limit_reached_type": {"type": "rate_limit_reached"} if reached else None,
            "rate_limit_reset_credits": {"available_count": len(self._resets.available(now))},
            "promo": None,
            "referral_beacon": None,
        }

    def _rolled(self, now: float) -> dict[str, MeteredLimit]:
        for limit in self._limits.values():
            for window in limit.windows:
                window.roll(now)
        return self._limits

    def _window(self, limit_id: str, window_seconds: int | None) -> MeteredWindow:
        limit = self._rolled(self._clock.now())[limit_id]
        for window in limit.windows:
            if window_seconds in {None, window.spec.seconds}:
                return window
        message = f"{limit_id} has no window of {window_seconds} s"
        raise KeyError(message)
