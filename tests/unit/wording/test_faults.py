"""Every fault has words in both languages, and none of them is technical."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Fault, FaultKind
from app.wording.fault_words import FaultWords
from app.wording.faults import describe

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DETAIL = "ConnectError(Errno 111) at 0x7f"


def words(kind: FaultKind, **fields: object) -> tuple[str, str, str]:
    fault = Fault(kind, DETAIL, **fields)  # type: ignore[arg-type]
    described = describe(fault, NOW, UTC, "24h")
    return described.title, described.meaning, described.action


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_says_what_happened_what_it_means_and_what_to_do(kind: FaultKind) -> None:
    title, meaning, action = words(kind)

    assert title[0].isupper()
    assert not title.endswith(".")
    assert meaning.endswith(".")
    assert action.endswith(".")
    assert not re.search(r"[!{}]|Errno|0x|HTTP|JSON|\b\d{3}\b", f"{title} {meaning} {action}")


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_speaks_chinese(kind: FaultKind, in_chinese: None) -> None:
    for text in words(kind):
        assert re.search("[\u4e00-\u9fff]", text)
        assert not re.search(r"[!！{}]|[\u4e00-\u9fff][,.:?]", text)


def test_no_two_faults_share_a_title() -> None:
    titles = [words(kind)[0] for kind in FaultKind]

    assert len(set(titles)) == len(titles)


def test_a_limit_says_when_it_opens_again() -> None:
    kind = FaultKind.LIMIT_REACHED

    assert words(kind)[2] == "The service does not say when it resets."
    assert words(kind, resets_at=NOW + timedelta(days=2))[2] == ("Available again: Tue 12:00 UTC.")
    assert words(kind, resets_at=NOW)[2] == "It should be available again now."


def test_a_limit_of_certain_models_is_named() -> None:
    meaning = words(FaultKind.LIMIT_REACHED, limit="Sp\nark")[1]

    assert meaning == "The limit of Sp ark is used up. Another model may still answer."


@pytest.mark.parametrize(
    ("wish", "action"),
    [
        (None, "Try again in a few minutes."),
        (float("nan"), "Try again in a few minutes."),
        (0.0, "Try again in 1 s."),
        (90.0, "Try again in 1 min 30 s."),
        (1e9, "Try again in 1440 min."),
    ],
)
def test_the_service_may_name_the_time_of_the_next_try(wish: float | None, action: str) -> None:
    assert words(FaultKind.RATE_LIMITED, retry_after_s=wish)[2] == action


def test_the_host_is_named_if_known() -> None:
    assert words(FaultKind.OFFLINE, host="chatgpt.com")[1] == "chatgpt.com cannot be reached."
    assert words(FaultKind.OFFLINE)[1] == "The service cannot be reached."


def test_the_plan_is_named_if_known() -> None:
    kind = FaultKind.PLAN_WITHOUT_CODEX

    assert words(kind, plan="go")[1] == "The plan Go does not include Codex."
    assert words(kind)[1] == "The plan of this account does not include Codex."


def test_the_words_of_the_service_are_quoted_and_cleaned() -> None:
    """T-54: they cannot hide or reorder anything."""
    meaning = words(FaultKind.BAD_REQUEST, message="Bad\nmodel\u202e <b>")[1]

    assert meaning == "The service says: “Bad model\ufffd <b>”"
    assert len(words(FaultKind.BAD_REQUEST, message="x" * 9999)[1]) < 230


def test_one_line_holds_all_three(speak: Callable[[str], None]) -> None:
    fault = Fault(FaultKind.KEYRING_LOCKED)
    assert describe(fault, NOW, UTC).one_line == (
        "Keyring locked. The sign-in is in your keyring and cannot be read yet. Unlock the keyring."
    )
    speak("zh_CN")
    assert describe(fault, NOW, UTC).one_line == (
        "密钥环已锁定。登录信息保存在密钥环中，暂时无法读取。请解锁密钥环。"
    )


def test_the_explanation_is_what_stands_below_the_title() -> None:
    assert FaultWords("a", "It means b.", "Do c.").explanation == "It means b. Do c."
    assert FaultWords("a", "It means b.", "").explanation == "It means b."
    assert FaultWords("a", "", "Do c.").explanation == "Do c."
