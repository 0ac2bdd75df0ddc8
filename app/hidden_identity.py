"""The state as it may be shown while identity is hidden (T-41). Pure.

Whatever shows something, shows `shown(state)`: with the setting on there is no e-mail, plan or
workspace in it that could be shown, whichever window looks for one. Everything else keeps working
on the state itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.auth.accounts import KnownAccount
from app.auth.hidden_account import HiddenAccount, hidden_accounts
from app.auth.tokens import Account
from app.chat.conversation import Conversation
from app.errors import Fault
from app.redaction import without_addresses
from app.state import AppState, SessionState
from app.usage.limits import UsageSnapshot


def shown(state: AppState) -> AppState:
    """`state` itself, or without identity if the settings wish it."""
    if not state.settings.hide_identity:
        return state
    return replace(
        state,
        session=shown_session(state.session),
        usage=None if state.usage is None else shown_usage(state.usage),
        poll=replace(state.poll, fault=_shown_or_none(state.poll.fault)),
        conversation=shown_conversation(state.conversation),
    )


def shown_session(session: SessionState) -> SessionState:
    """The accounts by number. Who is signing in just now stays: the page that asks hides it."""
    key = session.front.key if session.front else ""
    hidden, count = hidden_accounts((*session.accounts, *session.unremoved)), len(session.accounts)
    return replace(
        session,
        account=None if session.account is None else shown_account(key, session.accounts),
        accounts=hidden[:count],
        unremoved=hidden[count:],
        fault=_shown_or_none(session.fault),
    )


def shown_account(key: str, accounts: Sequence[KnownAccount]) -> Account:
    """What stands for the account of that key: its place among `accounts`, 1 if it has none."""
    places = (number for number, one in enumerate(accounts, 1) if one.key == key)
    return HiddenAccount("", number=next(places, 1))


def shown_usage(usage: UsageSnapshot) -> UsageSnapshot:
    """The numbers, without whose they are."""
    return replace(usage, plan="", email="", account_id="", user_id="", kept=())


def shown_fault(fault: Fault) -> Fault:
    """What happened, in our words only: the service's own could name anybody."""
    return replace(fault, message="", plan="", detail=without_addresses(fault.detail))


def shown_conversation(conversation: Conversation) -> Conversation:
    """The same answers; what went wrong with one is told in our words only."""
    if all(turn.fault is None for turn in conversation.turns):
        return conversation
    turns = (
        turn if turn.fault is None else replace(turn, fault=shown_fault(turn.fault))
        for turn in conversation.turns
    )
    return replace(conversation, turns=tuple(turns))


def _shown_or_none(fault: Fault | None) -> Fault | None:
    return None if fault is None else shown_fault(fault)
