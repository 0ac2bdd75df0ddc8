"""The request for an answer: field by field, and the conversion rules one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import VERSION
from app.chat.attachments import Attachment
from app.chat.backend import AnswerRequest
from app.chat.conversation import Turn, TurnStatus
from app.chat.models import Model
from app.chat.requests import (
    CLIENT_VERSION,
    DEFAULT_INSTRUCTIONS,
    convert_request,
    encode_body,
    identity_headers,
    only_accepted,
    request_body,
    request_headers,
)

CONVERSATION = "0f8fad5b-d9cb-469f-a165-70867728950e"


def body(
    turns: tuple[Turn, ...] = (),
    question: str = "Why?",
    model: Model | str = "gpt-6-sol",
    tools: tuple[Any, ...] = (),
    **options: Any,
) -> dict[str, Any]:
    asked = model if isinstance(model, Model) else Model(model, takes_verbosity=True)
    return request_body(
        AnswerRequest(CONVERSATION, question, asked, earlier=turns, **options), tools
    )


def message(role: str, text: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


@pytest.mark.parametrize(
    ("given_model", "expected"),
    [
        ("gpt-5-codex", "gpt-5"),
        ("gpt-5-mini", "gpt-5"),
        ("gpt-5-", "gpt-5"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("gpt-5", "gpt-5"),
        ("gpt-5.5", "gpt-5.5"),
        ("gpt-5.1-codex-max", "gpt-5.1-codex-max"),
        ("gpt-5.6-sol", "gpt-5.6-sol"),
        ("gpt-6-sol", "gpt-6-sol"),
        ("gpt-6.1-sol", "gpt-6.1-sol"),
        ("gpt-50-x", "gpt-50-x"),
        ("GPT-5-codex", "GPT-5-codex"),
        ("my-gpt-5-codex", "my-gpt-5-codex"),
        ("", ""),
    ],
)
def test_rule_1_is_literal(given_model: str, expected: str) -> None:
    assert convert_request({"model": given_model})["model"] == expected


@pytest.mark.parametrize("store", [True, False, None, "yes"])
@pytest.mark.parametrize("stream", [True, False, None, 0])
def test_rules_2_and_3_force_store_and_stream(store: object, stream: object) -> None:
    converted = convert_request({"model": "m", "store": store, "stream": stream})
    assert (converted["store"], converted["stream"]) == (False, True)
    assert convert_request({}) == {"store": False, "stream": True}


@pytest.mark.parametrize(
    ("given_body", "left"),
    [
        ({"temperature": 0.2, "top_p": 0.9}, {"temperature": 0.2}),
        ({"temperature": None, "top_p": 0.9}, {"temperature": None}),
        ({"temperature": 0.2}, {"temperature": 0.2}),
        ({"top_p": 0.9}, {"top_p": 0.9}),
        ({}, {}),
    ],
)
def test_rule_4_removes_top_p_only_beside_temperature(
    given_body: dict[str, Any], left: dict[str, Any]
) -> None:
    assert convert_request(given_body) == {**left, "store": False, "stream": True}


def test_conversion_leaves_its_argument_alone() -> None:
    original = {"model": "gpt-5-codex", "temperature": 1, "top_p": 1, "store": True}
    before = dict(original)
    convert_request(original)
    assert original == before


def test_what_the_backend_refuses_is_dropped_afterwards() -> None:
    refused = {
        "max_output_tokens": 5, "max_tokens": 5, "temperature": 1, "top_p": 1, "metadata": {},
        "user": "u", "safety_identifier": "s", "prompt_cache_retention": "24h",
        "truncation": "auto", "previous_response_id": "r", "background": True,
    }  # fmt: skip
    assert only_accepted({**refused, "model": "m", "store": False}) == {
        "model": "m",
        "store": False,
    }


def test_the_whole_body() -> None:
    """All fields of the API notes and nothing else."""
    tool = {"type": "web_search"}
    assert body(
        instructions=" Be brief. ",
        effort="xhigh",
        environment="<cwd>/</cwd>",
        verbosity="low",
        tools=(tool,),
    ) == {
        "model": "gpt-6-sol",
        "instructions": "Be brief.",
        "input": [
            message("user", "<environment_context><cwd>/</cwd></environment_context>"),
            message("user", "Why?"),
        ],
        "tools": [tool],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "reasoning": {"effort": "xhigh", "summary": "auto"},
        "store": False,
        "stream": True,
        "include": ["reasoning.encrypted_content"],
        "prompt_cache_key": CONVERSATION,
        "text": {"verbosity": "low"},
    }


def test_what_is_not_chosen_is_left_to_the_service() -> None:
    plain = body()
    assert plain["reasoning"] == {"summary": "auto"}
    assert plain["instructions"] == DEFAULT_INSTRUCTIONS
    assert not {"tools", "text", "temperature", "top_p"} & set(plain)
    assert "reasoning" not in body(model=Model("m", takes_summary=False))
    assert body(instructions="  ")["instructions"] == DEFAULT_INSTRUCTIONS


def test_ultra_is_called_max_on_the_wire() -> None:
    assert body(effort="ultra")["reasoning"]["effort"] == "max"


def test_the_conversion_rules_apply_to_the_body() -> None:
    assert body(model="gpt-5-codex")["model"] == "gpt-5"


def test_earlier_turns_are_sent_again() -> None:
    turns = (
        Turn("1", "First?", "One.", status=TurnStatus.COMPLETED),
        Turn("2", "Failed?", "", status=TurnStatus.FAILED),
        Turn("3", "Stopped?", "Half", status=TurnStatus.STOPPED),
    )
    assert body(turns, "Next?")["input"] == [
        message("user", "First?"),
        message("assistant", "One."),
        message("user", "Stopped?"),
        message("assistant", "Half"),
        message("user", "Next?"),
    ]


def test_encoding_is_compact_utf_8() -> None:
    assert encode_body({"a": "é😀", "b": [1]}) == '{"a":"é😀","b":[1]}'.encode()


@pytest.mark.parametrize(
    ("text", "arrives"),
    [("a\ud800b", "a\ufffdb"), ("\udc00", "\ufffd"), ("\ud83d\ude00", "😀"), ("\0", "\0")],
)
def test_half_surrogate_pairs_are_replaced(text: str, arrives: str) -> None:
    assert json.loads(encode_body({"q": text}))["q"] == arrives


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_can_be_encoded(text: str) -> None:
    """Half surrogate pairs are replaced, everything else arrives unchanged."""
    arrived = json.loads(encode_body({"q": text}))["q"]
    assert arrived == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_headers_carry_the_notes_names_and_todays() -> None:
    assert request_headers(CONVERSATION, identity="tidegauge", platform="Linux 6.1; x86_64") == {
        "Content-Type": "application/json",
        "Accept": "text/event-stream",
        "originator": "tidegauge",
        "User-Agent": f"tidegauge/{VERSION} (Linux 6.1; x86_64)",
        "version": CLIENT_VERSION,
        "session_id": CONVERSATION,
        "conversation_id": CONVERSATION,
        "session-id": CONVERSATION,
        "thread-id": CONVERSATION,
        "x-client-request-id": CONVERSATION,
    }


def test_the_other_identity_is_the_one_of_the_notes() -> None:
    assert identity_headers("codex", "Windows 10.0.19045; x86_64") == {
        "originator": "codex_cli_rs",
        "User-Agent": f"codex_cli_rs/{CLIENT_VERSION} (Windows 10.0.19045; x86_64)",
        "version": CLIENT_VERSION,
    }
    assert identity_headers("codex", "")["User-Agent"] == f"codex_cli_rs/{CLIENT_VERSION}"


def test_the_client_version_opens_todays_models() -> None:
    assert tuple(map(int, CLIENT_VERSION.split("."))) >= (0, 169, 0)


def test_files_go_before_the_question_they_belong_to() -> None:
    text = Attachment("notes.md", "text/plain", text="# One")
    picture = Attachment("a.png", "image/png", data=b"\x89PNG")
    earlier = Turn("1", "First?", "One.", attachments=(picture,))
    sent = body((earlier,), "Next?", attachments=(text, picture))["input"]

    image = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw=="}
    assert sent[0]["content"] == [image, {"type": "input_text", "text": "First?"}]
    assert sent[2]["content"] == [
        {"type": "input_text", "text": "File: notes.md\n\n# One"},
        image,
        {"type": "input_text", "text": "Next?"},
    ]


def test_a_model_without_a_verbosity_is_sent_none() -> None:
    assert "text" not in body(model=Model("m"), verbosity="low")


def test_a_model_without_pictures_is_told_the_names_of_earlier_ones() -> None:
    picture = Attachment("a.png", "image/png", data=b"\x89PNG")
    earlier = Turn("1", "First?", "One.", attachments=(picture,))

    sent = body((earlier,), model=Model("m", takes_images=False))["input"]

    assert sent[0]["content"] == [
        {"type": "input_text", "text": "[picture not sent: a.png]"},
        {"type": "input_text", "text": "First?"},
    ]
