"""What stands around the transcript in each state, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

import pytest

from app.auth.tokens import Account
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.cost import Movement
from app.chat.desk import Desk
from app.chat.events import TokenUsage
from app.chat.models import ModelChoice
from app.errors import Fault, FaultKind
from app.settings import Settings
from app.state import AppState, SessionState, SessionStatus, Trouble
from app.ui.chat_content import Remedy, can_continue, chat_content, turn_words
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot
from app.wording import labels, language

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use(NullTranslations(), "en")
    yield
    language.use(NullTranslations(), "en")


def state(*turns: Turn, used: float | None = None, **changes: object) -> AppState:
    made = AppState(
        session=SessionState(SessionStatus.SIGNED_IN, Account("a")),
        usage=None if used is None else snapshot(used),
        conversation=Conversation("c", turns),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def snapshot(used: float) -> UsageSnapshot:
    window = RateLimitWindow(MAIN_LIMIT, used, 18_000, NOW + timedelta(minutes=30))
    return UsageSnapshot(fetched_at=NOW, limits=(RateLimit(MAIN_LIMIT, (window,)),))


def content(shown: AppState):  # type: ignore[no-untyped-def]
    return chat_content(shown, NOW, UTC)


def test_the_title_is_the_first_question_shortened() -> None:
    assert content(state()).title == labels.chat_title()
    assert content(state(Turn("1", "One\ntwo"), Turn("2", "Three"))).title == "One two"
    assert len(content(state(Turn("1", "x" * 500))).title) <= 60
    assert content(state(Turn("1", " \n "))).title == labels.chat_title()


def test_the_model_in_the_heading_is_the_one_of_the_settings() -> None:
    chosen = state(settings=Settings(chat_model="gpt-x", chat_effort="low"))
    assert content(chosen).model == "gpt-x · Low"
    assert content(state()).model == labels.service_default()


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (SessionStatus.STARTING, Remedy.NONE),
        (SessionStatus.SIGNING_IN, Remedy.NONE),
        (SessionStatus.SIGNED_OUT, Remedy.SIGN_IN),
        (SessionStatus.EXPIRED, Remedy.SIGN_IN),
        (SessionStatus.KEYRING_LOCKED, Remedy.UNLOCK),
    ],
)
def test_without_a_session_one_sentence_says_what_helps(
    status: SessionStatus, remedy: Remedy
) -> None:
    gate = content(state(session=SessionState(status))).gate
    assert gate is not None
    assert gate.sentence.endswith((".", "…"))
    assert (gate.remedy, bool(gate.button)) == (remedy, remedy is not Remedy.NONE)


def test_a_borrowed_login_asks_nothing_and_says_why() -> None:
    """F-T27"""
    session = replace(state().session, is_borrowed=True)
    gate = content(state(session=session)).gate
    assert gate is not None
    assert "Codex CLI" in gate.sentence
    assert gate.remedy is Remedy.SIGN_IN


def test_a_session_opens_the_gate() -> None:
    assert content(state()).gate is None


def test_stop_is_offered_while_an_answer_is_on_its_way() -> None:
    assert content(state(Turn("1", "?"))).is_answering
    assert not content(state(Turn("1", "?", status=TurnStatus.STOPPED))).is_answering


def test_the_cost_is_that_of_the_latest_answer_that_told_it() -> None:
    told = Turn("1", "?", "a", status=TurnStatus.COMPLETED, usage=TokenUsage(312, 256, 96, 0))
    silent = Turn("2", "?", "b", status=TurnStatus.STOPPED)
    assert content(state(told, silent)).cost == "312 in (256 cached) · 96 out"
    assert content(state(silent)).cost == ""


@pytest.mark.parametrize(
    ("used", "words", "colour"),
    [
        (10.0, "5-hour 10 %", "faint"),
        (80.0, "5-hour 80 %", "close"),
    ],
)
def test_the_fullest_limit_stands_beside_the_cost(used: float, words: str, colour: str) -> None:
    shown = content(state(used=used))
    assert (shown.limit, shown.limit_colour) == (words, colour)
    assert "14:11" in shown.limit_tooltip


def test_an_exhausted_limit_tells_when_it_resets() -> None:
    """F-C03: the reset time"""
    shown = content(state(used=100.0))
    assert shown.limit == ""
    assert shown.gauge is not None
    assert shown.gauge.text.startswith("limit reached · ")
    assert "14:11" in shown.gauge.text
    assert shown.gauge.filled == 100


def test_nothing_is_said_about_limits_nobody_knows() -> None:
    assert content(state()).limit == ""
    empty = UsageSnapshot(fetched_at=NOW)
    assert content(state(usage=empty)).limit == ""


def test_only_a_turn_that_went_wrong_is_explained() -> None:
    fine = Turn("1", "?", "a", status=TurnStatus.COMPLETED)
    assert turn_words(fine, state(), NOW, UTC) is None
    stopped = replace(fine, status=TurnStatus.STOPPED)
    assert turn_words(stopped, state(), NOW, UTC) is None


def test_a_limit_reached_mid_chat_is_told_with_its_reset() -> None:
    """F-C03"""
    fault = Fault(FaultKind.LIMIT_REACHED, resets_at=NOW + timedelta(minutes=30))
    words = turn_words(Turn("1", "?", status=TurnStatus.FAILED, fault=fault), state(), NOW, UTC)
    assert words is not None
    assert "14:11" in words.explanation


@pytest.mark.parametrize("status", [TurnStatus.FAILED, TurnStatus.CUT])
def test_a_turn_that_went_wrong_without_a_fault_has_words_all_the_same(
    status: TurnStatus,
) -> None:
    words = turn_words(Turn("1", "?", status=status), state(), NOW, UTC)
    assert words is not None
    assert words.title


def test_a_gauge_stands_there_from_nearly_used_up_on() -> None:
    shown = content(state(used=95.0))
    assert (shown.limit, shown.limit_tooltip) == ("", "")
    assert shown.gauge is not None
    assert shown.gauge.name == "5-hour"
    assert "95 %" in shown.gauge.text
    assert content(state(used=89.0)).gauge is None
    assert content(state()).gauge is None


def test_the_chosen_model_has_the_services_name_once_it_is_known() -> None:
    chosen = state(settings=Settings(chat_model="sol"), desk=Desk())
    assert content(chosen).model == "sol"
    known = replace(chosen, desk=Desk(models=(ModelChoice("luna", "L"), ModelChoice("sol", "Sol"))))
    assert content(known).model == "Sol"


ASKED = (
    Turn("1", "one", "a", status=TurnStatus.COMPLETED),
    Turn("2", "two", "b", status=TurnStatus.COMPLETED),
    Turn("3", "three", status=TurnStatus.FAILED),
)


@pytest.mark.parametrize(
    ("turns", "replaced", "said"),
    [
        (ASKED, "1", "removes the 2 questions after it"),
        (ASKED, "2", "removes the 1 question after it"),
        (ASKED[:2], "2", "replaces its answer."),
        (ASKED, "3", ""),  # it had no answer
        (ASKED, "gone", ""),
        (ASKED, "", ""),
    ],
)
def test_while_a_question_is_edited_it_is_said_what_that_costs(
    turns: tuple[Turn, ...], replaced: str, said: str
) -> None:
    shown = content(state(*turns, desk=Desk().put("x", replaced)))
    assert said in shown.editing
    assert bool(said) == bool(shown.editing)


def test_questions_that_stay_behind_are_told() -> None:
    long = replace(ASKED[1], left_out=7)
    assert "first 7 questions were not sent along" in content(state(ASKED[0], long)).left_out
    assert content(state(*ASKED)).left_out == ""


@pytest.mark.parametrize("status", TurnStatus)
def test_an_answer_that_did_not_come_to_its_end_may_go_on(status: TurnStatus) -> None:
    """F-C13, F-C17"""
    unfinished = status in (TurnStatus.STOPPED, TurnStatus.CUT, TurnStatus.FAILED)
    assert can_continue(Turn("1", "?", "text", status=status)) == unfinished
    assert not can_continue(Turn("1", "?", status=status))


def test_in_safe_mode_nothing_is_asked_and_it_can_be_left() -> None:
    """F-D23"""
    gate = chat_content(state(trouble=Trouble.SAFE_MODE), NOW, UTC).gate

    assert gate is not None
    assert gate.remedy is Remedy.LEAVE_SAFE_MODE
    assert gate.button == "Leave safe mode"


def test_beside_the_tokens_stands_how_far_the_windows_moved() -> None:
    usage = snapshot(31.0)
    (window,) = usage.main_windows
    moved = (Movement(window.window_id, 1, 3), Movement("a window that is gone", 1, 2))
    answered = replace(ASKED[0], usage=TokenUsage(10, 0, 20))
    desk = replace(Desk(), moved={answered.turn_id: moved})
    shown = content(state(answered, usage=usage, desk=desk))
    assert shown.cost == "10 in · 20 out\n5-hour +1–3 %"
    assert "other programs" in shown.cost_tooltip
    for later in (state(answered), state(answered, desk=desk), state(answered, desk=Desk())):
        assert content(later).cost == "10 in · 20 out"
        assert content(later).cost_tooltip == ""
