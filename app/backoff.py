"""How long to wait after failures: exponential, with full jitter. Pure; chance is an argument.

Full jitter (a uniform draw below a growing ceiling) spreads clients that failed together over
the whole interval, which equal or proportional jitter does not (figure 20 of the fault list).
"""

from __future__ import annotations

FIRST_S = 15.0
CEILING_S = 30 * 60.0
FLOOR_S = 1.0


def ceiling_s(failures: int, first_s: float = FIRST_S, limit_s: float = CEILING_S) -> float:
    """The longest wait after `failures` failures in a row: doubles from `first_s` to `limit_s`."""
    doublings = min(max(failures - 1, 0), 60)
    return min(limit_s, first_s * 2.0**doublings)


def full_jitter_s(
    failures: int, chance: float, *, first_s: float = FIRST_S, limit_s: float = CEILING_S
) -> float:
    """Seconds to wait, at least 1: uniform up to the ceiling. `chance` is uniform in [0, 1)."""
    return max(FLOOR_S, chance * ceiling_s(failures, first_s, limit_s))
