"""Whose limits are shown: restore, unlock, sign in, sign out, and the end of a session.

A sign-in does not touch the session that holds meanwhile (F-L02, F-L14): the two are kept
apart, and what is shown is the one laid over the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.auth.tokens import Account, account_key, is_somebody_else
from app.auth.ways import SignInProgress, Stage, Way
from app.errors import AppError, Fault, FaultKind
from app.program import Person, Program
from app.state import SessionState, SessionStatus, Store
from app.tasks import SingleTask, Spawn

_ENDED = (FaultKind.SESSION_EXPIRED, FaultKind.NOT_SIGNED_IN)


class SessionIntents:
    """`on_signed_in` is told whether it is another account than before."""

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        *,
        on_signed_in: Callable[[bool], None],
        on_signed_out: Callable[[], None],
    ) -> None:
        self._program = program
        self._store = store
        self._on_signed_in = on_signed_in
        self._on_signed_out = on_signed_out
        self._settled = store.state.session  # what holds, apart from a sign-in under way
        self._progress: SignInProgress | None = None  # of that sign-in; None: there is none
        self._pasted: asyncio.Queue[str] = asyncio.Queue()
        self._confirmed: asyncio.Queue[bool] = asyncio.Queue()
        self._unsaved_polls = 0
        self._restoring = SingleTask(spawn, "restore session")
        self._signing_in = SingleTask(spawn, "sign in")
        self._signing_out = SingleTask(spawn, "sign out")
        self._saving = SingleTask(spawn, "store tokens")
        self._watching = SingleTask(spawn, "wait for the keyring")
        self._ending = SingleTask(spawn, "end unused sessions")

    def restore(self) -> None:
        self._restoring.start(lambda: self._restore(unlock=False))

    def unlock(self) -> None:
        self._restoring.start(lambda: self._restore(unlock=True))

    def sign_in(self, way: Way = Way.BROWSER, *, asks_account: bool = False) -> None:
        if self._signing_in.start(lambda: self._sign_in(way, asks_account)):
            self._show_progress(SignInProgress(way))

    def cancel_sign_in(self) -> None:
        self._signing_in.stop()
        self._show_progress(None)
        self._end_unused()

    def paste_address(self, text: str) -> None:
        self._pasted.put_nowait(text)

    def confirm_account(self) -> None:
        self._confirmed.put_nowait(True)

    def use_another_account(self) -> None:
        """The same way once more; the page is told to ask who it is (F-L13)."""
        if self._progress is not None and self._progress.stage is Stage.CONFIRMING:
            way = self._progress.way
            self.cancel_sign_in()
            self.sign_in(way, asks_account=True)

    def sign_out(self) -> None:
        self._restoring.stop()
        self._signing_in.stop()
        ending = [*self._restoring.unfinished(), *self._signing_in.unfinished()]
        if self._signing_out.start(lambda: self._sign_out(ending)):
            self._show_progress(None)
            self._settle(SessionState(SessionStatus.SIGNED_OUT))
            self._on_signed_out()

    def note_fault(self, fault: Fault) -> None:
        """A request failed: the session may have ended with it (F-T12)."""
        refusal = self._program.session.refusal or (fault if fault.kind in _ENDED else None)
        if refusal is not None and self._settled.status is SessionStatus.SIGNED_IN:
            self._settle(replace(self._settled, status=SessionStatus.EXPIRED, fault=refusal))

    def offer_tokens(self) -> None:
        """A poll went well: offer tokens that are in memory only to the keyring again (F-T22).

        After 1, 2, 4, 8, … polls: each try starts a process.
        """
        is_saved = self._program.session.is_saved
        self._settle(replace(self._settled, is_saved=is_saved))
        self._unsaved_polls = 0 if is_saved else self._unsaved_polls + 1
        if self._unsaved_polls.bit_count() == 1:
            self._saving.start(self._save)

    # --- the work ----------------------------------------------------------------------------

    async def _restore(self, *, unlock: bool) -> None:
        fault: Fault | None = None
        try:
            await self._program.session.restore(unlock=unlock)
        except AppError as error:
            fault = error.fault
        except Exception as error:
            self._settle_restored(Fault(FaultKind.INTERNAL, type(error).__name__))
            raise
        self._settle_restored(fault)
        nobody = self._program.session.account is None
        if nobody and self._program.surroundings.signs_in_by_itself:
            self.sign_in()

    def _settle_restored(self, fault: Fault | None) -> None:
        account, refusal = self._program.session.account, self._program.session.refusal
        if self._settled.status is SessionStatus.SIGNED_IN:
            return  # a sign-in was quicker than the keyring
        if account is None:
            is_locked = fault is not None and fault.kind is FaultKind.KEYRING_LOCKED
            status = SessionStatus.KEYRING_LOCKED if is_locked else SessionStatus.SIGNED_OUT
            self._settle(SessionState(status, fault=fault))
        elif refusal is not None:
            key = account_key(account)
            self._settle(SessionState(SessionStatus.EXPIRED, account, key, fault=refusal))
        else:
            self._settle_signed_in()

    async def _sign_in(self, way: Way, asks_account: bool) -> None:
        before, settings = self._program.session.account, self._store.state.settings
        self._pasted, self._confirmed = asyncio.Queue(), asyncio.Queue()
        person = Person(self._show_progress, self._confirm, self._pasted.get)
        wish = self._program.wish(settings, way, asks_account=asks_account)
        try:
            await self._program.sign_in(wish, person, colour_scheme=settings.colour_scheme)
        except asyncio.CancelledError:
            # It may have come too late: then the new tokens are stored already.
            account = self._program.session.account
            is_done = account is not None and account is not before
            if is_done and not self._signing_out.is_running:
                self._settle_signed_in()
            raise
        except AppError as error:
            self._progress = None
            if error.fault.kind is FaultKind.SIGN_IN_CANCELLED:  # all is as it was before
                self._show()
            else:
                self._settle(replace(self._settled, fault=error.fault))
            self._end_unused()
        except Exception as error:
            self._progress = None
            fault = Fault(FaultKind.INTERNAL, type(error).__name__)
            self._settle(replace(self._settled, fault=fault))
            raise
        else:
            self._progress = None
            self._program.after_first_sign_in()
            self._settle_signed_in()
            self._end_unused()

    def _end_unused(self) -> None:
        self._ending.start(self._program.end_unused_sessions)

    async def _confirm(self, _old: Account, _new: Account) -> bool:
        return await self._confirmed.get()

    async def _sign_out(self, ending: list[asyncio.Task[None]]) -> None:
        if ending:  # tokens that were just being stored must be there to be removed
            await asyncio.wait(ending)
        try:
            await self._program.session.sign_out()
        except AppError as error:
            if self._settled.status is SessionStatus.SIGNED_OUT:
                self._settle(replace(self._settled, fault=error.fault))

    async def _save(self) -> None:
        await self._program.session.save()
        self._settle(replace(self._settled, is_saved=self._program.session.is_saved))

    def _watch_keyring(self) -> None:
        """While it is locked, notice who unlocks it elsewhere; no prompt comes of it (F-T17)."""
        is_locked = self._settled.status is SessionStatus.KEYRING_LOCKED
        if is_locked or self._program.session.is_save_locked:
            self._watching.start(self._until_unlocked)
        else:
            self._watching.stop()

    async def _until_unlocked(self) -> None:
        try:
            await self._program.session.wait_for_unlock()
        except AppError:
            return  # it is gone: the next try says so
        if self._settled.status is SessionStatus.KEYRING_LOCKED:
            self.restore()
        else:
            self._saving.start(self._save)  # F-T22

    # --- what is shown -----------------------------------------------------------------------

    def _settle_signed_in(self) -> None:
        session, before = self._program.session, self._settled.account
        account = session.account
        self._unsaved_polls = 0
        key = account_key(account) if account else ""
        self._settle(SessionState(SessionStatus.SIGNED_IN, account, key, session.is_saved))
        changed = before is not None and account is not None and is_somebody_else(before, account)
        self._on_signed_in(changed)

    def _settle(self, session: SessionState) -> None:
        self._settled = session
        self._show()
        self._watch_keyring()

    def _show_progress(self, progress: SignInProgress | None) -> None:
        self._progress = progress
        self._show()

    def _show(self) -> None:
        shown, progress = self._settled, self._progress
        if progress is not None:
            address = progress.address if progress.way is Way.BROWSER else ""
            shown = replace(
                shown,
                status=SessionStatus.SIGNING_IN,
                fault=None,
                sign_in_url=address,
                progress=progress,
            )
        self._store.update(session=shown)
