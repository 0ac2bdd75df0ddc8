"""A token endpoint that names the earliest moment of a refresh (the partner sign-in does)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.person import TOKENS
from support.signed_in import Clock, tokens_from

from app.auth.session import Session
from app.auth.vault import MemoryVault
from app.simulator.server import Simulator


async def test_no_refresh_is_made_before_it_but_a_refused_token_is_renewed(
    session: Session, vault: MemoryVault, clock: Clock, simulator: Simulator
) -> None:
    """F-T01: kept over a restart; a 401 is another matter."""
    issued = tokens_from(simulator, clock())
    soon_over = replace(issued, expires_at=clock() + timedelta(minutes=4))
    await vault.store(replace(soon_over, earliest_refresh_at=clock() + timedelta(minutes=2)))
    await session.restore()
    token = await session.access_token()
    assert token == issued.access_token
    assert simulator.requests_to(TOKENS) == []
    assert await session.refresh_after_refusal(token) != token
    assert len(simulator.requests_to(TOKENS)) == 1


async def test_after_it_the_usual_rule_holds(
    session: Session, vault: MemoryVault, clock: Clock, simulator: Simulator
) -> None:
    """F-T01"""
    issued = tokens_from(simulator, clock())
    soon_over = replace(issued, expires_at=clock() + timedelta(minutes=4))
    await vault.store(replace(soon_over, earliest_refresh_at=clock() + timedelta(minutes=2)))
    await session.restore()
    clock.advance(121)
    assert await session.access_token() != issued.access_token
    assert len(simulator.requests_to(TOKENS)) == 1
