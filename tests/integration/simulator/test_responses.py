"""POST `codex/responses` of the simulator: refusals, events, usage, disconnects."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from support.simulator import IssuedTokens, MakeSimulator, issue_tokens
from support.stalls import Stalls

from app.simulator.answers import canned_answer, long_answer
from app.simulator.scenario import SESSION, WEEK
from app.simulator.server import Simulator
from app.simulator.state import Pace

BODY: dict[str, Any] = {
    "model": "gpt-6.1-sol",
    "stream": True,
    "store": False,
    "instructions": "Answer briefly.",
    "input": [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": False,
    "reasoning": {"effort": "low", "summary": "auto"},
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": "k",
}


def post(
    simulator: Simulator,
    body: Any = None,
    *,
    tokens: IssuedTokens | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(BODY if body is None else body)
    return httpx.post(
        f"{simulator.url}/backend-api/codex/responses",
        content=content,
        headers={
            **(tokens or issue_tokens(simulator)).headers,
            "content-type": "application/json",
            "accept": "text/event-stream",
            **(headers or {}),
        },
        trust_env=False,
    )


def events(reply: httpx.Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200
    parsed = []
    for block in reply.content.decode().removesuffix("\n\n").split("\n\n"):
        kind, data = block.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert kind == f"event: {event['type']}"
        parsed.append(event)
    return parsed


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in BODY.items() if name not in names}


def message(role: str, kind: str) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": [{"type": kind, "text": "x"}]}


def test_events_of_an_answer(simulator: Simulator) -> None:
    reply = post(simulator)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["openai-model"] == "gpt-6.1-sol"
    assert reply.headers["x-request-id"]
    seen = [event for event in events(reply) if event["type"] != "codex.rate_limits"]
    assert [event["sequence_number"] for event in seen] == list(range(len(seen)))
    kinds = list(dict.fromkeys(event["type"] for event in seen))
    assert kinds == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
        "response.output_item.done",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.completed",
    ]
    text = "".join(e["delta"] for e in seen if e["type"] == "response.output_text.delta")
    (done,) = [e for e in seen if e["type"] == "response.output_text.done"]
    items = [e["item"] for e in seen if e["type"] == "response.output_item.done"]
    assert text == done["text"] == items[1]["content"][0]["text"]
    assert items[0]["encrypted_content"]
    usage = seen[-1]["response"]["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 0


def test_reasoning_is_told_only_when_asked(simulator: Simulator) -> None:
    kinds = {event["type"] for event in events(post(simulator, without("reasoning")))}
    assert not any("reasoning" in kind for kind in kinds)
    assert "response.completed" in kinds


def test_pieces_do_not_end_where_events_end(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(pace=Pace(first_s=0, between_s=0.003))
    simulator.script_answers("数据与文字，一边到达一边显示。" * 3)
    headers = {**issue_tokens(simulator).headers, "accept": "text/event-stream"}
    url = f"{simulator.url}/backend-api/codex/responses"
    with (
        httpx.Client(trust_env=False) as client,
        client.stream("POST", url, json=without("reasoning"), headers=headers) as reply,
    ):
        arrived = list(reply.iter_raw())
    aligned = [piece for piece in arrived if piece.endswith(b"\n\n")]
    assert len(arrived) > 10
    assert len(aligned) < len(arrived) / 2


def test_answers_fit_the_question(simulator: Simulator) -> None:
    assert "```python" in canned_answer("hello")
    assert "|---" in canned_answer("hello")
    assert canned_answer("Some code, please").startswith("Here is")
    assert canned_answer("a table").startswith("| Plan")
    assert "- **Wait" in canned_answer("list it")
    assert "速率限制" in canned_answer("你好")
    assert len(long_answer()) > 20_000
    assert canned_answer("a long one") == long_answer()
    simulator.script_answers("first", "second")
    for expected in ("first", "second", canned_answer("Hello")):
        done = [e for e in events(post(simulator)) if e["type"] == "response.output_text.done"]
        assert done[0]["text"] == expected


def test_the_last_question_counts(simulator: Simulator) -> None:
    history = [
        message("user", "input_text"),
        message("assistant", "output_text"),
        {"role": "user", "content": "a table, please"},
    ]
    done = [
        event
        for event in events(post(simulator, {**BODY, "input": history}))
        if event["type"] == "response.output_text.done"
    ]
    assert done[0]["text"].startswith("| Plan")


def test_another_model_may_answer(simulator: Simulator) -> None:
    simulator.state.rerouted_model = "gpt-5.5"
    reply = post(simulator)
    assert reply.headers["openai-model"] == "gpt-5.5"
    assert events(reply)[1]["response"]["model"] == "gpt-5.5"


def test_events_tell_the_limits_before_the_answer_and_after_it_counted(
    simulator: Simulator,
) -> None:
    """In the shape of the recorded event (captures/replies/rate_limit_event.sse)."""
    seen = events(post(simulator))
    first, second = [event for event in seen if event["type"] == "codex.rate_limits"]
    assert (seen[0], seen[-2]) == (first, second)
    assert list(first) == [
        "type",
        "plan_type",
        "rate_limits",
        "code_review_rate_limits",
        "credits",
        "promo",
    ]
    limits = [event["rate_limits"] for event in (first, second)]
    assert [limit["primary"]["used_percent"] for limit in limits] == [86, 90]
    assert [limit["secondary"]["window_minutes"] for limit in limits] == [10_080, 10_080]
    assert set(first["credits"]) == {"has_credits", "unlimited", "balance"}


def test_limits_are_told_and_moved(simulator: Simulator) -> None:
    tokens = issue_tokens(simulator)
    meter = simulator.state.meters[tokens.account_id]
    reply = post(simulator, tokens=tokens)
    assert reply.headers["x-codex-primary-used-percent"] == "86.0"
    assert reply.headers["x-codex-primary-window-minutes"] == "300"
    assert int(reply.headers["x-codex-primary-reset-at"]) > time.time()
    assert reply.headers["x-codex-secondary-window-minutes"] == "10080"
    assert reply.headers["x-codex-bengalfox-primary-used-percent"] == "64.0"
    assert reply.headers["x-codex-bengalfox-limit-name"] == "GPT-5.3-Codex-Spark"
    assert reply.headers["x-codex-credits-has-credits"] == "true"
    assert reply.headers["x-codex-credits-balance"] == "12.50"
    assert meter.used("codex", SESSION) == 90
    assert meter.used("codex", WEEK) == 32


def test_used_up_window_refuses(simulator: Simulator) -> None:
    simulator.set_used("codex", 98)
    assert post(simulator).status_code == 200
    before = time.time()
    reply = post(simulator)
    after = time.time()
    assert reply.status_code == 429
    error = reply.json()["error"]
    assert error["type"] == "usage_limit_reached"
    assert error["plan_type"] == "plus"
    assert error["limit_window_minutes"] == 300
    assert before - 3 < error["resets_at"] - error["resets_in_seconds"] < after + 3
    assert reply.headers["x-codex-primary-used-percent"] == "100.0"
    assert reply.headers["x-codex-rate-limit-reached-type"] == "rate_limit_reached"
    simulator.advance(error["resets_in_seconds"] + 1)
    assert post(simulator).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "max_output_tokens",
        "max_tokens",
        "temperature",
        "top_p",
        "metadata",
        "user",
        "safety_identifier",
        "prompt_cache_retention",
        "prompt_cache_options",
        "truncation",
        "previous_response_id",
        "anything_else",
    ],
)
def test_unsupported_parameters(simulator: Simulator, name: str) -> None:
    reply = post(simulator, {**BODY, name: 1})
    assert reply.status_code == 400
    assert reply.json() == {"detail": f"Unsupported parameter: {name}"}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({**BODY, "store": True}, "Store must be set to false"),
        (without("store"), "Store must be set to false"),
        ({**BODY, "stream": False}, "Stream must be set to true"),
        (without("stream"), "Stream must be set to true"),
        (without("instructions"), "Instructions are required"),
        ({**BODY, "input": "Hello"}, "Input must be a list"),
        ({**BODY, "input": [message("system", "input_text")]}, "System messages are not allowed"),
        (
            {**BODY, "model": "gpt-5"},
            "The 'gpt-5' model is not supported when using Codex with a ChatGPT account.",
        ),
        (
            {**BODY, "model": "gpt-5.1-codex-max"},
            "The 'gpt-5.1-codex-max' model is not supported when using Codex with a ChatGPT "
            "account.",
        ),
        (b"{", "Request body must be a JSON object"),
    ],
)
def test_refusals_in_words(simulator: Simulator, body: Any, detail: str) -> None:
    reply = post(simulator, body)
    assert reply.status_code == 400
    assert reply.json() == {"detail": detail}


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"reasoning": "low"}, "reasoning"),
        ({"reasoning": {"effort": "minimal"}}, "reasoning.effort"),
        ({"model": "gpt-5.5", "reasoning": {"effort": "max"}}, "reasoning.effort"),
        ({"input": ["Hello"]}, "input[0]"),
        ({"input": [message("assistant", "input_text")]}, "input[0].content"),
        ({"input": [message("user", "output_text")]}, "input[0].content"),
        ({"input": [{"role": "user", "content": []}]}, "input[0].content"),
        ({"input": [message("tool", "input_text")]}, "input[0].role"),
        ({"input": [{"type": "reasoning", "summary": []}]}, "input[0]"),
    ],
)
def test_refusals_by_parameter(
    simulator: Simulator, changes: dict[str, Any], parameter: str
) -> None:
    reply = post(simulator, {**BODY, **changes})
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == parameter


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "instructions": ""},
        {**BODY, "reasoning": {"summary": "none"}},
        {**BODY, "text": {"verbosity": "low"}, "service_tier": "priority", "client_metadata": {}},
        {**BODY, "input": [{"type": "reasoning", "summary": [], "encrypted_content": "x"}]},
        {**BODY, "input": [message("developer", "input_text"), message("user", "input_text")]},
    ],
)
def test_what_the_service_takes(simulator: Simulator, body: dict[str, Any]) -> None:
    assert events(post(simulator, body))[-1]["type"] == "response.completed"


def test_lite_contract_has_no_instructions(simulator: Simulator) -> None:
    headers = {"x-openai-internal-codex-responses-lite": "true"}
    assert post(simulator, without("instructions"), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"accept": "*/*"}, 406),
        ({"content-type": "text/plain"}, 415),
        ({"content-encoding": "zstd"}, 415),
        ({"authorization": "Bearer unknown"}, 401),
        ({"chatgpt-account-id": "other"}, 403),
    ],
)
def test_headers_are_checked(simulator: Simulator, headers: dict[str, str], status: int) -> None:
    reply = post(simulator, headers=headers)
    assert reply.status_code == status
    assert reply.json()["detail"]


def test_leaving_is_noticed_at_once(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(pace=Pace(first_s=0, between_s=30))
    tokens = issue_tokens(simulator)
    url = f"{simulator.url}/backend-api/codex/responses"
    headers = {**tokens.headers, "accept": "text/event-stream"}
    with Stalls() as stalls:
        with (
            httpx.Client(trust_env=False) as client,
            client.stream("POST", url, json=BODY, headers=headers) as reply,
        ):
            assert next(reply.iter_raw())
            left_at = time.monotonic()
        assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)
        (disconnect,) = simulator.disconnects
        assert stalls.lived_s(left_at, disconnect.at) < 0.2
    assert disconnect.request.path == "/backend-api/codex/responses"
    meter = simulator.state.meters[tokens.account_id]
    assert simulator.wait_until(lambda: meter.used("codex") == 90)


def test_complete_answers_are_no_disconnects(simulator: Simulator) -> None:
    with httpx.Client(trust_env=False) as client:
        headers = {**issue_tokens(simulator).headers, "accept": "text/event-stream"}
        url = f"{simulator.url}/backend-api/codex/responses"
        assert client.post(url, json=BODY, headers=headers).status_code == 200
    assert simulator.disconnects == []
