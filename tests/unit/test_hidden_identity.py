"""The state without the identity of anybody in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.auth.accounts import KnownAccount
from app.auth.hidden_account import HiddenAccount
from app.auth.tokens import Account
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.errors import Fault, FaultKind
from app.hidden_identity import shown, shown_account
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus
from app.usage.limits import UsageSnapshot

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANN = Account("acc-ann", "user-ann", "ann@example.com", "plus")
BO = Account("acc-bo", "user-bo", "bo@example.com", "pro")
KNOWN = (KnownAccount("a" * 16, ANN), KnownAccount("b" * 16, BO))
LEFT_OVER = (KnownAccount("c" * 16, Account("acc-cy", "user-cy", "cy@example.com", "plus")),)
FAULT = Fault(FaultKind.LIMIT_REACHED, "by bo@example.com", "Dear Bo", plan="pro", status=429)
HIDING = Settings(hide_identity=True)
STATE = AppState(
    session=SessionState(
        SessionStatus.SIGNED_IN, BO, "b" * 16, fault=FAULT, accounts=KNOWN, unremoved=LEFT_OVER
    ),
    usage=UsageSnapshot(
        NOW,
        "pro",
        account_id="acc-bo",
        user_id="user-bo",
        email="bo@example.com",
        kept=(("promo", '"for bo@example.com"'),),
    ),
    poll=PollState(fault=FAULT),
    conversation=Conversation("c", (Turn("1", "Why?", status=TurnStatus.FAILED, fault=FAULT),)),
    settings=HIDING,
)


def test_with_the_setting_off_nothing_is_touched() -> None:
    state = replace(STATE, settings=Settings())

    assert shown(state) is state


def test_nothing_of_an_account_is_left_but_its_number_and_key() -> None:
    """T-41"""
    state = shown(STATE)

    for word in ("acc-", "user-", "@", "'pro'", "plus", "Dear", "promo"):
        assert word not in repr(state)
    assert state.session.account == HiddenAccount("", number=2)
    assert [one.key for one in state.session.accounts] == [one.key for one in KNOWN]
    assert state.session.unremoved[0].account == HiddenAccount("", number=3)
    assert state.session.front == state.session.accounts[1]
    assert state.poll.fault == Fault(FaultKind.LIMIT_REACHED, "by ***", status=429)


def test_what_is_not_there_stays_so() -> None:
    state = shown(AppState(settings=HIDING))

    assert state == AppState(settings=HIDING)


def test_answers_without_faults_are_the_same_object() -> None:
    """Thirty times a second while an answer grows."""
    conversation = Conversation("c", (Turn("1", "Why?"),))

    assert shown(AppState(settings=HIDING, conversation=conversation)).conversation is conversation


def test_other_answers_keep_what_came_of_them() -> None:
    turns = (Turn("1", "Why?", "Because."), *STATE.conversation.turns)
    state = shown(replace(STATE, conversation=Conversation("c", turns)))

    assert state.conversation.turns[0] is turns[0]
    assert state.conversation.turns[1].question == "Why?"


def test_an_account_that_is_not_listed_is_the_first() -> None:
    assert shown_account("c" * 16, KNOWN) == HiddenAccount("", number=1)
