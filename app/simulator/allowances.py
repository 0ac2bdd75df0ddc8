"""What an account may spend beside its windows: limit resets to redeem, and a spending cap."""

from __future__ import annotations

from dataclasses import dataclass

from app.simulator.scenario import CreditsSpec, ResetCreditSpec, SpendSpec


@dataclass(frozen=True, slots=True)
class HeldReset:
    """A reset that the account holds; `expires_at` None if it never does."""

    spec: ResetCreditSpec
    credit_id: str
    granted_at: float
    expires_at: float | None

    def body(self) -> dict[str, object]:
        return {
            "id": self.credit_id,
            "reset_type": "rate_limit",
            "status": "available",
            "granted_at": round(self.granted_at),
            "expires_at": None if self.expires_at is None else round(self.expires_at),
            "title": self.spec.title or None,
            "description": None,
        }


@dataclass(frozen=True, slots=True)
class ResetCreditBook:
    """The resets of one account, from the start on."""

    held: tuple[HeldReset, ...] = ()

    @classmethod
    def begin(cls, specs: tuple[ResetCreditSpec, ...], now: float) -> ResetCreditBook:
        return cls(
            tuple(
                HeldReset(
                    spec,
                    f"rlrc_{number:04}",
                    now,
                    None if spec.expires_in is None else now + spec.expires_in,
                )
                for number, spec in enumerate(specs, 1)
            )
        )

    def available(self, now: float) -> tuple[HeldReset, ...]:
        return tuple(one for one in self.held if one.expires_at is None or one.expires_at > now)

    def body(self, now: float) -> dict[str, object]:
        """The reply of GET `rate-limit-reset-credits`."""
        left = self.available(now)
        return {
            "credits": [one.body() for one in left],
            "available_count": len(left),
            "total_earned_count": len(self.held),
        }


def spend_body(spec: SpendSpec | None, started_at: float, now: float) -> dict[str, object]:
    """The `spend_control` block."""
    if spec is None:
        return {"reached": False, "individual_limit": None}
    end = round(started_at + spec.resets_in)
    return {
        "reached": spec.reached,
        "individual_limit": {
            "source": "workspace",
            "limit": spec.limit,
            "used": spec.used,
            "remaining": spec.remaining,
            "used_percent": spec.used_percent,
            "remaining_percent": 100 - spec.used_percent,
            "reset_after_seconds": max(0, end - round(now)),
            "reset_at": end,
        },
    }


def credits_body(spec: CreditsSpec | None) -> dict[str, object] | None:
    """The `credits` block of a usage reply."""
    if spec is None:
        return None
    return {
        "has_credits": spec.has_credits,
        "unlimited": spec.unlimited,
        "balance": spec.balance,
        "approx_local_messages": spec.approx_local and list(spec.approx_local),
        "approx_cloud_messages": spec.approx_cloud and list(spec.approx_cloud),
    }
