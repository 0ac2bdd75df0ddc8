"""Waiting for the decision made on another device, in virtual time (F-L17)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from support.virtual_time import run_virtually

from app.auth.device import LASTS_S, DeviceCode
from app.auth.device_sign_in import sign_in_with_device_code
from app.auth.tokens import TokenSet
from app.clocks import Clocks
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.transport import Bounds, Reply, ReplyStream, Request

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PENDING = (403, {"error": {"code": "deviceauth_authorization_pending"}})
SLOW_DOWN = (400, {"error": "slow_down"})
APPROVED = (200, {"authorization_code": "ac-1", "code_challenge": "c", "code_verifier": "v-1"})
K = FaultKind

Answer = tuple[int, object] | FaultKind


def now_s() -> float:
    return asyncio.get_running_loop().time()


def token(**claims: object) -> str:
    return jwt.encode(claims, "k" * 32, algorithm="HS256")


TOKENS = {
    "access_token": token(exp=START.timestamp() + 864_000),
    "refresh_token": "rt-1",
    "id_token": token(**{"https://api.openai.com/auth": {"chatgpt_account_id": "acc-1"}}),
}


@dataclass
class Service:
    """Answers polls from a list, the last one for ever; notes when it was asked."""

    answers: Sequence[Answer]
    asked_at: list[float] = field(default_factory=list)
    sleeps_s: float = 0.0  # how long the machine slept

    async def send(self, request: Request, bounds: Bounds) -> Reply:
        if request.url.endswith("/usercode"):
            return self._reply(200, {"device_auth_id": "da", "user_code": "AB-CD", "interval": "5"})
        if request.url.endswith("/oauth/token"):
            return self._reply(200, TOKENS)
        answer = self.answers[min(len(self.asked_at), len(self.answers) - 1)]
        self.asked_at.append(now_s())
        if isinstance(answer, FaultKind):
            raise fail(answer)
        return self._reply(*answer)

    def stream(self, request: Request, bounds: Bounds) -> AbstractAsyncContextManager[ReplyStream]:
        raise NotImplementedError

    def _reply(self, status: int, body: object) -> Reply:
        return Reply(status, {}, json.dumps(body).encode(), START)

    @property
    def clocks(self) -> Clocks:
        return Clocks(
            lambda: START + timedelta(seconds=now_s()), lambda: now_s() + self.sleeps_s, now_s
        )


def sign_in(
    service: Service, on_code: Callable[[DeviceCode], None] = lambda _code: None
) -> TokenSet:
    return run_virtually(
        sign_in_with_device_code(service, Endpoints(), on_code=on_code, clocks=service.clocks)
    )


def fault_of(service: Service) -> FaultKind:
    with pytest.raises(AppError) as caught:
        sign_in(service)
    return caught.value.fault.kind


def test_it_asks_every_five_seconds_and_then_has_the_tokens() -> None:
    shown: list[DeviceCode] = []
    service = Service([PENDING, PENDING, APPROVED])
    tokens = sign_in(service, shown.append)
    assert service.asked_at == [5, 10, 15]
    assert tokens.account.account_id == "acc-1"
    assert [code.user_code for code in shown] == ["AB-CD"]


def test_slow_down_is_obeyed_for_good() -> None:
    service = Service([PENDING, SLOW_DOWN, SLOW_DOWN, PENDING, APPROVED])
    sign_in(service)
    assert service.asked_at == [5, 10, 20, 35, 50]


def test_it_stops_when_the_code_is_over() -> None:
    service = Service([PENDING])
    assert fault_of(service) is K.SIGN_IN_TIMED_OUT
    assert service.asked_at[-1] == LASTS_S - 5
    assert len(service.asked_at) == LASTS_S / 5 - 1


def test_sleep_of_the_machine_counts() -> None:
    """F-L16"""
    service = Service([PENDING])

    def suspend(_code: DeviceCode) -> None:
        asyncio.get_running_loop().call_later(12, setattr, service, "sleeps_s", 3600.0)

    with pytest.raises(AppError) as caught:
        sign_in(service, suspend)
    assert caught.value.fault.kind is K.SIGN_IN_TIMED_OUT
    assert service.asked_at == [5, 10]


@pytest.mark.parametrize("trouble", [(429, {}), (500, "x"), K.OFFLINE, K.TIMED_OUT, K.INTERRUPTED])
def test_passing_trouble_is_waited_out(trouble: Answer) -> None:
    service = Service([PENDING, trouble, trouble, APPROVED])
    assert sign_in(service).refresh_token == "rt-1"
    gaps = [
        late - early for early, late in zip(service.asked_at, service.asked_at[1:], strict=False)
    ]
    assert gaps[0] == 5
    assert all(6 <= gap <= 15 for gap in gaps[1:])


def test_trouble_to_the_end_is_what_is_told() -> None:
    service = Service([PENDING, (503, {})])
    assert fault_of(service) in (K.OVERLOADED, K.SERVER_ERROR)
    assert len(service.asked_at) < 60


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((400, {"error": {"code": "deviceauth_authorization_denied"}}), K.SIGN_IN_DENIED),
        ((410, {}), K.SIGN_IN_TIMED_OUT),
        (K.NOT_SECURE, K.NOT_SECURE),
    ],
)
def test_a_decision_against_it_ends_it_at_once(answer: Answer, kind: FaultKind) -> None:
    service = Service([PENDING, answer])
    assert fault_of(service) is kind
    assert service.asked_at == [5, 10]
