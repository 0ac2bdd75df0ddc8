"""When a question is sent again by itself."""

from __future__ import annotations

import pytest

from app.chat.retries import LONGEST_WAIT_S, TRIES, retry_delay_s
from app.errors import Fault, FaultKind

REPEATED = {
    FaultKind.OFFLINE,
    FaultKind.INTERRUPTED,
    FaultKind.SERVER_ERROR,
    FaultKind.RATE_LIMITED,
    FaultKind.ANSWER_ENDED_EARLY,
}


@pytest.mark.parametrize("kind", FaultKind)
def test_which_faults_are_worth_another_try(kind: FaultKind) -> None:
    """F-H13, F-H16, F-C16."""
    assert (retry_delay_s(Fault(kind), 1, 0.5) is not None) is (kind in REPEATED)


@pytest.mark.parametrize("kind", sorted(REPEATED))
def test_three_tries_in_all_and_two_under_a_rate_limit(kind: FaultKind) -> None:
    fault = Fault(kind)
    assert retry_delay_s(fault, TRIES, 0.5) is None
    assert (retry_delay_s(fault, 2, 0.5) is None) is (kind is FaultKind.RATE_LIMITED)


@pytest.mark.parametrize(
    ("tries", "chance", "expected"), [(1, 0, 0.375), (1, 1, 0.625), (2, 0, 0.75), (2, 1, 1.25)]
)
def test_the_wait_grows_and_is_spread(tries: int, chance: float, expected: float) -> None:
    assert retry_delay_s(Fault(FaultKind.SERVER_ERROR), tries, chance) == expected


@pytest.mark.parametrize(
    ("wish", "expected"),
    [(1.0, 1.0), (2.0, 2.0), (LONGEST_WAIT_S, LONGEST_WAIT_S), (LONGEST_WAIT_S + 1, None)],
)
def test_the_servers_wish_counts(wish: float, expected: float | None) -> None:
    fault = Fault(FaultKind.RATE_LIMITED, retry_after_s=wish)
    assert retry_delay_s(fault, 1, 0.5) == expected
