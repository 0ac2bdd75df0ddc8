"""The replies of a device sign-in and the pace of its questions (F-L17)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from app.auth.client_profiles import CODEX, DONE_HUB
from app.auth.device import (
    CEILING_S,
    FLOOR_S,
    LASTS_S,
    Pacing,
    PollReply,
    Verdict,
    code_request,
    exchange_of,
    poll_request,
    read_code_reply,
    read_poll_reply,
)
from app.auth.oauth import token_request
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind
from app.transport import Reply

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 12:10:00 GMT"  # the service's clock is ten minutes ahead
GOOD = {"device_auth_id": "da-tst-1", "user_code": "ABCD-EFGHI", "interval": "5"}
HTML = {"content-type": "text/html"}
K = FaultKind


def reply(status: int = 200, body: object = b"", headers: Mapping[str, str] | None = None) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, headers or {}, raw, NOW)


def kind_of_code(answer: Reply) -> FaultKind:
    with pytest.raises(AppError) as caught:
        read_code_reply(answer, Endpoints())
    return caught.value.fault.kind


def test_the_requests_are_those_of_todays_client() -> None:
    """captures/http/device-usercode.http, device-token-poll.http, device-code-exchange.http"""
    ask = code_request(Endpoints(), CODEX)
    assert (ask.method, ask.url) == (
        "POST",
        "https://auth.openai.com/api/accounts/deviceauth/usercode",
    )
    assert ask.body == b'{"client_id":"app_EMoamEEZ73f0CkXaXp7hrann"}'
    assert DONE_HUB.client_id in code_request(Endpoints(), DONE_HUB).body.decode()
    code = read_code_reply(reply(body=GOOD), Endpoints())
    poll = poll_request(Endpoints(), code)
    assert poll.url == "https://auth.openai.com/api/accounts/deviceauth/token"
    assert poll.body == b'{"device_auth_id":"da-tst-1","user_code":"ABCD-EFGHI"}'
    assert poll.headers["content-type"] == "application/json"
    approved = PollReply(Verdict.APPROVED, "ac-device-1", "verif-device-1")
    exchange = token_request(Endpoints(), CODEX, exchange_of(approved, Endpoints()), "ac-device-1")
    assert exchange.body == (
        b"grant_type=authorization_code&client_id=app_EMoamEEZ73f0CkXaXp7hrann"
        b"&code=ac-device-1"
        b"&redirect_uri=https%3A%2F%2Fauth.openai.com%2Fdeviceauth%2Fcallback"
        b"&code_verifier=verif-device-1"
    )


def test_the_code_is_shown_with_the_issuers_own_page_and_kept_out_of_repr() -> None:
    code = read_code_reply(reply(body=GOOD), Endpoints("https://auth.example"))
    assert code.user_code == "ABCD-EFGHI"
    assert code.address == "https://auth.example/codex/device"
    assert (code.interval_s, code.lasts_s) == (5.0, LASTS_S)
    assert "ABCD" not in repr(code)
    assert "da-tst" not in repr(code)


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [
        ("5", 5),
        ("1", FLOOR_S),
        (" 7 ", 7),
        ("7.5", 7.5),
        (8, 8),
        (0, FLOOR_S),
        (-3, FLOOR_S),
        (None, FLOOR_S),
        (True, FLOOR_S),
        ("soon", FLOOR_S),
        ("1e9", FLOOR_S),
        (1e9, CEILING_S),
        ("999999999", CEILING_S),
        ([5], FLOOR_S),
    ],
)
def test_the_interval_stays_within_its_bounds(interval: object, seconds: float) -> None:
    body = {**GOOD, "interval": interval}
    assert read_code_reply(reply(body=body), Endpoints()).interval_s == seconds


def test_a_missing_interval_is_the_floor_and_either_spelling_of_the_code_will_do() -> None:
    code = read_code_reply(reply(body={"device_code": "da", "usercode": "ALIAS-CODE"}), Endpoints())
    assert (code.user_code, code.device_auth_id) == ("ALIAS-CODE", "da")
    assert code.interval_s == FLOOR_S


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"expires_in": 600}, 600),
        ({"expires_in": "60"}, 60),
        ({"expires_in": 10**6}, LASTS_S),
        ({"expires_in": -1}, LASTS_S),
        ({"expires_at": "2026-11-22T12:15:00Z"}, 299.5),  # by the service's clock
        ({"expires_at": "2030-01-01T00:00:00Z"}, LASTS_S),
        ({"expires_at": "2026-11-22T12:09:00Z"}, LASTS_S),  # over on arrival: not believed
        ({"expires_at": "2026-11-22T12:15:00"}, LASTS_S),
        ({"expires_at": "soon"}, LASTS_S),
        ({"expires_at": 1795349700}, LASTS_S),
    ],
)
def test_the_code_lasts_as_long_as_the_service_says_but_never_longer_than_known(
    fields: dict[str, object], seconds: float
) -> None:
    """F-L17: clock drift"""
    answer = reply(body={**GOOD, **fields}, headers={"date": DATE})
    assert read_code_reply(answer, Endpoints()).lasts_s == seconds


def test_without_a_date_our_own_clock_has_to_do() -> None:
    answer = reply(body={**GOOD, "expires_at": "2026-11-22T12:05:00Z"})
    assert read_code_reply(answer, Endpoints()).lasts_s == 300


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(404, {}), K.DEVICE_CODE_NOT_ENABLED),
        (reply(404, b"<html>", HTML), K.NOT_FOUND),
        (reply(429, {"error": {"code": "rate_limited"}}), K.RATE_LIMITED),
        (reply(500, b"x"), K.SERVER_ERROR),
        (reply(401, {"error": "invalid_client"}), K.SIGN_IN_FAILED),
        (reply(403, b"<html>Cloudflare", {**HTML, "cf-ray": "x"}), K.BLOCKED),
        (reply(200, b"{"), K.NOT_UNDERSTOOD),
        (reply(200, b"[]"), K.NOT_UNDERSTOOD),
        (reply(200, b"<html>", HTML), K.PORTAL),
        (reply(200, {**GOOD, "user_code": None}), K.NOT_UNDERSTOOD),
        (reply(200, {**GOOD, "user_code": "<b>x</b>"}), K.NOT_UNDERSTOOD),
        (reply(200, {**GOOD, "user_code": "A" * 99}), K.NOT_UNDERSTOOD),
        (reply(200, {**GOOD, "device_auth_id": "a b"}), K.NOT_UNDERSTOOD),
        (reply(200, {**GOOD, "device_auth_id": 7}), K.NOT_UNDERSTOOD),
    ],
)
def test_a_reply_without_a_code_is_told_apart(answer: Reply, kind: FaultKind) -> None:
    assert kind_of_code(answer) is kind


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (reply(403, {"error": {"code": "deviceauth_authorization_pending"}}), Verdict.PENDING),
        (reply(404, {"error": {"code": "deviceauth_authorization_pending"}}), Verdict.PENDING),
        (reply(403, b""), Verdict.PENDING),
        (reply(404, b"<html>", HTML), Verdict.PENDING),
        (reply(400, {"error": "authorization_pending"}), Verdict.PENDING),
        (reply(200, {"status": "pending"}), Verdict.PENDING),
        (reply(400, {"error": "slow_down"}), Verdict.SLOW_DOWN),
        (reply(429, {}), Verdict.TROUBLE),
        (reply(500, b"x"), Verdict.TROUBLE),
        (reply(503, b""), Verdict.TROUBLE),
        (reply(403, b"<html>Cloudflare", {**HTML, "cf-ray": "x"}), Verdict.TROUBLE),
    ],
)
def test_a_reply_without_a_decision_means_asking_on(answer: Reply, verdict: Verdict) -> None:
    assert read_poll_reply(answer).verdict is verdict


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(400, {"error": {"code": "deviceauth_authorization_denied"}}), K.SIGN_IN_DENIED),
        (reply(403, {"error": "access_denied"}), K.SIGN_IN_DENIED),
        (reply(410, {"error": "expired"}), K.SIGN_IN_TIMED_OUT),
        (reply(410, b""), K.SIGN_IN_TIMED_OUT),
        (reply(400, {"error": "expired_token"}), K.SIGN_IN_TIMED_OUT),
        (reply(400, {"error": "invalid_client"}), K.SIGN_IN_FAILED),
        (reply(200, {"status": "done"}), K.NOT_UNDERSTOOD),
        (reply(200, b"no JSON"), K.NOT_UNDERSTOOD),
        (reply(200, b"<html>", HTML), K.PORTAL),
        (reply(200, {"authorization_code": "a", "code_verifier": "no blank"}), K.NOT_UNDERSTOOD),
        (reply(200, {"authorization_code": "a"}), K.NOT_UNDERSTOOD),
        (reply(302, b"", {"location": "https://elsewhere.example"}), K.REDIRECTED),
    ],
)
def test_a_reply_that_ends_it_is_told(answer: Reply, kind: FaultKind) -> None:
    with pytest.raises(AppError) as caught:
        read_poll_reply(answer)
    assert caught.value.fault.kind is kind


def test_an_approval_brings_code_and_verifier_but_not_into_repr() -> None:
    body = {"authorization_code": "ac-1", "code_challenge": "c", "code_verifier": "v-1"}
    approved = read_poll_reply(reply(200, body))
    assert (approved.verdict, approved.code, approved.code_verifier) == (
        Verdict.APPROVED,
        "ac-1",
        "v-1",
    )
    assert "ac-1" not in repr(approved)
    assert "v-1" not in repr(approved)


def test_slow_down_lengthens_every_later_interval_and_trouble_backs_off() -> None:
    """RFC 8628 §3.5"""
    pace = Pacing(5)
    assert pace.wait_s(0.9) == 5
    slower = pace.after(PollReply(Verdict.SLOW_DOWN))
    assert slower.wait_s(0.9) == 10
    assert slower.after(PollReply(Verdict.PENDING)).wait_s(0.9) == 10
    assert Pacing(58).after(PollReply(Verdict.SLOW_DOWN)).interval_s == CEILING_S

    once = slower.after(PollReply(Verdict.TROUBLE, fault=Fault(K.SERVER_ERROR)))
    twice = once.after(PollReply(Verdict.TROUBLE))
    assert once.wait_s(0.999) == pytest.approx(15, abs=0.1)
    assert twice.wait_s(0.999) == pytest.approx(20, abs=0.1)
    asked = once.after(PollReply(Verdict.TROUBLE, fault=Fault(K.RATE_LIMITED, retry_after_s=90)))
    assert asked.wait_s(0.0) == 90
    assert asked.after(PollReply(Verdict.PENDING)).wait_s(0.5) == 10
