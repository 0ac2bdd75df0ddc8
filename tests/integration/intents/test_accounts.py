"""Accounts as a person meets them: switching, adding, removing, and what other processes do."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from support.accounts_of_person import (
    add,
    be_refused,
    is_front,
    key_of,
    shows_only,
    switch,
    write_login,
)
from support.person import ANSWERS, USAGE, Person, PersonAt, settled, until

from app.auth.accounts import CODEX_KEY
from app.auth.memory_safe import MemorySafe
from app.auth.tokens import Account
from app.auth.ways import Stage, Way
from app.chat.conversation import Conversation
from app.errors import AppError, FaultKind
from app.program import Person as Signer
from app.program import open_program
from app.settings import Settings
from app.simulator.accounts import ANN, ANN_AT_WORK, BO, SimulatedAccount, choice_of
from app.simulator.faults import Fault, late
from app.state import SessionState, SessionStatus


async def test_switching_shows_the_other_accounts_numbers_and_an_empty_chat(
    person_at: PersonAt,
) -> None:
    """Peers fact 21: at no moment the numbers of one stand under the name of the other."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.turns)
        plans = {ANN.account_id: {"plus"}, BO.account_id: {"pro"}}
        wrong: list[object] = []

        def look() -> None:
            account, usage = person.session.account, person.state.usage
            if account and usage and usage.plan not in plans[account.account_id]:
                wrong.append((account, usage.plan))

        person.store.subscribe(lambda state: state, lambda _state: look())
        await switch(person, ANN)
        assert person.session.account_key == key_of(ANN)
        assert person.state.conversation == Conversation()
        await until(lambda: person.state.usage)
        await switch(person, BO)
        await until(lambda: person.state.usage)
        assert wrong == []
        assert [known.key for known in person.session.accounts] == [key_of(ANN), key_of(BO)]
        front = person.session.front
        assert front is not None
        assert front.key == key_of(BO)


async def test_what_was_on_its_way_for_the_other_account_is_dropped(person_at: PersonAt) -> None:
    """F-T08: a poll and an answer that come late move nothing."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        person.simulator.faults.add(USAGE, late(0.4))
        person.simulator.faults.add(ANSWERS, late(0.4))
        polls = person.polls()
        person.intents.refresh_now()
        person.intents.chat.ask("Why?")
        await until(lambda: person.polls() > polls)
        await until(lambda: person.simulator.requests_to(ANSWERS))
        await switch(person, ANN)
        await until(lambda: person.state.usage)
        assert shows_only(person, "plus")


async def test_the_newest_of_two_wishes_counts(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        await add(person, ANN_AT_WORK)
        person.intents.switch_account(key_of(ANN))
        person.intents.switch_account(key_of(BO))
        await until(lambda: is_front(person, BO))
        await settled()
        assert is_front(person, BO)
        await person.until_idle()
        person.intents.switch_account(key_of(BO))  # there already: nothing happens
        polls = person.polls()
        await settled()
        assert person.polls() == polls


async def test_a_switch_that_fails_leaves_everything_as_it_was(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        person.vault.fault = FaultKind.KEYRING_FAILED
        person.intents.switch_account(key_of(ANN))
        await until(lambda: person.session.fault)
        assert person.session.fault is not None
        assert person.session.fault.kind is FaultKind.KEYRING_FAILED
        assert is_front(person, BO)
        assert person.state.usage is not None
        person.vault.fault = None
        person.intents.note_activity()  # it was seen
        await person.poll()
        assert person.session.fault is None


async def test_the_first_sign_in_is_shown_before_it_is_stored(person_at: PersonAt) -> None:
    """F-L13"""
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.intents.sign_in()
        await until(person.is_asked)
        await settled()
        progress = person.session.progress
        assert progress is not None
        assert progress.account is not None
        assert progress.account.email == ANN.email
        assert await MemorySafe.take_stock(_safe(person), "") == await _empty()
        person.intents.confirm_account()
        await until(lambda: person.state.usage)
        assert len(person.session.accounts) == 1


def _safe(person: Person) -> MemorySafe:
    safe = person.program.surroundings.safe
    assert isinstance(safe, MemorySafe)
    return safe


async def _empty() -> object:
    return await MemorySafe().take_stock("")


async def test_a_first_sign_in_that_is_declined_leaves_nothing(person_at: PersonAt) -> None:
    """F-L13: and what was issued is ended at the service."""
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.intents.sign_in()
        await until(person.is_asked)
        person.intents.cancel_sign_in()
        assert person.shows(SessionStatus.SIGNED_OUT)
        await until(lambda: person.simulator.requests_to("/oauth/revoke"))
        assert person.session.accounts == ()


async def test_signing_out_brings_the_next_account(person_at: PersonAt) -> None:
    """T-43: history and warnings of the one that went are told to go."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        person.intents.sign_out(forgets_history=True)
        assert person.session == SessionState(
            SessionStatus.STARTING, accounts=person.session.accounts
        )
        assert person.state.usage is None
        await until(lambda: is_front(person, ANN), lambda: person.session)
        await until(lambda: person.state.usage)
        await until(lambda: person.removed)
        assert person.removed == [(key_of(BO), True)]
        await until(lambda: person.simulator.requests_to("/oauth/revoke"))
        assert [known.key for known in person.session.accounts] == [key_of(ANN)]
        assert person.session.fault is None
        person.intents.sign_out()
        await person.until_status(SessionStatus.SIGNED_OUT)
        assert not person.session.accounts
        await until(lambda: person.removed[1:])
        assert person.removed[1:] == [(key_of(ANN), False)]


async def test_an_account_behind_the_front_is_removed_without_a_ripple(
    person_at: PersonAt,
) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        usage = person.state.usage
        person.intents.remove_account(key_of(ANN), forgets_history=True)
        await until(lambda: len(person.session.accounts) == 1)
        assert is_front(person, BO)
        assert person.state.usage is usage
        await until(lambda: person.removed)
        assert person.removed == [(key_of(ANN), True)]
        await until(lambda: person.simulator.requests_to("/oauth/revoke"))
        person.intents.remove_account(key_of(BO))
        await person.until_status(SessionStatus.SIGNED_OUT)


async def test_a_service_that_could_not_be_told_is_said(person_at: PersonAt) -> None:
    """F-T28: everything here is gone all the same."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.faults.add("/oauth/revoke", Fault(status=503))
        person.intents.sign_out()
        await until(lambda: person.session.fault)
        assert person.session.fault is not None
        assert person.session.fault.kind is FaultKind.SIGN_OUT_UNTOLD
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert (await _safe(person).take_stock("")).accounts == ()


# --- another process -----------------------------------------------------------------------------


async def by_terminal(person: Person, account: SimulatedAccount) -> None:
    """Somebody signs in at a terminal meanwhile."""

    async def yes(_old: Account | None, _new: Account) -> bool:
        return True

    person.browser.choice = choice_of(account)
    async with open_program(person.program.surroundings) as program:
        with suppress(AppError):
            await program.accounts.restore()
        await program.sign_in(program.wish(Settings()), Signer(confirm=yes))


async def test_another_processs_choice_is_noticed_at_the_next_poll(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await by_terminal(person, BO)
        await settled()
        assert is_front(person, ANN)
        person.intents.refresh_now()
        await until(lambda: is_front(person, BO), lambda: person.session)
        await until(lambda: person.state.usage)
        assert person.state.usage is not None
        assert person.state.usage.plan == "pro"
        assert len(person.session.accounts) == 2


async def test_a_sign_in_elsewhere_is_noticed_when_somebody_looks(person_at: PersonAt) -> None:
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        await by_terminal(person, ANN)
        person.intents.note_activity()
        await until(lambda: is_front(person, ANN), lambda: person.session)
        await until(lambda: person.state.usage)


async def test_a_session_that_was_renewed_elsewhere_goes_on_when_somebody_looks(
    person_at: PersonAt,
) -> None:
    """F-T12"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await be_refused(person)
        await by_terminal(person, ANN)
        person.intents.note_activity()
        await until(lambda: is_front(person, ANN), lambda: person.session)


async def test_the_last_numbers_stay_while_only_a_sign_in_helps(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T12: whoever opens the panel looks for a new sign-in, and finds none."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await be_refused(person)
        looked = asyncio.Event()
        follow = person.program.accounts.follow

        async def followed() -> None:
            await follow()
            looked.set()

        monkeypatch.setattr(person.program.accounts, "follow", followed)

        def has_looked() -> bool:
            person.intents.note_activity()  # a look at the failed poll may still be under way
            return looked.is_set()

        await until(has_looked)
        await settled()
        assert person.shows(SessionStatus.EXPIRED)
        assert person.state.usage is not None


async def test_a_sign_out_elsewhere_is_followed(person_at: PersonAt) -> None:
    """F-T20"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        async with open_program(person.program.surroundings) as program:
            await program.accounts.restore()
            await program.accounts.remove(key_of(ANN))
        person.intents.refresh_now()
        await person.until_status(SessionStatus.SIGNED_OUT)
        await settled()
        assert person.state.usage is None
        assert person.session.accounts == ()


# --- one sign-in at a time -----------------------------------------------------------------------


async def test_a_sign_in_in_a_terminal_is_told_and_may_be_ended(person_at: PersonAt) -> None:
    """F-L09"""
    async with person_at() as person:
        person.browser.is_left_alone = True
        async with open_program(person.program.surroundings) as terminal:
            async with asyncio.TaskGroup() as group:
                waiting = group.create_task(_kind_of(terminal))
                await until(lambda: person.browser.opened)
                person.intents.sign_in()
                await until(
                    lambda: (
                        person.session.progress and person.session.progress.stage is Stage.ELSEWHERE
                    )
                )
                person.browser.is_left_alone = False
                person.intents.replace_other_sign_in()
                await person.confirm_if_asked()
                await person.until_status(SessionStatus.SIGNED_IN)
            assert waiting.result() is FaultKind.SIGN_IN_ELSEWHERE


async def _kind_of(program: object) -> FaultKind | None:
    try:
        await program.sign_in(program.wish(Settings()))  # type: ignore[attr-defined]
    except AppError as error:
        return error.fault.kind
    return None


async def test_a_sign_in_that_gave_way_says_so(person_at: PersonAt) -> None:
    """F-L09"""

    async def yes() -> bool:
        person.browser.is_left_alone = False
        return True

    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.browser.is_left_alone = True
        person.intents.sign_in()
        await until(lambda: person.browser.opened)
        async with open_program(person.program.surroundings) as terminal:
            await terminal.sign_in(terminal.wish(Settings()), Signer(may_replace=yes))
        await until(lambda: person.session.fault)
        assert person.session.fault is not None
        assert person.session.fault.kind is FaultKind.SIGN_IN_ELSEWHERE
        assert person.shows(SessionStatus.SIGNED_IN)


# --- the Codex CLI's login -----------------------------------------------------------------------


async def test_the_codex_login_is_offered_shown_and_followed(person_at: PersonAt) -> None:
    """F-T27: if the CLI signs in as somebody else, so do the numbers; nothing is asked with it."""
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.intents.look_for_codex_login()
        await settled()
        assert not person.session.can_borrow
        file = write_login(person, ANN)
        person.intents.look_for_codex_login()
        await until(lambda: person.session.can_borrow)
        person.intents.sign_in(Way.CODEX)
        await person.confirm_if_asked()
        await until(lambda: person.state.usage)
        assert person.session.is_borrowed
        assert person.session.account_key == key_of(ANN)
        front = person.session.front
        assert front is not None
        assert (front.key, front.is_borrowed) == (CODEX_KEY, True)
        person.intents.chat.ask("Why?")
        await settled()
        assert person.state.conversation == Conversation()
        await person.until_idle()  # a poll under way would be the answer, with the login before
        write_login(person, BO)
        person.intents.refresh_now()
        await until(lambda: is_front(person, BO), lambda: person.session)
        await until(lambda: person.state.usage)
        assert person.session.account_key == key_of(BO)
        person.intents.sign_out()
        await person.until_status(SessionStatus.SIGNED_OUT)
        assert file.exists()
        assert person.simulator.requests_to("/oauth/revoke") == []


async def test_a_codex_login_that_is_gone_at_the_start_is_told(person_at: PersonAt) -> None:
    """Peers fact 18: it says what to do, and mends itself once there is one."""
    async with person_at() as person:
        await person.program.accounts.choose(CODEX_KEY)
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        assert person.session.fault is not None
        assert person.session.fault.kind is FaultKind.CODEX_LOGIN_MISSING
