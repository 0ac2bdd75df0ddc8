"""The sign-in of whoever is in front: restore, unlock, sign in, and the end of a session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.errors import AppError, Fault, FaultKind
from app.intents.shown_session import ShownSession
from app.program import Person, Program
from app.state import SessionStatus, Store
from app.tasks import SingleTask, Spawn

_ENDED = (FaultKind.SESSION_EXPIRED, FaultKind.NOT_SIGNED_IN)


class SessionIntents:
    """`on_signed_in` is told whether it is another account than before."""

    def __init__(
        self,
        program: Program,
        store: Store,
        shown: ShownSession,
        spawn: Spawn,
        *,
        on_signed_in: Callable[[bool], None],
    ) -> None:
        self._program = program
        self._store = store
        self._shown = shown
        self._on_signed_in = on_signed_in
        self._pasted: asyncio.Queue[str] = asyncio.Queue()
        self._confirmed: asyncio.Queue[bool] = asyncio.Queue()
        self._polls_since = 0  # the keyring would not do something
        self._was_seen = False  # somebody has looked since the last fault
        self._restoring = SingleTask(spawn, "restore session")
        self._signing_in = SingleTask(spawn, "sign in")
        self._offering = SingleTask(spawn, "offer to the keyring again")
        self._watching = SingleTask(spawn, "wait for the keyring")
        self._ending = SingleTask(spawn, "end unused sessions")
        shown.on_settled = self._watch_keyring

    def restore(self) -> None:
        self._restoring.start(lambda: self._restore(unlock=False))

    def unlock(self) -> None:
        self._restoring.start(lambda: self._restore(unlock=True))

    def sign_in(self, way: Way = Way.BROWSER, *, asks_account: bool = False) -> None:
        if self._signing_in.start(lambda: self._sign_in(way, asks_account)):
            self._shown.show_progress(SignInProgress(way))

    def cancel_sign_in(self) -> None:
        self._signing_in.stop()
        self._shown.show_progress(None)
        self._end_unused()

    def paste_address(self, text: str) -> None:
        self._pasted.put_nowait(text)

    def confirm(self) -> None:
        """Yes to what the sign-in asks: this account, or the end of another sign-in."""
        self._confirmed.put_nowait(True)

    def use_another_account(self) -> None:
        """The same way once more; the page is told to ask who it is (F-L13)."""
        progress = self._shown.progress
        if progress is not None and progress.stage is Stage.CONFIRMING:
            self.cancel_sign_in()
            self.sign_in(progress.way, asks_account=True)

    def stop_all(self) -> list[asyncio.Task[None]]:
        """Give up restoring and signing in; what has yet to come to its end."""
        self._restoring.stop()
        self._signing_in.stop()
        self._shown.show_progress(None)
        return [*self._restoring.unfinished(), *self._signing_in.unfinished()]

    def stop_offering(self) -> list[asyncio.Task[None]]:
        """Finish nothing of earlier sign-outs and sign-ins; what has yet to come to its end."""
        works = (self._watching, self._offering, self._ending)
        for one in works:
            one.stop()
        return [task for one in works for task in one.unfinished()]

    def note_fault(self, fault: Fault) -> None:
        """A request failed: the session may have ended with it (F-T12)."""
        refusal = self._program.session.refusal or (fault if fault.kind in _ENDED else None)
        if refusal is not None and self._shown.settled.status is SessionStatus.SIGNED_IN:
            self._shown.change(status=SessionStatus.EXPIRED, fault=refusal)

    def note_activity(self) -> None:
        """Somebody looks: what was to be told has been seen."""
        self._was_seen = True

    def note_poll(self) -> None:
        """A poll went well: offer to the keyring again what it would not do (F-T22, T-43).

        After 1, 2, 4, 8, … polls: each try starts a process. A fault that was seen is over.
        """
        if self._was_seen and self._shown.settled.fault is not None:
            self._shown.change(fault=None)
        else:
            self._shown.change()
        self._was_seen = False
        is_done = self._program.accounts.backlog.is_empty
        self._polls_since = 0 if is_done else self._polls_since + 1
        if self._polls_since.bit_count() == 1:
            self._offer_again()

    def note_look(self) -> None:
        """Somebody looks, and no poll is to be expected."""
        if not self._program.accounts.backlog.is_empty:
            self._offer_again()

    # --- the work ----------------------------------------------------------------------------

    async def _restore(self, *, unlock: bool) -> None:
        fault: Fault | None = None
        try:
            await self._program.accounts.restore(unlock=unlock)
        except AppError as error:
            fault = error.fault
        except Exception as error:
            self._settle_restored(Fault(FaultKind.INTERNAL, type(error).__name__))
            raise
        self._settle_restored(fault)
        if fault is None and not self._program.accounts.backlog.is_empty:
            self._offer_again()
        nobody = self._program.account is None
        if nobody and self._program.surroundings.signs_in_by_itself:
            self.sign_in()

    def _settle_restored(self, fault: Fault | None) -> None:
        if self._shown.settled.status is SessionStatus.SIGNED_IN:
            self._shown.change()  # a sign-in was quicker than the keyring
        elif self._program.account is not None:
            self._show_front()
        else:
            is_locked = fault is not None and fault.kind is FaultKind.KEYRING_LOCKED
            status = SessionStatus.KEYRING_LOCKED if is_locked else SessionStatus.SIGNED_OUT
            self._shown.settle(status, fault=fault)

    async def _sign_in(self, way: Way, asks_account: bool) -> None:
        before, settings = self._program.account, self._store.state.settings
        self._pasted, self._confirmed = asyncio.Queue(), asyncio.Queue()
        person = Person(
            self._shown.show_progress, self._confirm, self._confirmed.get, self._pasted.get
        )
        wish = self._program.wish(settings, way, asks_account=asks_account)
        try:
            await self._program.sign_in(wish, person, colour_scheme=settings.colour_scheme)
        except asyncio.CancelledError:
            # It may have come too late: then the new tokens are stored already.
            account = self._program.account
            if account is not None and account is not before:
                self._show_front()
            self._end_unused()
            raise
        except AppError as error:
            self._shown.progress = None
            if error.fault.kind is FaultKind.SIGN_IN_CANCELLED:  # all is as it was before
                self._shown.show_progress(None)
            else:
                self._shown.change(fault=error.fault)
            self._end_unused()
        except Exception as error:
            self._shown.progress = None
            self._shown.change(fault=Fault(FaultKind.INTERNAL, type(error).__name__))
            raise
        else:
            self._shown.progress = None
            self._program.after_first_sign_in()
            self._show_front()
            if self._program.session.is_saved and not self._program.accounts.backlog.is_empty:
                self._offer_again()  # the keyring is open by now
            else:
                self._end_unused()

    def _show_front(self) -> None:
        self._polls_since = 0
        is_other = self._shown.settle_front()
        if self._shown.settled.status is SessionStatus.SIGNED_IN:
            self._on_signed_in(is_other)

    def _end_unused(self) -> None:
        self._ending.start(self._program.end_unused_sessions)

    async def _confirm(self, _old: Account | None, _new: Account) -> bool:
        return await self._confirmed.get()

    def _offer_again(self) -> None:
        self._offering.start(self._offer)

    async def _offer(self) -> None:
        accounts = self._program.accounts
        await accounts.offer_again()
        fault = self._shown.settled.fault
        is_over = fault is not None and fault.kind is FaultKind.SIGN_OUT_UNFINISHED
        if is_over and not accounts.backlog.unremoved:
            self._shown.change(fault=None)
        else:
            self._shown.change()
        self._end_unused()

    def _watch_keyring(self) -> None:
        """While it is locked, notice who unlocks it elsewhere; no prompt comes of it (F-T17)."""
        is_locked = self._shown.settled.status is SessionStatus.KEYRING_LOCKED
        if is_locked or self._program.accounts.backlog.waits_for_unlock:
            self._watching.start(self._until_unlocked)
        else:
            self._watching.stop()

    async def _until_unlocked(self) -> None:
        try:
            await self._program.accounts.wait_for_unlock()
        except AppError:
            return  # it is gone: the next try says so
        if self._shown.settled.status is SessionStatus.KEYRING_LOCKED:
            self.restore()
        else:
            self._offer_again()  # F-T22
