"""What a person does with several accounts: adds one, switches, signs in elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from support.person import Person, until

from app.auth.accounts import newly_known
from app.auth.tokens import Account
from app.chat.conversation import Conversation
from app.program import open_program
from app.simulator.accounts import SimulatedAccount, choice_of
from app.state import SessionStatus


def key_of(account: SimulatedAccount) -> str:
    return newly_known(Account(account.account_id, account.user_id)).key


def is_front(person: Person, account: SimulatedAccount) -> bool:
    shown = person.session.account
    return (
        person.shows(SessionStatus.SIGNED_IN)
        and shown is not None
        and shown.account_id == account.account_id
    )


async def add(person: Person, account: SimulatedAccount) -> None:
    """Sign in as somebody else, agree, and wait for the numbers."""
    person.browser.choice = choice_of(account)
    person.intents.sign_in()
    await person.confirm_if_asked()
    await until(lambda: is_front(person, account), lambda: person.session)
    await until(lambda: person.state.usage, lambda: person.state.poll)


async def switch(person: Person, account: SimulatedAccount) -> None:
    person.intents.switch_account(key_of(account))
    await until(lambda: is_front(person, account), lambda: person.session)


async def choose_elsewhere(person: Person, account: SimulatedAccount) -> None:
    """Somebody chooses this account in a terminal; no look under way sees it at once."""
    await until(lambda: not person.is_busy("look at the accounts"))
    async with open_program(person.program.surroundings) as terminal:
        await terminal.accounts.restore()
        await terminal.accounts.switch(key_of(account))


def shows_only(person: Person, plan: str) -> bool:
    """The numbers of an account on that plan, nothing wrong with them, and an empty chat."""
    state = person.state
    is_quiet = state.poll.fault is None and state.conversation == Conversation()
    return is_quiet and state.usage is not None and state.usage.plan == plan


async def be_refused(person: Person) -> None:
    """The service ends the session, and a poll learns of it."""
    person.simulator.revoke_all()
    await person.poll()
    assert person.shows(SessionStatus.EXPIRED)


async def key_at_next_start(person: Person) -> str:
    """Who would be in front if the program started now."""
    async with open_program(person.program.surroundings) as program:
        await program.accounts.restore()
        return program.accounts.key


def write_login(person: Person, account: SimulatedAccount) -> Path:
    """The Codex CLI has signed in as somebody; its file."""
    file = person.program.surroundings.codex_file
    assert file is not None
    file.parent.mkdir(exist_ok=True)
    tokens = person.simulator.issue_tokens(account)
    file.write_text(json.dumps({"auth_mode": "chatgpt", "tokens": tokens}))
    return file
