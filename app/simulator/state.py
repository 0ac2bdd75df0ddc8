"""Everything the simulated service knows, in one place for the routes and the controls."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.simulator.accounts import ACCOUNTS, SimulatedAccount
from app.simulator.answers import AnswerBook
from app.simulator.authorization import CodeStore
from app.simulator.clock import SimulatedClock
from app.simulator.device import DeviceCodes
from app.simulator.faults import FaultScript
from app.simulator.recorder import Recorder
from app.simulator.scenario import Scenario
from app.simulator.tokens import TokenStore
from app.simulator.usage import UsageMeter


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an answer streams: seconds before the first event and between pieces, and
    characters per delta."""

    first_s: float = 0.4
    between_s: float = 0.03
    delta_chars: int = 7


INSTANT = Pace(first_s=0.0, between_s=0.0)


@dataclass(slots=True)
class ServiceState:
    """Shared by all routes; each part guards itself against concurrent use."""

    scenario: Scenario
    clock: SimulatedClock
    pace: Pace
    tokens: TokenStore
    codes: CodeStore
    devices: DeviceCodes
    meters: dict[str, UsageMeter]
    url: str = ""
    refresh_refusal_status: int = 400  # 401 until August 2026; clients must know both
    sets_gateway_cookie: bool = False  # a gateway knows its clients by one
    newest_release: str = "0.0.1"  # of the program itself
    rerouted_model: str = ""  # the model that answers instead of the asked one
    answers: AnswerBook = field(default_factory=AnswerBook)
    faults: FaultScript = field(default_factory=FaultScript)
    recorder: Recorder = field(default_factory=Recorder)

    @classmethod
    def begin(cls, scenario: Scenario, clock: SimulatedClock, pace: Pace) -> ServiceState:
        return cls(
            scenario=scenario,
            clock=clock,
            pace=pace,
            tokens=TokenStore(clock, scenario.access_token_s),
            codes=CodeStore(clock),
            devices=DeviceCodes(clock),
            meters={
                account.account_id: UsageMeter(account, scenario, clock) for account in ACCOUNTS
            },
        )

    def meter_of(self, account: SimulatedAccount) -> UsageMeter:
        return self.meters[account.account_id]
