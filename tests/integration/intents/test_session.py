"""Restoring, unlocking, signing in and out, and the end of a session, over real sockets."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.accounts_of_person import be_refused, shows_only
from support.far_browser import last_address
from support.person import TOKENS, USAGE, Person, PersonAt, settled, until
from support.signed_in import tokens_from

from app.auth import device
from app.auth.vault import MemoryVault
from app.auth.ways import Stage, Way
from app.chat.conversation import Conversation
from app.clocks import wall
from app.errors import FaultKind, fail
from app.simulator.accounts import ANN, BO
from app.simulator.faults import late
from app.simulator.server import Simulator
from app.simulator.visitor import approve_device
from app.state import PollState, SessionStatus


def kind_told(person: Person) -> FaultKind | None:
    return person.session.fault.kind if person.session.fault else None


def is_confirming(person: Person) -> bool:
    progress = person.session.progress
    return progress is not None and progress.stage is Stage.CONFIRMING


# --- at the start -------------------------------------------------------------------------------


async def test_a_stored_session_is_taken_up_and_polled(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        assert person.statuses == [SessionStatus.SIGNED_IN]
        assert person.session.account is not None
        assert person.session.account.email == ANN.email
        assert person.browser.opened == []


async def test_without_a_stored_session_nobody_is_signed_in(person_at: PersonAt) -> None:
    async with person_at() as person:
        person.intents.restore()
        await until(lambda: person.statuses)
        await settled()
        assert person.statuses == [SessionStatus.SIGNED_OUT]
        assert (person.session.account, person.session.fault) == (None, None)
        assert person.simulator.requests == []


async def test_the_demo_signs_in_by_itself_and_only_once(person_at: PersonAt) -> None:
    async with person_at(signs_in_by_itself=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        assert len(person.browser.opened) == 1
        person.intents.sign_out()
        person.intents.restore()
        await settled()
        assert len(person.browser.opened) == 1


async def test_a_session_refused_for_good_asks_for_a_sign_in_and_for_nothing_else(
    person_at: PersonAt,
) -> None:
    """F-T12: remembered over a restart, no further request."""
    async with person_at() as person:
        refused = replace(tokens_from(person.simulator, wall()), refusal="refresh_token_expired")
        await MemoryVault.store(person.vault, refused)
        person.intents.restore()
        await person.until_status(SessionStatus.EXPIRED)
        person.intents.refresh_now()
        await settled()
        assert kind_told(person) is FaultKind.SESSION_EXPIRED
        assert person.session.account is not None
        assert person.simulator.requests == []


async def test_a_locked_keyring_is_told_and_unlocked_on_demand(person_at: PersonAt) -> None:
    """F-T17"""
    async with person_at(stored=True) as person:
        person.vault.is_locked = True
        person.intents.restore()
        await person.until_status(SessionStatus.KEYRING_LOCKED)
        assert kind_told(person) is FaultKind.KEYRING_LOCKED
        assert person.simulator.requests == []
        person.intents.unlock()
        await until(lambda: person.state.usage)
        assert person.shows(SessionStatus.SIGNED_IN)
        assert person.session.fault is None


async def test_an_unlock_elsewhere_is_picked_up(person_at: PersonAt) -> None:
    """F-T17: nobody has to press anything."""
    async with person_at(stored=True) as person:
        person.vault.is_locked = True
        person.intents.restore()
        await person.until_status(SessionStatus.KEYRING_LOCKED)
        await settled()
        assert person.shows(SessionStatus.KEYRING_LOCKED)
        person.vault.is_locked = False
        await until(lambda: person.state.usage)
        assert person.shows(SessionStatus.SIGNED_IN)


async def test_a_keyring_that_goes_away_while_locked_is_asked_on_demand(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-T19"""
    async with person_at(stored=True) as person:

        async def gone() -> None:
            raise fail(FaultKind.KEYRING_MISSING)

        monkeypatch.setattr(person.vault, "unlocked", gone)
        person.vault.is_locked = True
        person.intents.restore()
        await person.until_status(SessionStatus.KEYRING_LOCKED)
        await settled()
        person.intents.unlock()
        await person.until_status(SessionStatus.SIGNED_IN)


async def test_tokens_that_a_locked_keyring_refused_are_stored_once_it_is_unlocked(
    person_at: PersonAt,
) -> None:
    """F-T22"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.vault.is_locked = True
        person.simulator.expire_access_tokens()
        person.intents.refresh_now()
        await until(lambda: not person.session.is_saved)
        await settled()
        assert not person.session.is_saved
        person.vault.is_locked = False
        await until(lambda: person.session.is_saved)


@pytest.mark.parametrize("kind", [FaultKind.KEYRING_MISSING, FaultKind.KEYRING_FAILED])
async def test_a_keyring_out_of_order_is_told(person_at: PersonAt, kind: FaultKind) -> None:
    async with person_at() as person:
        person.vault.fault = kind
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        assert kind_told(person) is kind


@pytest.mark.expected_log("ERROR tidegauge.tasks: restore session failed unexpectedly")
async def test_a_crash_while_restoring_ends_the_start(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D23: the window must not say "Starting…" for ever."""
    async with person_at() as person:

        async def crash(*, unlock: bool = False) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(person.vault, "load", crash)
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        assert kind_told(person) is FaultKind.INTERNAL


async def test_a_keyring_that_answers_late_leaves_a_new_sign_in_alone(
    person_at: PersonAt,
) -> None:
    async with person_at() as person:
        person.vault.gate = asyncio.Event()
        person.intents.restore()
        await until(lambda: person.vault.is_waiting)
        person.intents.sign_in()
        await until(lambda: person.browser.pages)
        person.vault.fault = FaultKind.KEYRING_FAILED
        await person.confirm_if_asked()
        person.vault.gate.set()
        await person.until_status(SessionStatus.SIGNED_IN)
        await until(lambda: person.state.usage)
        assert person.session.fault is None
        assert not person.is_saved()


# --- signing in ---------------------------------------------------------------------------------


async def test_signing_in_shows_the_address_while_it_waits_and_the_numbers_after(
    person_at: PersonAt,
) -> None:
    """F-L12: the address can be copied."""
    async with person_at() as person:
        shown: list[str] = []
        person.store.subscribe(
            lambda s: s.session.sign_in_url, lambda s: shown.append(s.session.sign_in_url)
        )
        await person.sign_in()
        assert shown == [person.browser.opened[0], ""]
        assert person.state.usage is not None
        assert person.session.account is not None
        assert person.is_saved()
        assert person.browser.pages[0].status == 200
        stored = await MemoryVault.load(person.vault)
        assert stored is not None
        assert stored.account == person.session.account


async def test_a_denied_sign_in_is_told(person_at: PersonAt) -> None:
    async with person_at() as person:
        person.browser.decision = "deny"
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.intents.sign_in()
        await until(lambda: person.session.fault)
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert kind_told(person) is FaultKind.SIGN_IN_DENIED
        assert person.session.sign_in_url == ""
        person.browser.decision = "allow"
        await person.sign_in()
        assert person.session.fault is None


@pytest.mark.parametrize("stored", [True, False])
async def test_cancelling_a_sign_in_leaves_the_session_as_it_was(
    person_at: PersonAt, stored: bool
) -> None:
    """F-L02, F-L14"""
    async with person_at(stored=stored) as person:
        person.intents.restore()
        await until(lambda: person.state.usage if stored else person.statuses)
        before, usage = person.session, person.state.usage
        person.browser.is_left_alone = True
        person.intents.sign_in()
        await until(lambda: person.browser.opened)
        assert person.shows(SessionStatus.SIGNING_IN)
        assert person.session.sign_in_url
        assert person.session.account == before.account
        person.intents.cancel_sign_in()
        assert person.session == before  # at once
        await settled()
        assert (person.session, person.state.usage) == (before, usage)


async def test_a_second_sign_in_begins_once_the_first_one_is_gone(person_at: PersonAt) -> None:
    """F-L09: one at a time; a second click joins the first."""
    async with person_at() as person:
        person.browser.is_left_alone = True
        person.intents.sign_in()
        await until(lambda: person.browser.opened)
        person.intents.sign_in()
        await settled()
        assert len(person.browser.opened) == 1
        person.intents.cancel_sign_in()
        person.intents.cancel_sign_in()
        person.browser.is_left_alone = False
        await person.sign_in()
        assert len(person.browser.opened) == 2


async def test_what_happens_to_the_old_session_meanwhile_holds_after_a_cancelled_sign_in(
    person_at: PersonAt,
) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.browser.is_left_alone = True
        person.simulator.faults.add(USAGE, late(0.2))
        person.intents.refresh_now()
        await until(lambda: person.polls() == 2)
        person.simulator.revoke_all()
        person.intents.sign_in()
        await until(lambda: person.program.session.refusal)
        await until(lambda: not person.state.poll.is_polling)
        assert person.shows(SessionStatus.SIGNING_IN)
        person.intents.cancel_sign_in()
        assert person.shows(SessionStatus.EXPIRED)


async def test_a_sign_in_cancelled_while_its_tokens_are_stored_has_happened(
    person_at: PersonAt,
) -> None:
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.vault.gate = asyncio.Event()
        person.vault.is_waiting = False
        person.intents.sign_in()
        await person.confirm_if_asked()
        await until(lambda: person.vault.is_waiting)
        person.intents.cancel_sign_in()
        person.vault.gate.set()
        await person.until_status(SessionStatus.SIGNED_IN)
        await until(lambda: person.state.usage)


async def test_another_account_brings_its_own_numbers_and_an_empty_chat(
    person_at: PersonAt,
) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.chat.ask("Why?")
        await until(lambda: _has_ended(person.state.conversation))
        person.browser.account = BO
        usages: list[object] = []
        person.store.subscribe(lambda s: s.usage, lambda s: usages.append(s.usage))
        person.intents.sign_in()
        await until(lambda: is_confirming(person))
        person.intents.confirm_account()
        await until(lambda: person.session.account and person.session.account.email == BO.email)
        await until(lambda: person.state.usage)
        assert None in usages
        assert shows_only(person, "pro")


async def test_another_account_is_asked_for_and_may_be_declined(person_at: PersonAt) -> None:
    """T-16, F-L13, F-L14: the session until now stays, the tokens nobody wanted are revoked."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        before, stored = person.session, await MemoryVault.load(person.vault)
        person.browser.account = BO
        person.intents.sign_in()
        await until(lambda: is_confirming(person))
        progress = person.session.progress
        assert progress is not None
        assert progress.account is not None
        assert progress.account.email == BO.email
        assert person.session.account == before.account
        assert await MemoryVault.load(person.vault) == stored
        person.intents.cancel_sign_in()
        assert person.session == before
        await until(lambda: len(person.simulator.requests_to("/oauth/revoke")) == 1)
        await person.poll()
        assert person.state.poll.fault is None
        assert await MemoryVault.load(person.vault) == stored


async def test_somebody_else_may_sign_in_instead(person_at: PersonAt) -> None:
    """F-L13: the page is told to ask who it is."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.use_another_account()  # nobody asked: nothing happens
        assert person.shows(SessionStatus.SIGNED_IN)
        person.browser.account = BO
        person.intents.sign_in()
        await until(lambda: is_confirming(person))
        person.browser.account = ANN
        person.intents.use_another_account()
        await person.until_status(SessionStatus.SIGNED_IN)
        prompts = [
            "prompt=login" in request.query
            for request in person.simulator.requests_to("/oauth/authorize", "GET")
        ]
        assert prompts == [False, True]
        assert person.session.account is not None
        assert person.session.account.email == ANN.email


async def test_the_session_that_was_replaced_is_ended_once_the_new_one_is_stored(
    person_at: PersonAt,
) -> None:
    """F-L14"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        old = await MemoryVault.load(person.vault)
        assert old is not None
        await person.sign_in()
        await until(lambda: person.simulator.requests_to("/oauth/revoke"))
        (revoked,) = person.simulator.requests_to("/oauth/revoke")
        assert old.refresh_token.encode() in revoked.body
        await person.poll()
        assert person.state.poll.fault is None


async def test_a_replaced_session_is_kept_while_the_new_one_cannot_be_stored(
    person_at: PersonAt,
) -> None:
    """F-L14, F-T22: after a restart it is all there is."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.vault.fault = FaultKind.KEYRING_FAILED
        await person.sign_in()
        await settled()
        assert not person.is_saved()
        assert person.simulator.requests_to("/oauth/revoke") == []


# --- the other ways -----------------------------------------------------------------------------


async def test_a_code_is_shown_and_typed_in_on_another_device(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "FLOOR_S", 0.02)
    monkeypatch.setattr(device, "CEILING_S", 0.05)
    async with person_at() as person:
        person.intents.sign_in(Way.DEVICE)
        await until(lambda: person.session.progress and person.session.progress.user_code)
        progress = person.session.progress
        assert progress is not None
        assert progress.ends_at is not None
        assert person.session.sign_in_url == ""
        await asyncio.to_thread(approve_device, progress.address, progress.user_code, BO.email)
        await person.confirm_if_asked()
        await person.until_status(SessionStatus.SIGNED_IN)
        assert person.session.account is not None
        assert person.session.account.email == BO.email
        assert person.session.progress is None
        assert person.browser.opened == []


async def test_an_address_is_opened_elsewhere_and_pasted_here(person_at: PersonAt) -> None:
    async with person_at() as person:
        person.intents.paste_address("too early")
        person.intents.sign_in(Way.PASTE)
        await until(lambda: person.session.progress and person.session.progress.address)
        progress = person.session.progress
        assert progress is not None
        person.intents.paste_address("https://auth.example/not-it")
        await until(lambda: person.session.progress and person.session.progress.is_refused)
        person.intents.paste_address(await asyncio.to_thread(last_address, progress.address))
        await person.confirm_if_asked()
        await person.until_status(SessionStatus.SIGNED_IN)
        assert person.browser.opened == []


@pytest.fixture
def uncollected() -> Iterator[None]:
    """What only the collector could take away stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("way", [Way.BROWSER, Way.DEVICE, Way.PASTE])
async def test_nothing_holds_the_secrets_of_a_sign_in_once_it_is_over(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    """Figure 13: what can be done about copies in memory is to let go of them at once."""
    monkeypatch.setattr(device, "FLOOR_S", 0.02)
    async with person_at() as person:
        person.intents.sign_in(way)
        if way is not Way.BROWSER:
            await until(lambda: person.session.progress and person.session.progress.address)
            progress = person.session.progress
            assert progress is not None
            if way is Way.DEVICE:
                await asyncio.to_thread(approve_device, progress.address, progress.user_code)
            else:
                person.intents.paste_address(
                    await asyncio.to_thread(last_address, progress.address)
                )
        await person.confirm_if_asked()
        await person.until_status(SessionStatus.SIGNED_IN)
        await until(lambda: not person.is_busy("sign in"))
        (exchange,) = person.simulator.requests_to(TOKENS, "POST")[-1:]
        form = exchange.form()

        assert holders({form["code"], form["code_verifier"]}) == set()


def holders(secrets: set[str]) -> set[str]:
    """Of which kinds the objects of ours are that have one of `secrets` in them."""
    return {
        type(one).__qualname__
        for one in gc.get_objects()
        if type(one).__module__.startswith("app.")
        and not type(one).__module__.startswith("app.simulator")
        and any(type(part) is str and part in secrets for part in gc.get_referents(one))
    }


def _has_ended(conversation: Conversation) -> bool:
    return bool(conversation.turns) and conversation.open_turn is None


async def test_the_same_account_keeps_numbers_and_chat(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.chat.ask("Why?")
        await until(lambda: _has_ended(person.state.conversation))
        usages: list[object] = []
        person.store.subscribe(lambda s: s.usage, lambda s: usages.append(s.usage))
        await person.sign_in()
        assert None not in usages
        assert len(person.state.conversation.turns) == 1


@pytest.mark.expected_log("ERROR tidegauge.tasks: sign in failed unexpectedly")
async def test_a_crash_while_signing_in_is_told_and_ends_the_waiting(person_at: PersonAt) -> None:
    """F-D23"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.browser.error = ZeroDivisionError()
        person.intents.sign_in()
        await until(lambda: person.session.fault)
        assert person.shows(SessionStatus.SIGNED_IN)
        assert [fault.kind for fault in person.crashes] == [FaultKind.INTERNAL]
        await person.poll()
        assert person.state.poll.fault is None


# --- the end of a session -----------------------------------------------------------------------


async def test_signing_out_revokes_and_forgets_everything_at_once(person_at: PersonAt) -> None:
    async with person_at() as person:
        await person.sign_in()
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.turns)
        person.intents.sign_out()
        polls = person.polls()
        assert person.shows(SessionStatus.SIGNED_OUT)
        person.intents.refresh_now()
        await until(lambda: person.simulator.requests_to("/oauth/revoke"))
        await settled()
        assert person.session.account is None
        assert (person.state.usage, person.state.poll) == (None, PollState())
        assert person.state.conversation == Conversation()
        assert await MemoryVault.load(person.vault) is None
        assert person.polls() == polls
        assert person.crashes == []


async def test_a_sign_out_that_cannot_empty_the_keyring_says_so(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.vault.fault = FaultKind.KEYRING_FAILED
        person.intents.sign_out()
        await until(lambda: person.session.fault)
        assert kind_told(person) is FaultKind.SIGN_OUT_UNFINISHED
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert person.simulator.requests_to("/oauth/revoke")


async def test_signing_out_ends_a_sign_in_whose_tokens_are_just_being_stored(
    person_at: PersonAt,
) -> None:
    """F-T08: nothing is resurrected."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.vault.gate = asyncio.Event()
        person.vault.is_waiting = False
        person.intents.sign_in()
        await until(lambda: person.vault.is_waiting)
        person.intents.sign_out()
        await settled()
        person.vault.gate.set()
        await until(lambda: len(person.simulator.requests_to("/oauth/revoke")) == 1)
        await settled()
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert person.program.session.account is None
        assert await MemoryVault.load(person.vault) is None


async def test_signing_out_while_the_keyring_still_reads_restores_nobody(
    person_at: PersonAt,
) -> None:
    async with person_at(stored=True) as person:
        person.vault.gate = asyncio.Event()
        person.intents.restore()
        await until(lambda: person.vault.is_waiting)
        person.intents.sign_out()
        person.vault.gate.set()
        await settled()
        assert person.shows(SessionStatus.SIGNED_OUT)
        assert person.program.session.account is None
        assert person.simulator.requests_to(USAGE) == []


async def test_a_session_that_ends_during_a_poll_is_told_and_polled_no_more(
    person_at: PersonAt,
) -> None:
    """F-T12"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await be_refused(person)
        assert kind_told(person) is FaultKind.SESSION_EXPIRED
        assert person.state.usage is not None  # the last numbers stay
        assert person.state.poll.next_at is None
        seen = len(person.simulator.requests)
        for _ in range(3):
            person.intents.refresh_now()
            person.intents.note_activity()
            await settled()
        assert len(person.simulator.requests) == seen
        await person.sign_in()
        assert person.shows(SessionStatus.SIGNED_IN)
        assert person.state.poll.fault is None


async def test_a_session_that_ends_with_a_question_is_told(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.revoke_all()
        person.intents.chat.ask("Why?")
        await person.until_status(SessionStatus.EXPIRED)
        turn = person.state.conversation.turns[-1]
        assert turn.fault is not None
        assert turn.fault.kind is FaultKind.SESSION_EXPIRED


async def test_tokens_in_memory_only_are_offered_to_the_keyring_again(
    simulator: Simulator, person_at: PersonAt
) -> None:
    """F-T22, F-L08: after 1, 2, 4, … polls, until they are stored."""
    async with person_at() as person:
        person.vault.fault = FaultKind.KEYRING_FAILED
        await person.sign_in()
        assert not person.is_saved()
        await until(lambda: person.vault.stores == 2)
        await person.poll()
        await until(lambda: person.vault.stores == 3)
        await person.poll()
        await settled()
        assert person.vault.stores == 3
        person.vault.fault = None
        await person.poll()
        await until(person.is_saved)
        stored = await MemoryVault.load(person.vault)
        assert stored is not None
        assert stored.account.email == ANN.email
        assert person.crashes == []


async def test_refreshed_tokens_that_cannot_be_stored_are_told_until_they_are(
    person_at: PersonAt,
) -> None:
    """F-T22"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        assert person.is_saved()
        person.vault.fault = FaultKind.KEYRING_FAILED
        person.simulator.expire_access_tokens()
        await person.poll()
        assert len(person.simulator.requests_to(TOKENS)) == 1
        assert not person.is_saved()
        person.vault.fault = None
        await person.poll()
        await until(person.is_saved)
