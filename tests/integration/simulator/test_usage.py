"""GET `wham/usage` of the simulator: shape, movement, resets."""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import jwt
import pytest
from support.simulator import IssuedTokens, MakeSimulator, issue_tokens

from app.simulator.accounts import ANN, BO
from app.simulator.clock import SimulatedClock
from app.simulator.scenario import SCENARIOS, SESSION, WEEK, LimitSpec, Scenario, WindowSpec
from app.simulator.server import Simulator

NOTES_EXAMPLE = """{
    "plan_type": "team",
    "rate_limit": {
        "allowed": true,
        "limit_reached": false,
        "primary_window": {
            "used_percent": 2,
            "limit_window_seconds": 18000,
            "reset_after_seconds": 10848,
            "reset_at": 1766053355
        },
        "secondary_window": {
            "used_percent": 1,
            "limit_window_seconds": 604800,
            "reset_after_seconds": 597648,
            "reset_at": 1766640155
        }
    },
    "code_review_rate_limit": {
        "allowed": true,
        "limit_reached": false,
        "primary_window": {
            "used_percent": 0,
            "limit_window_seconds": 604800,
            "reset_after_seconds": 604800,
            "reset_at": 1766647307
        },
        "secondary_window": null
    },
    "credits": {
        "has_credits": false,
        "unlimited": false,
        "balance": null,
        "approx_local_messages": null,
        "approx_cloud_messages": null
    }
}"""


def read(simulator: Simulator, tokens: IssuedTokens | None = None) -> Any:
    return fetch(simulator, tokens).json()


def fetch(
    simulator: Simulator, tokens: IssuedTokens | None = None, path: str = "usage"
) -> httpx.Response:
    headers = (tokens or issue_tokens(simulator)).headers
    url = f"{simulator.url}/backend-api/wham/{path}"
    reply = httpx.get(url, headers=headers, trust_env=False)
    assert reply.status_code == 200
    return reply


def main_window(simulator: Simulator, slot: str = "primary") -> dict[str, int]:
    window: dict[str, int] = read(simulator)["rate_limit"][f"{slot}_window"]
    return window


def test_team_scenario_is_the_example_of_the_notes(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator("team", clock=SimulatedClock(start=1_766_042_507, speed=0))
    reply = fetch(simulator)
    assert json.dumps(reply.json(), indent=4) == NOTES_EXAMPLE  # order of the fields included
    assert parsedate_to_datetime(reply.headers["date"]).timestamp() == 1_766_042_507


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_speaks_in_whole_numbers(make_simulator: MakeSimulator, name: str) -> None:
    body = read(make_simulator(name))
    assert isinstance(body["plan_type"], str)
    limits = [body["rate_limit"], body["code_review_rate_limit"]]
    limits += [extra["rate_limit"] for extra in body.get("additional_rate_limits") or []]
    windows = [
        limit[slot] for limit in limits if limit for slot in ("primary_window", "secondary_window")
    ]
    present = [window for window in windows if window is not None]
    assert present
    for window in present:
        assert all(type(value) is int for value in window.values())
        assert 0 < window["reset_after_seconds"] <= window["limit_window_seconds"]


def test_demo_shows_one_of_everything(simulator: Simulator) -> None:
    body = read(simulator)
    assert body["account_id"] == ANN.account_id
    assert body["rate_limit"]["primary_window"]["used_percent"] == 86
    assert body["rate_limit"]["secondary_window"]["used_percent"] == 31
    assert body["code_review_rate_limit"] is not None
    assert body["credits"]["has_credits"] is True
    spark = body["additional_rate_limits"][0]
    assert (spark["limit_name"], spark["metered_feature"]) == (
        "GPT-5.3-Codex-Spark",
        "codex_bengalfox",
    )
    assert 0 < spark["rate_limit"]["primary_window"]["reset_after_seconds"] <= 120


def test_everything_the_service_is_known_to_send(make_simulator: MakeSimulator) -> None:
    """Protocol reference §5."""
    clock = SimulatedClock(speed=0)
    simulator = make_simulator("everything", clock=clock)
    body = read(simulator)
    assert body["additional_rate_limits"][1]["normal_model_slug"] == "gpt-5.6-luna"
    assert set(body) >= {"promo", "model_usage", "rate_limit_upsell", "referral_beacon"}
    cap = body["spend_control"]["individual_limit"]
    assert (cap["limit"], cap["used"], cap["used_percent"]) == ("100", "25", 25)
    assert cap["reset_after_seconds"] == 9 * 86_400
    assert body["rate_limit_reset_credits"] == {"available_count": 2}
    held = fetch(simulator, path="rate-limit-reset-credits").json()
    assert (held["available_count"], held["total_earned_count"]) == (2, 2)
    assert {one["status"] for one in held["credits"]} == {"available"}
    simulator.advance(3 * 86_400)
    assert read(simulator)["rate_limit_reset_credits"] == {"available_count": 1}
    held = fetch(simulator, path="rate-limit-reset-credits").json()
    assert (held["available_count"], held["total_earned_count"]) == (1, 2)


def test_exhausted_scenario(make_simulator: MakeSimulator) -> None:
    body = read(make_simulator("exhausted"))
    assert body["rate_limit"]["allowed"] is False
    assert body["rate_limit"]["limit_reached"] is True
    assert body["rate_limit_reached_type"] == {"type": "rate_limit_reached"}


def test_windows_reset_and_begin_anew(make_simulator: MakeSimulator) -> None:
    clock = SimulatedClock(speed=0)
    simulator = make_simulator(clock=clock)
    before = main_window(simulator)
    simulator.advance(before["reset_after_seconds"] + 60)
    after = main_window(simulator)
    assert after["used_percent"] == 0
    assert after["reset_at"] == before["reset_at"] + SESSION
    simulator.advance(3 * SESSION)
    assert main_window(simulator)["reset_at"] == before["reset_at"] + 4 * SESSION
    assert main_window(simulator, "secondary")["used_percent"] == 31


def test_unused_window_begins_with_the_first_use(make_simulator: MakeSimulator) -> None:
    clock = SimulatedClock(speed=0)
    simulator = make_simulator("fresh", clock=clock)
    assert main_window(simulator)["reset_after_seconds"] == SESSION
    simulator.advance(600)
    assert main_window(simulator)["reset_after_seconds"] == SESSION
    simulator.state.meters[ANN.account_id].charge_answer()
    simulator.advance(600)
    assert main_window(simulator) == {
        "used_percent": 3,
        "limit_window_seconds": SESSION,
        "reset_after_seconds": SESSION - 600,
        "reset_at": round(clock.now()) + SESSION - 600,
    }


def test_controls_turn_the_meters(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(clock=SimulatedClock(speed=0))
    simulator.set_used("codex", 99.9)
    simulator.set_used("codex", 50, WEEK)
    simulator.end_window_in("codex", 30)
    assert main_window(simulator)["used_percent"] == 99
    assert main_window(simulator)["reset_after_seconds"] == 30
    assert main_window(simulator, "secondary")["used_percent"] == 50
    assert simulator.state.meters[BO.account_id].used("codex", WEEK) == 50
    simulator.set_used("codex", 5, account=BO)
    assert main_window(simulator)["used_percent"] == 99
    with pytest.raises(KeyError):
        simulator.set_used("codex", 5, 7)


def test_clock_can_run_faster(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator("weekly_only", clock=SimulatedClock(start=0, speed=100_000))
    tokens = issue_tokens(simulator)
    first = parsedate_to_datetime(fetch(simulator, tokens).headers["date"])
    later = parsedate_to_datetime(fetch(simulator, tokens).headers["date"])
    assert (later - first).total_seconds() > 10


def test_scenario_can_say_anything(make_simulator: MakeSimulator) -> None:
    scenario = Scenario(
        name="odd",
        plan="prolite",
        main=LimitSpec(secondary=WindowSpec(WEEK, used=130)),
        credits=None,
        extras={"plan_type": None, "promo": {"id": 1}},
    )
    body = read(make_simulator(scenario))
    assert body["plan_type"] is None
    assert body["promo"] == {"id": 1}
    assert body["credits"] is None
    assert body["additional_rate_limits"] is None
    assert body["rate_limit"]["primary_window"] is None
    assert body["rate_limit"]["secondary_window"]["used_percent"] == 130


def test_who_may_read(simulator: Simulator) -> None:
    tokens = issue_tokens(simulator)
    url = f"{simulator.url}/backend-api/wham/usage"
    for headers, status in (
        ({}, 401),
        ({"authorization": "Bearer unknown"}, 401),
        ({"authorization": f"Basic {tokens.access_token}"}, 401),
        ({"authorization": f"Bearer {tokens.access_token}"}, 403),
        ({**tokens.headers, "chatgpt-account-id": BO.account_id}, 403),
        (tokens.headers, 200),
    ):
        reply = httpx.get(url, headers=headers, trust_env=False)
        assert reply.status_code == status
        assert "date" in reply.headers
        if status == 401:
            assert reply.json() == {"detail": "Unauthorized"}


def test_government_accounts_need_their_header(simulator: Simulator) -> None:
    headers = issue_tokens(simulator, replace(ANN, is_fedramp=True)).headers
    url = f"{simulator.url}/backend-api/wham/usage"
    claim = jwt.decode(
        headers["authorization"].removeprefix("Bearer "), options={"verify_signature": False}
    )
    assert claim["https://api.openai.com/auth"]["chatgpt_account_is_fedramp"] is True
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 403
    marked = {**headers, "x-openai-fedramp": "true"}
    assert httpx.get(url, headers=marked, trust_env=False).status_code == 200


def test_accounts_check(simulator: Simulator) -> None:
    url = f"{simulator.url}/backend-api/wham/accounts/check"
    assert httpx.get(url, trust_env=False).status_code == 401
    reply = httpx.get(url, headers=issue_tokens(simulator, BO).headers, trust_env=False)
    assert reply.json()["default_account_id"] == BO.account_id
    assert reply.json()["accounts"][0]["plan_type"] == "pro"


def test_reply_is_compressed_only_when_asked(simulator: Simulator) -> None:
    headers = issue_tokens(simulator).headers
    url = f"{simulator.url}/backend-api/wham/usage"
    plain = httpx.get(url, headers={**headers, "accept-encoding": "identity"}, trust_env=False)
    packed = httpx.get(url, headers={**headers, "accept-encoding": "gzip"}, trust_env=False)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json().keys() == plain.json().keys()
