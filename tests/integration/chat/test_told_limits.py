"""What recorded replies tell of the limits, over real sockets: as the official client took it."""

from __future__ import annotations

from contextlib import aclosing

import pytest
from support.chat_backend import ASKED, NOW, Backend, chat_with, recorded_cases, send_recorded

from app.errors import AppError
from app.usage.limits import Source, UsageSnapshot

CASES = recorded_cases()

# (limit id, its windows as used percent / minutes / epoch of the reset, limit reached)
Told = tuple[str, list[tuple[float | None, int | None, int | None]], bool | None]
MAIN: Told = ("codex", [(61.5, 300, 1795364189), (12.0, 10_080, 1795450589)], None)
TOLD: dict[str, list[list[Told]]] = {
    "ok": [],
    "rate_limit_headers": [[MAIN]],
    "rate_limit_headers_family": [
        [
            ("codex", [(61.5, 300, 1795364189)], None),
            ("codex_bengalfox", [(88.0, 60, None)], None),
        ]
    ],
    "rlh_used_only": [[("codex", [(10.0, None, None)], None)]],
    "rlh_zero_with_window": [[("codex", [(0.0, 300, None)], None)]],
    "rlh_credits_only": [[]],
    # by its seconds: without a `Date` the moment in it is of another clock (F-U10)
    "rate_limit_event": [[("codex", [(42.0, 300, int(NOW.timestamp()) + 100)], False)]],
    # a refusal carries them too, and says itself that the limit is reached
    "429_usage_limit_reached": [[(*MAIN[:2], True)]],
    "429_usage_limit_name": [[("codex_bengalfox", [(100.0, 300, None)], True)]],
    "429_usage_business": [[("codex", [], True)]],
    "429_usage_limit_promo": [[("codex", [], True)]],
    "429_usage_code_only": [[("codex", [], True)]],
    "429_rate_limit": [],
    "429_usage_not_included": [],
    "500_then_ok": [],
}


def taken_from(told: UsageSnapshot) -> list[Told]:
    return [
        (
            limit.limit_id,
            [
                (
                    one.used_percent_reported,
                    None if one.window_seconds is None else one.window_seconds // 60,
                    None if one.resets_at is None else int(one.resets_at.timestamp()),
                )
                for one in limit.windows
            ],
            limit.limit_reached,
        )
        for limit in told.limits
    ]


@pytest.mark.parametrize("case", TOLD)
async def test_what_a_reply_tells_of_the_limits(case: str) -> None:
    """F-U22, protocol reference §7."""
    told: list[UsageSnapshot] = []
    backend = Backend(lambda peer, _: send_recorded(peer, CASES[case][0]))
    async with chat_with(backend) as chat:
        try:
            async with aclosing(chat.client.answer(ASKED, told.append)) as events:
                async for _ in events:
                    pass
        except AppError:
            assert case.startswith(("429", "500"))
    assert [taken_from(one) for one in told] == TOLD[case]
    assert {one.source for one in told} <= {Source.ANSWER}


async def test_a_turn_passes_them_on_at_every_try() -> None:
    told: list[UsageSnapshot] = []
    replies = [CASES["429_rate_limit"][0], CASES["rate_limit_headers"][0]]
    backend = Backend(lambda peer, n: send_recorded(peer, replies[n]))
    async with chat_with(backend, on_limits=told.append) as chat:
        turn = await chat.ask()
    assert turn.answer
    assert [taken_from(one) for one in told] == [[MAIN]]
