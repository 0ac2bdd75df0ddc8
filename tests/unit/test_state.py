"""The store tells listeners about changes of their slice, and about nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.auth.accounts import KnownAccount, newly_known
from app.auth.tokens import Account
from app.errors import FaultKind
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus, Store, Trouble
from app.usage.limits import UsageSnapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_listener_hears_of_its_slice_only() -> None:
    store, heard = Store(), list[AppState]()
    store.subscribe(lambda state: state.usage, heard.append)

    store.update(poll=PollState(is_polling=True))
    assert heard == []

    store.update(usage=UsageSnapshot(NOW, "plus"))
    assert heard == [store.state]
    assert store.state.poll.is_polling


def test_an_equal_slice_is_no_change() -> None:
    snapshot = UsageSnapshot(NOW, "plus")
    store, heard = Store(AppState(usage=snapshot)), list[AppState]()
    store.subscribe(lambda state: state.usage, heard.append)

    store.update(usage=replace(snapshot))

    assert heard == []


def test_several_changes_at_once_are_one_call() -> None:
    store, heard = Store(), list[AppState]()
    store.subscribe(lambda state: (state.session, state.settings), heard.append)

    store.update(session=SessionState(SessionStatus.SIGNED_OUT), settings=Settings(clock="24h"))

    assert len(heard) == 1


def test_an_unsubscribed_listener_hears_nothing_and_may_leave_twice() -> None:
    store, heard = Store(), list[AppState]()
    leave = store.subscribe(lambda state: state.usage, heard.append)
    leave()
    leave()

    store.update(usage=UsageSnapshot(NOW))

    assert heard == []


def test_a_listener_may_leave_while_it_is_called() -> None:
    store, heard = Store(), list[str]()

    def first(_state: AppState) -> None:
        heard.append("first")
        leave()

    leave = store.subscribe(lambda state: state.usage, first)
    store.subscribe(lambda state: state.usage, lambda _state: heard.append("second"))

    store.update(usage=UsageSnapshot(NOW))
    store.update(usage=None)

    assert heard == ["first", "second", "second"]


def test_a_listener_that_updates_is_heard_by_the_others_in_the_newest_state() -> None:
    store, seen = Store(), list[str]()

    def sign_out_once(state: AppState) -> None:
        if state.session.status is SessionStatus.EXPIRED:
            store.update(session=SessionState(SessionStatus.SIGNED_OUT))

    store.subscribe(lambda state: state.session, sign_out_once)
    store.subscribe(lambda state: state.session, lambda state: seen.append(state.session.status))

    store.update(session=SessionState(SessionStatus.EXPIRED))

    assert seen[-1] == SessionStatus.SIGNED_OUT


def test_a_listener_that_fails_is_told_and_the_others_hear_all_the_same() -> None:
    """F-D23; without anybody to tell, it is the caller's."""
    store, told, heard = Store(), list[Exception](), list[AppState]()

    def fails(_state: AppState) -> None:
        raise ZeroDivisionError

    store.subscribe(lambda state: state.zone, fails)
    store.subscribe(lambda state: state.zone, heard.append)
    with pytest.raises(ZeroDivisionError):
        store.update(zone="CET")
    assert not heard
    store.on_crash = told.append
    store.update(zone="UTC")
    assert [state.zone for state in heard] == ["UTC"]
    assert isinstance(told[0], ZeroDivisionError)


def test_safe_mode_is_the_worst_trouble_only() -> None:
    modes = [AppState(trouble=trouble).is_safe_mode for trouble in Trouble]

    assert modes == [False, False, True]


def test_the_account_in_front_is_found_among_the_others() -> None:
    """F-T27: a borrowed login is not the account of the same person."""
    ann, bo = (newly_known(Account(f"acct-{n}", f"user-{n}")) for n in (1, 2))
    borrowed = KnownAccount("codex", ann.account, is_borrowed=True)
    everybody = (bo, ann, borrowed)

    def front(account: Account | None, *, is_borrowed: bool = False) -> KnownAccount | None:
        key = newly_known(account).key if account else ""
        status = SessionStatus.SIGNED_IN
        session = SessionState(status, account, key, accounts=everybody, is_borrowed=is_borrowed)
        return session.front

    assert front(ann.account) == ann
    assert front(bo.account) == bo
    assert front(ann.account, is_borrowed=True) == borrowed
    assert front(None) is None
    assert front(Account("acct-3")) is None


def test_only_the_account_in_front_decides_whether_what_is_shown_is_saved() -> None:
    ann = KnownAccount("a" * 16, Account("acct-1", "user-1"))
    bo = KnownAccount("b" * 16, Account("acct-2", "user-2"))
    session = SessionState(SessionStatus.SIGNED_IN, ann.account, ann.key, accounts=(ann, bo))
    locked = FaultKind.KEYRING_LOCKED

    assert session.is_saved
    assert replace(session, unsaved=((bo.key, locked),)).is_saved
    assert not replace(session, unsaved=((ann.key, locked),)).is_saved
    assert SessionState(SessionStatus.SIGNED_OUT, unsaved=((ann.key, locked),)).is_saved
