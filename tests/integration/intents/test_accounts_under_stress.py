"""Accounts while something is slow, full, locked, changed in between, or about to quit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from support.accounts_of_person import (
    add,
    choose_elsewhere,
    is_front,
    key_at_next_start,
    key_of,
    switch,
    write_login,
)
from support.held import Held
from support.person import Person, PersonAt, settled, until
from support.stalls import Stalls

from app.auth.accounts import CODEX_KEY
from app.auth.grace import GRACE_S
from app.auth.safe import ListedVault
from app.auth.token_endpoint import TokenEndpoint
from app.auth.ways import Way
from app.errors import FaultKind, fail
from app.program import open_program
from app.simulator.accounts import ANN, ANN_AT_WORK, BO, SimulatedAccount, choice_of
from app.state import SessionStatus

REVOKE = "/oauth/revoke"


@asynccontextmanager
async def at_work(person_at: PersonAt, *others: SimulatedAccount) -> AsyncIterator[Person]:
    """Ann is signed in, then the others are, one after the other; the last one is in front."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        for account in others:
            await add(person, account)
        yield person


@asynccontextmanager
async def nobody_yet(person_at: PersonAt) -> AsyncIterator[Person]:
    """Nobody has ever signed in."""
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        yield person


def lock(person: Person) -> None:
    """The keyring is locked, and whoever is asked for its password says no."""
    person.vault.refuses_to_unlock = person.vault.is_locked = True


async def refuse(*_arguments: object, **_named: object) -> NoReturn:
    raise fail(FaultKind.KEYRING_FAILED)


def keys(person: Person) -> list[str]:
    return [known.key for known in person.session.accounts]


async def borrow(person: Person, account: SimulatedAccount) -> Path:
    """Show the usage of the Codex CLI's login, too."""
    file = write_login(person, account)
    person.intents.sign_in(Way.CODEX)
    await person.confirm_if_asked()
    await until(lambda: person.session.is_borrowed and person.state.usage)
    return file


# --- a sign-in and what is ended because of it ----------------------------------------------------


async def test_a_slow_revocation_ends_only_what_was_declined(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-L13, F-L14: "use another account", while the first one is still being ended."""
    async with at_work(person_at) as person:
        revoking = Held(monkeypatch, TokenEndpoint, "revoke")
        person.browser.choice = choice_of(BO)
        person.intents.sign_in()
        await until(person.is_asked)
        person.browser.choice = choice_of(ANN_AT_WORK)
        person.intents.use_another_account()
        await until(lambda: revoking.came)
        await until(person.is_asked)
        revoking.gate.set()
        await until(lambda: revoking.went)
        await settled()
        assert revoking.came == 1
        person.intents.confirm_account()
        await until(lambda: is_front(person, ANN_AT_WORK), lambda: person.session)
        await until(lambda: person.state.usage)
        assert revoking.came == 1


async def test_signing_out_instead_of_confirming_ends_both_sessions(person_at: PersonAt) -> None:
    """T-43, F-L14"""
    async with at_work(person_at) as person:
        person.browser.choice = choice_of(BO)
        person.intents.sign_in()
        await until(person.is_asked)
        person.intents.sign_out()
        await person.until_status(SessionStatus.SIGNED_OUT)
        await until(lambda: len(person.simulator.requests_to(REVOKE)) == 2)
        assert keys(person) == []


async def test_a_sign_in_that_is_given_up_while_it_is_stored_changes_nothing(
    person_at: PersonAt,
) -> None:
    """F-L14: neither who is in front now, nor at the next start; what was issued is ended."""
    async with at_work(person_at, BO) as person:
        person.vault.gate = asyncio.Event()  # Ann's entry is slow
        person.browser.choice = choice_of(ANN)
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: person.vault.is_waiting)
        person.intents.cancel_sign_in()
        await settled()
        person.vault.gate.set()
        await until(lambda: person.simulator.requests_to(REVOKE))
        await settled()
        assert len(person.simulator.requests_to(REVOKE)) == 1
        assert is_front(person, BO)
        assert await key_at_next_start(person) == key_of(BO)


async def test_a_sign_in_that_was_quicker_than_the_keyring_is_listed_with_the_others(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T17"""
    async with person_at(stored=True) as person:
        safe = person.program.surroundings.safe
        looking = Held(monkeypatch, safe, "take_stock", after=True)
        person.intents.restore()
        await until(lambda: looking.came)
        person.browser.choice = choice_of(BO)
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: is_front(person, BO))
        looking.gate.set()
        await until(lambda: len(person.session.accounts) == 2)
        assert set(keys(person)) == {key_of(ANN), key_of(BO)}
        assert is_front(person, BO)


async def test_who_just_signed_in_stays_in_front_of_a_next_account_that_was_slow(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T22: and what no keyring took of the sign-in is not lost."""
    async with at_work(person_at, BO) as person:
        bringing = Held(monkeypatch, person.program.accounts, "bring_next", is_open=True)
        person.vault.gate = asyncio.Event()  # Ann's entry is slow
        person.intents.sign_out()
        await until(lambda: person.vault.is_waiting)
        monkeypatch.setattr(person.program.surroundings.safe, "add", refuse)
        person.browser.choice = choice_of(ANN_AT_WORK)
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: is_front(person, ANN_AT_WORK))
        person.vault.gate.set()
        await until(lambda: bringing.went)
        await settled()
        assert is_front(person, ANN_AT_WORK)
        assert set(keys(person)) == {key_of(ANN), key_of(ANN_AT_WORK)}
        for account in (ANN, ANN_AT_WORK):
            await switch(person, account)
            await until(lambda: person.state.usage)


async def test_who_just_signed_in_is_chosen_though_the_next_accounts_keyring_is_locked(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T17: nor does the locked one's state stand in front of who has just signed in."""
    async with at_work(person_at, BO) as person:
        bringing = Held(monkeypatch, person.program.accounts, "bring_next", is_open=True)
        person.vault.gate = asyncio.Event()
        person.intents.sign_out()
        await until(lambda: person.vault.is_waiting)
        person.browser.choice = choice_of(ANN_AT_WORK)
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: is_front(person, ANN_AT_WORK))
        await until(lambda: person.state.usage)
        person.vault.is_locked = True
        person.vault.gate.set()
        await until(lambda: bringing.went)
        await settled()
        assert is_front(person, ANN_AT_WORK)
        person.vault.is_locked = False
        assert await key_at_next_start(person) == key_of(ANN_AT_WORK)


async def test_a_sign_in_counts_more_than_a_switch_before_it(person_at: PersonAt) -> None:
    """The newest wish, although the older one is the slower."""
    async with at_work(person_at, BO) as person:
        person.vault.gate = asyncio.Event()  # Ann's entry is slow
        person.intents.switch_account(key_of(ANN))
        await until(lambda: person.vault.is_waiting)
        person.browser.choice = choice_of(ANN_AT_WORK)
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: is_front(person, ANN_AT_WORK))
        await until(lambda: person.state.usage)
        person.vault.gate.set()
        await until(lambda: not person.is_busy("switch account"))
        assert is_front(person, ANN_AT_WORK)
        assert await key_at_next_start(person) == key_of(ANN_AT_WORK)


async def test_a_switch_counts_more_than_a_sign_in_before_it(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account is added all the same."""
    async with at_work(person_at, BO) as person:
        with monkeypatch.context() as patch:
            storing = Held(patch, person.program.surroundings.safe, "add")
            person.browser.choice = choice_of(ANN_AT_WORK)
            person.intents.sign_in()
            await person.confirm_if_asked()
            await until(lambda: storing.came)
            person.intents.switch_account(key_of(ANN))
            await until(lambda: person.program.accounts.front.key == key_of(ANN))
            await until(lambda: person.state.usage and person.state.usage.plan == "plus")
            storing.gate.set()
            await until(lambda: not person.is_busy("sign in"))
        assert is_front(person, ANN)
        await person.until_idle()
        assert len(keys(person)) == 3
        assert await key_at_next_start(person) == key_of(ANN)
        await switch(person, ANN_AT_WORK)
        await until(lambda: person.state.usage)


# --- a full disk, a keyring that does not take everything -----------------------------------------


async def test_without_a_file_for_the_choice_the_newest_one_holds(
    person_at: PersonAt, private_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D08: what cannot be written is not taken for another process's choice."""
    (private_home / "state").mkdir(mode=0o700, exist_ok=True)
    (private_home / "state" / "account.json").mkdir()
    async with at_work(person_at, BO) as person:
        looking = Held(monkeypatch, person.program.accounts, "is_changed_elsewhere", is_open=True)
        await person.poll()
        await until(lambda: looking.went)
        await settled()
        assert is_front(person, BO)


async def test_following_another_process_keeps_a_borrowed_login_listed(
    person_at: PersonAt,
) -> None:
    """F-T27"""
    async with at_work(person_at, BO) as person:
        await borrow(person, ANN_AT_WORK)
        await switch(person, ANN)
        await choose_elsewhere(person, BO)
        person.intents.refresh_now()
        await until(lambda: is_front(person, BO), lambda: person.session)
        assert keys(person) == [key_of(ANN), key_of(BO), CODEX_KEY]


async def test_following_another_process_keeps_what_no_keyring_took(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T22"""
    async with at_work(person_at, BO) as person:
        with monkeypatch.context() as patch:
            patch.setattr(person.program.surroundings.safe, "add", refuse)
            await add(person, ANN_AT_WORK)
            assert not person.session.is_saved
            await choose_elsewhere(person, BO)
            person.intents.refresh_now()
            await until(lambda: is_front(person, BO), lambda: person.session)
        assert set(keys(person)) == {key_of(ANN), key_of(BO), key_of(ANN_AT_WORK)}
        await switch(person, ANN_AT_WORK)


async def test_what_no_keyring_took_is_stored_though_another_account_came_to_the_front(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T22: the sign-in of the other one has shown that the keyring takes something by now."""
    async with at_work(person_at) as person:
        with monkeypatch.context() as patch:
            patch.setattr(person.program.surroundings.safe, "add", refuse)
            await add(person, BO)
            assert not person.session.is_saved
            await until(lambda: not person.is_busy("offer to the keyring again"))
        await add(person, ANN_AT_WORK)
        await until(lambda: not person.session.unsaved)
        stock = await person.program.surroundings.safe.take_stock("")
        assert {known.key for known in stock.accounts} == set(keys(person))
        assert len(stock.accounts) == 3


async def test_sign_ins_behind_the_front_are_stored_when_the_keyring_is_unlocked(
    person_at: PersonAt,
) -> None:
    """F-T22: not only at the next sign-in; until then each is told, with the reason."""
    async with nobody_yet(person_at) as person:
        lock(person)
        await add(person, ANN)
        assert person.session.unsaved == ((key_of(ANN), FaultKind.KEYRING_LOCKED),)
        await add(person, BO)  # its entry takes it
        assert is_front(person, BO)
        assert person.session.is_saved
        assert person.session.unsaved == ((key_of(ANN), FaultKind.KEYRING_LOCKED),)
        person.vault.is_locked = False
        await until(lambda: not person.session.unsaved)
        stored = await person.vault.load()
        assert stored is not None
        assert stored.account.account_id == ANN.account_id
        await switch(person, ANN)


async def offered(person: Person) -> int:
    """How often tokens were offered to the first vault, once nothing of it is under way."""
    await until(lambda: not person.is_busy("offer to the keyring again"))
    return person.vault.stores


async def test_sign_ins_behind_the_front_are_offered_again_with_the_polls(
    person_at: PersonAt,
) -> None:
    """F-T22"""
    async with nobody_yet(person_at) as person:
        person.vault.fault = FaultKind.KEYRING_FAILED
        await add(person, ANN)
        await add(person, BO)
        assert list(person.session.unsaved) == [(key_of(ANN), FaultKind.KEYRING_FAILED)]
        stores = await offered(person)
        for _ in range(2):
            await person.poll()
            await offered(person)
        assert person.vault.stores == stores + 1
        person.vault.fault = None
        for _ in range(2):
            await person.poll()
            await offered(person)
        assert not person.session.unsaved
        assert is_front(person, BO)


async def test_unlocking_stores_what_is_in_memory_though_somebody_is_in_front(
    person_at: PersonAt,
) -> None:
    """F-T22: as the question before the end offers it."""
    async with nobody_yet(person_at) as person:
        lock(person)
        await add(person, ANN)
        assert not person.session.is_saved
        person.vault.refuses_to_unlock = False
        person.intents.unlock()
        await until(lambda: person.session.is_saved)
        assert is_front(person, ANN)
        assert await person.vault.load() is not None


async def test_switching_to_a_sign_in_in_memory_needs_no_keyring(person_at: PersonAt) -> None:
    """F-T22: it is as good as any other, though the keyring is locked."""
    async with nobody_yet(person_at) as person:
        lock(person)
        await add(person, ANN)
        await add(person, BO)
        await switch(person, ANN)
        await until(lambda: person.state.usage)
        assert person.session.fault is None
        assert not person.session.is_saved


# --- a locked keyring -----------------------------------------------------------------------------


async def test_switching_to_a_locked_account_asks_to_unlock(person_at: PersonAt) -> None:
    """F-T17: it was a click."""
    async with at_work(person_at, BO) as person:
        person.vault.is_locked = True
        await switch(person, ANN)
        assert person.session.fault is None
        assert not person.vault.is_locked


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_next_account_that_is_locked_is_told_and_can_be_unlocked(
    person_at: PersonAt, elsewhere: bool
) -> None:
    """F-T17: by the button, or by whoever unlocks the keyring elsewhere."""
    async with at_work(person_at, BO) as person:
        person.vault.is_locked = True
        person.intents.sign_out()
        await person.until_status(SessionStatus.KEYRING_LOCKED)
        assert person.session.fault is not None
        assert person.session.fault.kind is FaultKind.KEYRING_LOCKED
        assert keys(person) == [key_of(ANN)]
        if elsewhere:
            person.vault.is_locked = False
        else:
            person.intents.unlock()
        await until(lambda: is_front(person, ANN), lambda: person.session)
        await until(lambda: person.state.usage)
        assert person.session.fault is None


# --- quick changes of mind ------------------------------------------------------------------------


async def test_what_is_followed_does_not_come_back_after_a_sign_out(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-43: the keyring was read just before its entries went."""
    async with at_work(person_at) as person:
        safe = person.program.surroundings.safe
        looking = Held(monkeypatch, safe, "take_stock", after=True)
        ending = Held(monkeypatch, person.program.accounts.backlog, "end", is_open=True)
        person.simulator.revoke_all()
        await person.poll()
        assert person.shows(SessionStatus.EXPIRED)

        def has_come() -> bool:
            if not looking.came:
                person.intents.note_activity()  # a look at the failed poll may be under way
            return looking.came > 0

        await until(has_come)
        person.intents.sign_out()
        await until(lambda: ending.went)
        looking.gate.set()
        await settled()
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert await person.vault.load() is None
        assert keys(person) == []


async def test_a_choice_made_here_is_not_undone_by_a_look_that_began_before_it(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody chose in a terminal, then somebody here chose something else."""
    async with at_work(person_at, ANN_AT_WORK, BO) as person:
        await choose_elsewhere(person, ANN)
        with monkeypatch.context() as patch:
            safe = person.program.surroundings.safe
            looking = Held(patch, safe, "take_stock", after=True)
            following = Held(patch, person.program.accounts, "follow", is_open=True)
            person.intents.refresh_now()
            await until(lambda: looking.worked)
            await switch(person, ANN_AT_WORK)
            looking.gate.set()
            await until(lambda: following.went)
        await settled()
        assert is_front(person, ANN_AT_WORK)
        assert await key_at_next_start(person) == key_of(ANN_AT_WORK)


async def test_a_sign_in_elsewhere_is_followed_though_a_look_is_under_way(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T12: the look sees no other choice; whoever was renewed is seen by following."""
    async with at_work(person_at) as person:
        accounts = person.program.accounts
        looking = Held(monkeypatch, accounts, "is_changed_elsewhere", after=True)
        following = Held(monkeypatch, accounts, "follow", is_open=True)
        await person.poll()
        await until(lambda: looking.worked)
        person.simulator.revoke_all()
        await person.poll()
        assert person.shows(SessionStatus.EXPIRED)
        person.intents.note_activity()
        assert not following.came
        looking.gate.set()
        await until(lambda: following.went)
        await until(lambda: not person.is_busy("look at the accounts"))
        assert following.went == 1


async def test_back_again_before_the_switch_has_ended(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's choice was written already: the next start shows the newest wish all the same."""
    async with at_work(person_at, BO) as person:
        with monkeypatch.context() as patch:
            choosing = Held(patch, person.program.accounts, "choose", after=True)
            person.intents.switch_account(key_of(ANN))
            await until(lambda: choosing.came)
            await until(lambda: choosing.worked)
            assert await key_at_next_start(person) == key_of(ANN)
            person.intents.switch_account(key_of(BO))
            choosing.gate.set()
            await until(lambda: choosing.went)
        assert is_front(person, BO)
        assert await key_at_next_start(person) == key_of(BO)


async def test_the_history_of_ones_own_account_stays_when_a_borrowed_login_goes(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T27: it is the same person's, and its account is still there."""
    async with at_work(person_at) as person:
        await borrow(person, ANN)
        await switch(person, ANN)
        ending = Held(monkeypatch, person.program.accounts.backlog, "end", is_open=True)
        person.intents.remove_account(CODEX_KEY, forgets_history=True)
        await until(lambda: ending.went)
        await settled()
        assert keys(person) == [key_of(ANN)]
        assert person.removed == []


async def test_a_folder_in_place_of_the_codex_login_disturbs_nobody(person_at: PersonAt) -> None:
    """F-T27"""
    async with at_work(person_at) as person:
        file = await borrow(person, BO)
        await switch(person, ANN)
    file.unlink()
    file.mkdir()
    async with at_work(person_at) as person:
        assert is_front(person, ANN)
        assert person.crashes == []


# --- a removal that fails ------------------------------------------------------------------------


def unremoved(person: Person) -> list[str]:
    return [known.key for known in person.session.unremoved]


@pytest.mark.parametrize("account", [ANN, BO])
async def test_a_removal_that_fails_can_be_tried_again(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch, account: SimulatedAccount
) -> None:
    """T-43: until its entries are gone it is said what is left, and nobody can be it any more."""
    async with at_work(person_at, BO) as person:
        with monkeypatch.context() as patch:
            patch.setattr(ListedVault, "delete", refuse)
            person.intents.remove_account(key_of(account), forgets_history=True)
            await until(lambda: person.session.fault)
            assert person.session.fault is not None
            assert person.session.fault.kind is FaultKind.SIGN_OUT_UNFINISHED
        other = ANN if account is BO else BO
        await until(lambda: is_front(person, other))
        assert person.removed == [(key_of(account), True)]
        assert keys(person) == [key_of(other)]
        assert unremoved(person) == [key_of(account)]
        person.intents.switch_account(key_of(account))  # as its entry in the menu does
        await until(lambda: not person.is_busy("remove account"))
        assert unremoved(person) == []
        assert is_front(person, other)
        assert len((await person.program.surroundings.safe.take_stock("")).accounts) == 1


async def test_what_a_removal_could_not_do_is_still_told_when_the_next_account_has_come(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-43, F-T28"""
    async with at_work(person_at, BO) as person:
        bringing = Held(monkeypatch, person.program.accounts, "bring_next")
        monkeypatch.setattr(ListedVault, "delete", refuse)
        person.intents.sign_out()
        await until(lambda: person.session.fault)
        bringing.gate.set()
        await until(lambda: is_front(person, ANN))
        assert person.session.fault is not None
        assert person.session.fault.kind is FaultKind.SIGN_OUT_UNFINISHED
        await person.until_idle()


async def test_the_only_account_does_not_come_back_by_a_removal_that_fails(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-43: and when somebody looks it is tried again."""
    async with at_work(person_at) as person:
        with monkeypatch.context() as patch:
            patch.setattr(ListedVault, "delete", refuse)
            person.intents.sign_out()
            await until(lambda: person.session.fault)
        await settled()
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert keys(person) == []
        assert unremoved(person) == [key_of(ANN)]
        person.intents.note_activity()
        await until(lambda: not unremoved(person))
        assert await person.vault.load() is None
        assert person.session.fault is None


async def test_what_a_locked_keyring_kept_is_removed_when_it_is_unlocked(
    person_at: PersonAt,
) -> None:
    """T-43: it does not come back as an account that the service has signed out."""
    async with at_work(person_at) as person:
        lock(person)
        person.intents.sign_out()
        await until(lambda: person.session.fault)
        assert unremoved(person) == [key_of(ANN)]
        assert person.shows(SessionStatus.SIGNED_OUT)
        person.vault.is_locked = False
        await until(lambda: not unremoved(person))
        assert await person.vault.load() is None
        assert person.session.fault is None
        assert SessionStatus.EXPIRED not in person.statuses


@pytest.mark.parametrize("is_only_one", [True, False])
async def test_what_a_locked_keyring_kept_is_removed_by_the_next_start(
    person_at: PersonAt, is_only_one: bool
) -> None:
    """T-43: whoever else is there is in front, and nobody else brings it back."""
    async with at_work(person_at, *(() if is_only_one else (BO,))) as person:
        lock(person)
        person.intents.remove_account(key_of(ANN))
        await until(lambda: unremoved(person))
    person.vault.is_locked = False
    async with open_program(person.program.surroundings) as program:
        account = await program.accounts.restore()
        assert [known.key for known in program.accounts.backlog.unremoved] == [key_of(ANN)]
        assert (account.email if account else "") == ("" if is_only_one else BO.email)
        await program.accounts.offer_again()
        assert program.accounts.backlog.unremoved == ()
    assert await person.vault.load() is None
    async with open_program(person.program.surroundings) as program:
        await program.accounts.restore()
        assert program.accounts.backlog.unremoved == ()
        assert len(program.accounts.known) == (0 if is_only_one else 1)


async def test_who_signs_in_again_is_not_removed_afterwards(person_at: PersonAt) -> None:
    """T-43: what was left of the old sign-in is overwritten."""
    async with at_work(person_at, BO) as person:
        lock(person)
        person.intents.remove_account(key_of(ANN))
        await until(lambda: unremoved(person))
        person.vault.refuses_to_unlock = False
        await add(person, ANN)
        await person.program.accounts.offer_again()
        assert unremoved(person) == []
        assert await person.vault.load() is not None
        assert await key_at_next_start(person) == key_of(ANN)


# --- quits in between -----------------------------------------------------------------------------


async def test_a_quit_right_after_a_sign_out_leaves_nothing(person_at: PersonAt) -> None:
    """T-43"""
    async with at_work(person_at) as person:
        person.intents.sign_out()
        person.tasks.cancel_all()
    assert await person.vault.load() is None
    assert len(person.simulator.requests_to(REVOKE)) == 1


async def test_a_quit_while_another_account_is_removed_leaves_nothing_of_it(
    person_at: PersonAt,
) -> None:
    """T-43"""
    async with at_work(person_at, BO) as person:
        person.vault.gate = asyncio.Event()
        person.intents.remove_account(key_of(ANN))
        await until(lambda: person.vault.is_waiting)
        person.tasks.cancel_all()
        await settled()
        person.vault.gate.set()
    assert await person.vault.load() is None


async def test_a_quit_waits_no_longer_for_a_keyring_that_hangs(person_at: PersonAt) -> None:
    """F-D06, T-43: one period of grace; the next start removes what is left then."""
    async with at_work(person_at) as person:
        person.vault.gate = asyncio.Event()
        person.intents.sign_out()
        await until(lambda: person.vault.is_waiting)
        await until(lambda: not person.is_busy("next account"))
        with Stalls() as stalls:
            begun = time.monotonic()
            person.tasks.cancel_all()
            await until(lambda: not person.is_busy("sign out"))
            lived_s = stalls.lived_s(begun, time.monotonic())
        assert lived_s < 2 * GRACE_S
    person.vault.gate = None
    async with open_program(person.program.surroundings) as program:
        await program.accounts.restore()
        assert len(program.accounts.backlog.unremoved) == 1


async def test_a_quit_during_a_sign_out_forgets_the_history_too(person_at: PersonAt) -> None:
    """T-43: at once, whatever the keyring and the service do."""
    async with at_work(person_at) as person:
        person.vault.gate = asyncio.Event()
        person.intents.sign_out(forgets_history=True)
        await until(lambda: person.vault.is_waiting)
        assert person.removed == [(key_of(ANN), True)]  # before anybody is told
        person.tasks.cancel_all()
        person.vault.gate.set()
    assert await person.vault.load() is None
