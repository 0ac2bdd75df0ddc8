"""Which account is in front: choose another, follow another process, take one away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from app.account_clients import AccountClients
from app.auth.accounts import CODEX_KEY, KnownAccount, history_key
from app.errors import AppError, Fault, FaultKind
from app.intents.shown_session import ShownSession
from app.program import Program
from app.state import SessionStatus
from app.tasks import SingleTask, Spawn

OnRemoved = Callable[[str, bool], None]


class AccountIntents:
    """`on_signed_in` is told whether it is another account than before; `on_removed` is told
    the key of an account that is removed, and whether its history shall go with it."""

    def __init__(
        self,
        program: Program,
        shown: ShownSession,
        spawn: Spawn,
        *,
        on_signed_in: Callable[[bool], None],
        on_signed_out: Callable[[], None],
        on_removed: OnRemoved,
    ) -> None:
        self._accounts = program.accounts
        self._shown = shown
        self._on_signed_in = on_signed_in
        self._on_signed_out = on_signed_out
        self._on_removed = on_removed
        self._spawn = spawn
        self._switching = SingleTask(spawn, "switch account")
        self._looking = SingleTask(spawn, "look at the accounts")
        self._follows = False  # the next look is to follow, whatever was chosen

    def switch(self, key: str) -> None:
        """Bring this account to the front; the newest wish counts.

        One that was removed is removed again: that is all that can be done with it.
        """
        if any(one.key == key for one in self._accounts.backlog.unremoved):
            self.remove(key, forgets_history=False)
            return
        was_switching = self._switching.is_running
        self._switching.stop()
        if key != self._accounts.front.key:
            self._switching.start(lambda: self._switch(key, unlock=True))
        elif was_switching:  # back again: the choice of the other may be written already
            self._switching.start(lambda: self._accounts.choose(key))

    def look(self, *, follows: bool = False) -> None:
        """Has another process chosen an account? `follows`: it surely has done something."""
        self._follows = self._follows or follows
        self._looking.start(self._look)  # one under way looks once more if it is to follow

    def look_for_codex_login(self) -> None:
        """Whether the Codex CLI has a login here that could be borrowed."""
        self._spawn(self._look_for_codex_login(), "look for the Codex CLI's login")

    def note_fault(self, fault: Fault) -> None:
        """A request failed: maybe because the Codex CLI has signed in as somebody else."""
        if self._accounts.front.login is None:
            self.look(follows=fault.kind is FaultKind.NOT_SIGNED_IN)
        elif fault.kind is FaultKind.ACCOUNT_CHANGED:
            self._switching.start(lambda: self._switch(CODEX_KEY))

    def stop_all(self) -> list[asyncio.Task[None]]:
        """Follow and switch no more; what has yet to come to its end."""
        ending: list[asyncio.Task[None]] = []
        for one in (self._looking, self._switching):
            one.stop()
            ending += one.unfinished()
        return ending

    def remove_front(self, ending: Sequence[asyncio.Task[None]], *, forgets_history: bool) -> None:
        """Forget all about the account in front at once, then tell keyring and service (T-43).

        `ending`: what must have come to its end before its entries are removed.
        """
        ending = [*ending, *self.stop_all()]  # none of them may bring it back
        left, others = self._accounts.leave(), self._accounts.known
        self._shown.settle(SessionStatus.STARTING if others else SessionStatus.SIGNED_OUT)
        self._on_signed_out()
        self._tell_removed(left, forgets_history)
        self._spawn(self._end(left, ending), "sign out")
        self._spawn(self._bring_next(others, ending), "next account")

    def remove(self, key: str, *, forgets_history: bool) -> None:
        """Take away an account that is not in front."""
        self._spawn(self._remove(key, forgets_history), "remove account")

    # --- the work ----------------------------------------------------------------------------

    async def _switch(self, key: str, *, unlock: bool = False) -> None:
        try:
            await self._accounts.switch(key, unlock=unlock)
        except AppError as error:
            self._shown.change(fault=error.fault)
        else:
            self._show_front()

    async def _look(self) -> None:
        if self._follows or await self._accounts.is_changed_elsewhere():
            await self._follow()
        while self._follows:
            await self._follow()

    async def _follow(self) -> None:
        self._follows = False
        before = self._accounts.front
        try:
            await self._accounts.follow()
        except AppError as error:
            self._shown.change(fault=error.fault)
        else:
            if self._accounts.front is before:
                self._shown.change()
            else:
                self._show_front()

    async def _look_for_codex_login(self) -> None:
        self._shown.change(can_borrow=await self._accounts.clients.can_borrow())

    async def _bring_next(
        self, others: Sequence[KnownAccount], ending: Sequence[asyncio.Task[None]]
    ) -> None:
        if ending:  # a sign-in may just have brought somebody to the front
            await asyncio.wait(ending)
        try:
            is_next = not self._accounts.key and await self._accounts.bring_next(others)
        except AppError as error:  # a button unlocks it, and whoever unlocks it is noticed
            self._shown.settle(SessionStatus.KEYRING_LOCKED, fault=error.fault)
            return
        fault = self._shown.settled.fault  # of the removal, if it was the quicker one
        if is_next:
            self._show_front(fault)
        elif self._shown.settled.status is SessionStatus.STARTING:
            self._shown.settle_front(fault)

    async def _remove(self, key: str, forgets_history: bool) -> None:
        left = self._accounts.take_away(key)
        self._shown.change()
        self._tell_removed(left, forgets_history)
        await self._end(left, ())

    def _tell_removed(self, left: AccountClients, forgets_history: bool) -> None:
        """Unless the same person's account stays, borrowed or of our own."""
        key = history_key(left.known) if left.known is not None else ""
        if key and all(history_key(known) != key for known in self._accounts.known):
            self._on_removed(key, forgets_history)

    async def _end(self, left: AccountClients, ending: Sequence[asyncio.Task[None]]) -> None:
        """What keeps entries, and a service that was not told, is said (F-T28)."""
        if ending:  # tokens that were just being stored must be there to be removed
            await asyncio.wait(ending)
        try:
            is_told = await self._accounts.backlog.end(left)
        except AppError as error:
            self._shown.change(fault=error.fault)
        else:
            if not is_told and left.known is not None:
                self._shown.change(fault=Fault(FaultKind.SIGN_OUT_UNTOLD))

    def _show_front(self, fault: Fault | None = None) -> None:
        is_other = self._shown.settle_front(fault)
        if self._shown.settled.status is SessionStatus.SIGNED_IN:
            self._on_signed_in(is_other)
        elif is_other:
            self._on_signed_out()
