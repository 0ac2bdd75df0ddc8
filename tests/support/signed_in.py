"""A client's half of the simulator for tests: a clock moved by hand, and tokens without pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from app.auth.token_replies import read_token_reply
from app.auth.tokens import TokenSet, tokens_of_sign_in
from app.simulator.accounts import ANN, SimulatedAccount
from app.simulator.authorization import CODEX_CLIENT
from app.simulator.server import Simulator


class Clock:
    """A wall clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def tokens_from(simulator: Simulator, now: datetime, account: SimulatedAccount = ANN) -> TokenSet:
    """Tokens as a sign-in brings them."""
    reply = read_token_reply(json.dumps(simulator.issue_tokens(account)).encode())
    return tokens_of_sign_in(reply, issuer=simulator.url, client_id=CODEX_CLIENT, now=now)
