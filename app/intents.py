"""What each wish of the user does, without Qt: sign in, poll now, ask, stop, change a setting.

Sits between the windows, which only emit wishes, and the program's clients; its one output is
the `Store`.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.auth.browser import open_in_browser
from app.auth.tokens import Account
from app.chat.conversation import Conversation
from app.chat.turn import TurnRunner
from app.errors import AppError, Fault, FaultKind, fail
from app.program import Program
from app.settings import Settings, from_mapping, to_mapping
from app.state import PollState, SessionState, SessionStatus, Store
from app.tasks import Spawn
from app.usage.limits import UsageSnapshot
from app.usage.poller import Poller

_SESSION_ENDED = (FaultKind.SESSION_EXPIRED, FaultKind.NOT_SIGNED_IN)


class Intents:
    """One per running tray program; every method returns at once."""

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        save_settings: Callable[[Settings], None],
    ) -> None:
        self._program = program
        self._store = store
        self._spawn = spawn
        self._save_settings = save_settings
        self._poller = Poller(
            program.usage.fetch,
            settings=lambda: store.state.settings,
            on_snapshot=self._on_snapshot,
            on_fault=self._on_poll_fault,
            on_polling=lambda polling: self._set_poll(is_polling=polling),
            on_next=lambda at: self._set_poll(next_at=at),
            account=lambda: program.session.account,
        )
        self._turns = TurnRunner(program.chat, self._on_conversation)
        self._unsaved_polls = 0
        self._is_stopping = False
        self._sign_in_task: asyncio.Task[None] | None = None
        self._poll_task: asyncio.Task[None] | None = None
        self._turn_task: asyncio.Task[None] | None = None

    # --- session -----------------------------------------------------------------------------

    def restore(self) -> None:
        """Take up the stored session, without a prompt; the demo signs in by itself."""
        self._spawn(self._restore(unlock=False), "restore session")

    def unlock(self) -> None:
        """Ask the system to unlock the keyring, then take up the session (F-T17)."""
        self._spawn(self._restore(unlock=True), "unlock keyring")

    def sign_in(self) -> None:
        if self._sign_in_task is None or self._sign_in_task.done():
            self._sign_in_task = self._spawn(self._sign_in(), "sign in")

    def cancel_sign_in(self) -> None:
        if self._sign_in_task is not None:
            self._sign_in_task.cancel()

    def sign_out(self) -> None:
        self._spawn(self._sign_out(), "sign out")

    async def _restore(self, *, unlock: bool) -> None:
        try:
            account = await self._program.session.restore(unlock=unlock)
        except AppError as error:
            locked = error.fault.kind is FaultKind.KEYRING_LOCKED
            status = SessionStatus.KEYRING_LOCKED if locked else SessionStatus.SIGNED_OUT
            self._store.update(session=SessionState(status, fault=error.fault))
            account = None
        else:
            refusal = self._program.session.refusal
            if account is not None and refusal is not None:
                expired = SessionState(SessionStatus.EXPIRED, account, fault=refusal)
                self._store.update(session=expired)
            elif account is not None:
                self._signed_in(account)
            else:
                self._store.update(session=SessionState(SessionStatus.SIGNED_OUT))
        if account is None and self._program.surroundings.signs_in_by_itself:
            self.sign_in()

    async def _sign_in(self) -> None:
        before = self._store.state.session
        self._store.update(session=replace(before, status=SessionStatus.SIGNING_IN, fault=None))

        def on_waiting(url: str) -> None:
            self._store.update(session=replace(self._store.state.session, sign_in_url=url))

        try:
            account = await self._program.sign_in(
                redirect_host=self._store.state.settings.redirect_host, on_waiting=on_waiting
            )
        except asyncio.CancelledError:
            self._store.update(session=before)
            raise
        except AppError as error:
            # The previous session is untouched until a new one is stored (F-L02, F-L14).
            self._store.update(session=replace(before, fault=error.fault))
            return
        self._program.after_first_sign_in()
        self._signed_in(account)

    async def _sign_out(self) -> None:
        await self._stop_work()
        try:
            await self._program.session.sign_out()
        finally:
            self._store.update(
                session=SessionState(SessionStatus.SIGNED_OUT),
                usage=None,
                poll=PollState(),
                conversation=Conversation(),
            )

    def _signed_in(self, account: Account) -> None:
        state = self._store.state
        same = state.usage is not None and state.usage.account_id in ("", account.account_id)
        self._store.update(
            session=SessionState(
                SessionStatus.SIGNED_IN, account, is_saved=self._program.session.is_saved
            ),
            usage=state.usage if same else None,
            poll=PollState(),
        )
        self._poll()

    # --- usage -------------------------------------------------------------------------------

    def refresh_now(self) -> None:
        """Poll now: bypasses the delay, never overlaps a poll that runs."""
        if self._store.state.session.status is SessionStatus.SIGNED_IN:
            self._poll()

    def _poll(self) -> None:
        if self._poll_task is None or self._poll_task.done():
            self._poll_task = self._spawn(self._poller.run(), "poll usage")
        else:
            self._poller.refresh_now()

    def note_activity(self) -> None:
        """Somebody looks or works: poll at the faster rhythm."""
        self._poller.note_activity()

    def _on_snapshot(self, snapshot: UsageSnapshot) -> None:
        self._store.update(
            usage=snapshot, poll=replace(self._store.state.poll, fault=None, failed_at=None)
        )
        self._unsaved_polls = 0 if self._program.session.is_saved else self._unsaved_polls + 1
        if self._unsaved_polls.bit_count() == 1:  # after 1, 2, 4, 8, … polls
            self._spawn(self._save_session(), "store tokens")

    async def _save_session(self) -> None:
        """Tokens that are in memory only are offered to the keyring again (F-T22)."""
        is_saved = await self._program.session.save()
        session = self._store.state.session
        self._store.update(session=replace(session, is_saved=is_saved))

    def _on_poll_fault(self, fault: Fault) -> None:
        self._set_poll(fault=fault, failed_at=datetime.now(UTC))
        self._note_session_fault(fault)

    def _set_poll(self, **changes: Any) -> None:
        self._store.update(poll=replace(self._store.state.poll, **changes))

    def _note_session_fault(self, fault: Fault | None) -> None:
        if fault is not None and fault.kind in _SESSION_ENDED:
            session = self._store.state.session
            self._store.update(session=replace(session, status=SessionStatus.EXPIRED, fault=fault))

    # --- chat --------------------------------------------------------------------------------

    def ask(self, question: str) -> None:
        """Send `question`; ignored while an answer is on its way (F-C28)."""
        is_busy = self._turn_task is not None and not self._turn_task.done()
        if not is_busy or self._is_stopping:
            self._turn_task = self._spawn(self._ask(question, self._turn_task), "answer")

    def stop(self) -> None:
        if self._turn_task is not None and not self._turn_task.done():
            self._is_stopping = True
            self._turn_task.cancel()

    def ask_again(self) -> None:
        """Send the last question once more, in place of its failed or stopped turn."""
        conversation = self._store.state.conversation
        if conversation.turns and conversation.open_turn is None:
            last = conversation.turns[-1]
            self._store.update(conversation=replace(conversation, turns=conversation.turns[:-1]))
            self.ask(last.question)

    def new_chat(self) -> None:
        self.stop()
        self._store.update(conversation=Conversation())

    async def _ask(self, question: str, before: asyncio.Task[None] | None) -> None:
        if before is not None:  # stopped, but its connection may still be closing
            await asyncio.wait([before])
        self._is_stopping = False
        self.note_activity()
        state = self._store.state
        conversation = state.conversation
        if not conversation.conversation_id:
            conversation = replace(conversation, conversation_id=str(uuid.uuid4()))
            self._store.update(conversation=conversation)
        ended = await self._turns.run(conversation, question, state.settings)
        self._note_session_fault(ended.turns[-1].fault)
        self.refresh_now()

    def _on_conversation(self, conversation: Conversation) -> None:
        # A new chat may have been opened while the old answer was still ending.
        if conversation.conversation_id == self._store.state.conversation.conversation_id:
            self._store.update(conversation=conversation)

    def open_link(self, address: str) -> None:
        """Open a link of an answer in the browser; the person confirmed it."""

        async def show() -> None:
            if not await open_in_browser(address):
                raise fail(FaultKind.BROWSER_NOT_OPENED)

        self._spawn(show(), "open link")

    # --- settings ----------------------------------------------------------------------------

    def change_setting(self, key: str, value: object) -> None:
        """Set one setting if its declaration accepts the value; saved at once."""
        current = self._store.state.settings
        changed, refused = from_mapping({**to_mapping(current), key: value})
        if not refused and changed != current:
            self._store.update(settings=changed)
            self._save_settings(changed)

    # --- end ---------------------------------------------------------------------------------

    async def _stop_work(self) -> None:
        tasks = [t for t in (self._turn_task, self._poll_task, self._sign_in_task) if t]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._poll_task = None
