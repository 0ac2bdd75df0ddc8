"""Every recorded reply of the chat backend, over real sockets, with the outcome it has here.

The official client's own outcomes are beside the recordings; where ours differ, it is meant:
no 30 tries, no text shown twice, errors told at once, nothing lost over a line end.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.chat_backend import Backend, chat_with, recorded_cases, send_recorded

from app.chat.conversation import TurnStatus
from app.errors import FaultKind

HELLO = "Hello from the fake server."
CASES = recorded_cases()

# case: (requests sent, answer shown, fault or None)
OUTCOMES: dict[str, tuple[int, str, FaultKind | None]] = {
    # fine, whatever the framing (F-C07, F-C12, F-C14, F-C15)
    "ok": (1, HELLO, None),
    "bad_json": (1, HELLO, None),
    "comments_keepalive": (1, HELLO, None),
    "completed_without_usage": (1, HELLO, None),
    "cr_only": (1, HELLO, None),
    "crlf": (1, HELLO, None),
    "invalid_utf8": (1, HELLO, None),
    "last_event_without_blank_line": (1, HELLO, None),
    "no_event_lines": (1, HELLO, None),
    "no_space_after_colon": (1, HELLO, None),
    "response_done_event": (1, HELLO, None),
    "wrong_content_type": (1, HELLO, None),
    "rate_limit_event": (1, HELLO, None),
    "rate_limit_headers": (1, HELLO, None),
    "rate_limit_headers_family": (1, HELLO, None),
    "rlh_credits_only": (1, HELLO, None),
    "rlh_used_only": (1, HELLO, None),
    "rlh_zero_with_window": (1, HELLO, None),
    "model_reroute_header": (1, HELLO, None),
    # F-C22; the request for more that `end_turn: false` stands for is not made in a chat
    "item_done_only": (1, HELLO, None),
    "two_messages": (1, "First.\n\nSecond.", None),
    "completed_end_turn_false": (1, "part one", None),
    # F-C17: cut, with its text
    "incomplete_max_tokens": (1, HELLO, FaultKind.ANSWER_CUT),
    # F-C13: text was shown, so nothing is sent again
    "no_completed": (1, HELLO, FaultKind.ANSWER_ENDED_EARLY),
    "drop_after_delta_always": (1, "Hello from the fak", FaultKind.ANSWER_ENDED_EARLY),
    "drop_then_ok": (1, "Hello from the fak", FaultKind.ANSWER_ENDED_EARLY),
    # nothing was shown yet: up to three tries (F-H16)
    "empty_stream": (3, "", FaultKind.ANSWER_ENDED_EARLY),
    "drop_before_head_then_ok": (2, HELLO, None),
    "failed_server_error_then_ok": (2, HELLO, None),
    "500_then_ok": (2, HELLO, None),
    "429_plain_then_ok": (2, HELLO, None),
    "500": (3, "", FaultKind.SERVER_ERROR),
    "503": (3, "", FaultKind.SERVER_ERROR),
    "503_retry_after": (3, "", FaultKind.SERVER_ERROR),
    "failed_server_error": (3, "", FaultKind.SERVER_ERROR),
    "failed_some_new_code": (3, "", FaultKind.SERVER_ERROR),
    "failed_previous_response_not_found": (3, "", FaultKind.SERVER_ERROR),
    "sse_error_event": (3, "", FaultKind.SERVER_ERROR),  # F-C18
    # a rate limit passes: one more try (F-H13, F-C16)
    "429_code_rate_limit_exceeded": (2, "", FaultKind.RATE_LIMITED),
    "429_rate_limit": (2, "", FaultKind.RATE_LIMITED),
    "429_rate_limit_retry_after": (2, "", FaultKind.RATE_LIMITED),
    "429_retry_after_text_body": (2, "", FaultKind.RATE_LIMITED),
    "failed_rate_limit_exceeded": (2, "", FaultKind.RATE_LIMITED),
    "failed_slow_down": (2, "", FaultKind.RATE_LIMITED),
    # a reached limit does not (F-C03, F-H13)
    "429_usage_business": (1, "", FaultKind.LIMIT_REACHED),
    "429_usage_code_only": (1, "", FaultKind.LIMIT_REACHED),
    "429_usage_limit_name": (1, "", FaultKind.LIMIT_REACHED),
    "429_usage_limit_no_resets": (1, "", FaultKind.LIMIT_REACHED),
    "429_usage_limit_promo": (1, "", FaultKind.LIMIT_REACHED),
    "429_usage_limit_reached": (1, "", FaultKind.LIMIT_REACHED),
    "429_usage_not_included": (1, "", FaultKind.PLAN_WITHOUT_CODEX),
    "failed_usage_not_included": (1, "", FaultKind.PLAN_WITHOUT_CODEX),
    "failed_organization_spend_limit_exceeded": (1, "", FaultKind.SPEND_LIMIT_REACHED),
    # another model may have room; more requests do not help
    "503_server_is_overloaded": (1, "", FaultKind.OVERLOADED),
    # refused: told in the service's words, not sent again
    "failed_bio_policy": (1, "", FaultKind.PROMPT_REFUSED),
    "failed_invalid_prompt": (1, "", FaultKind.PROMPT_REFUSED),
    "failed_context_length_exceeded": (1, "", FaultKind.CONTEXT_FULL),
    "413": (1, "", FaultKind.MESSAGE_TOO_LONG),  # F-H09
    # a model that is not there: the next listed one, once
    "400_detail": (2, "", FaultKind.MODEL_NOT_AVAILABLE),
    "failed_model_not_found": (2, "", FaultKind.MODEL_NOT_AVAILABLE),
    # the way there (F-H02 is the authorized transport's, above which this runs in the program)
    "401_detail": (1, "", FaultKind.SESSION_REFUSED),
    "401_then_refresh_ok": (1, "", FaultKind.SESSION_REFUSED),
    "402_payment": (1, "", FaultKind.FORBIDDEN),
    "403_cloudflare": (1, "", FaultKind.BLOCKED),
    "404": (1, "", FaultKind.NOT_FOUND),
    "200_but_json": (1, "", FaultKind.NOT_UNDERSTOOD),  # F-C26
}


def test_every_recorded_case_has_a_reviewed_outcome() -> None:
    assert set(OUTCOMES) == set(CASES)


@pytest.mark.parametrize("case", OUTCOMES)
async def test_outcome(case: str) -> None:
    requests, answer, kind = OUTCOMES[case]
    replies = CASES[case]
    backend = Backend(lambda peer, n: send_recorded(peer, replies[min(n, len(replies) - 1)]))
    async with chat_with(backend) as chat:
        turn = await chat.ask()
    assert len(backend.posts) == requests
    assert turn.answer == answer
    assert (turn.fault.kind if turn.fault else None) is kind
    expected = {None: TurnStatus.COMPLETED, FaultKind.ANSWER_CUT: TurnStatus.CUT}
    assert turn.status is expected.get(kind, TurnStatus.FAILED)


async def test_what_is_told_about_a_reached_limit() -> None:
    backend = Backend(lambda peer, _: send_recorded(peer, CASES["429_usage_limit_reached"][0]))
    async with chat_with(backend) as chat:
        fault = (await chat.ask()).fault
    assert fault is not None
    assert fault.resets_at == datetime(2026, 11, 22, 16, 16, 29, tzinfo=UTC)
    assert (fault.plan, fault.message) == ("plus", "The usage limit has been reached")


@pytest.mark.parametrize(
    ("case", "waits"),
    [
        ("500", [0.5, 1.0]),
        ("503_retry_after", [1.0, 1.0]),
        ("429_rate_limit_retry_after", [2.0]),
        ("failed_rate_limit_exceeded", [1.898]),
        ("ok", []),
    ],
)
async def test_how_long_is_waited(case: str, waits: list[float]) -> None:
    """F-H13, F-H16: the server's own wish, else a little longer each time."""
    backend = Backend(lambda peer, _: send_recorded(peer, CASES[case][0]))
    async with chat_with(backend) as chat:
        await chat.ask()
    assert chat.waits == waits


async def test_the_model_that_really_answered_is_shown() -> None:
    backend = Backend(lambda peer, _: send_recorded(peer, CASES["model_reroute_header"][0]))
    async with chat_with(backend) as chat:
        assert (await chat.ask()).model == "gpt-5.5-other"
