"""What each wish of the user does, without Qt: one class that the windows' wishes go to.

Sits between the windows, which only emit wishes, and the program's clients; its one output is
the `Store`. The parts know nothing of each other: what follows from what across them is
written here. A wish that is one part's own affair is that part's method (`chat`, `history`,
`warnings`, `autostart`, `help`, …); the others are methods of `Intents`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.auth.ways import Way
from app.clocks import SteadyClock, wall
from app.errors import Fault
from app.intents.accounts import AccountIntents, OnRemoved
from app.intents.autostart import AutostartIntents
from app.intents.chat_pane import PaneIntents
from app.intents.crashes import CrashIntents
from app.intents.erasing import ErasingIntents
from app.intents.help import HelpIntents
from app.intents.history import HistoryIntents
from app.intents.late_warnings import LateWarnings
from app.intents.lost_sign_ins import LostSignIns
from app.intents.session import SessionIntents
from app.intents.settings import (
    LookAtSettings,
    SaveSettings,
    SettingsIntents,
    nobody_else_writes,
)
from app.intents.shown_session import ShownSession
from app.intents.updates import UpdateIntents
from app.intents.usage import UsageIntents
from app.program import Program
from app.state import SessionStatus, Store
from app.tasks import Spawn
from app.trail import Trail
from app.usage.schedule import MachineState
from app.wording.keyring_backlog import LOST_KEY
from app.wording.trouble import BANNER_KEY

if TYPE_CHECKING:
    import asyncio


class Intents:
    """One per running tray program; every method returns at once.

    `steady` is the clock of ages and countdowns, the windows' as well. `spreads_start`: the
    program was started with the session, as many others were, so the first poll is spread.
    """

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        save_settings: SaveSettings,
        *,
        look_at_settings: LookAtSettings = nobody_else_writes,
        steady: SteadyClock | None = None,
        spreads_start: bool = False,
        on_account_removed: OnRemoved = lambda _key, _forgets_history: None,
    ) -> None:
        self.trail = Trail()
        self._store = store
        self._told_removed = on_account_removed
        shown = ShownSession(program, store)
        self._session = SessionIntents(
            program, store, shown, spawn, on_signed_in=self._on_signed_in
        )
        self._accounts = AccountIntents(
            program,
            shown,
            spawn,
            on_signed_in=self._on_signed_in,
            on_signed_out=self._on_signed_out,
            on_removed=self._on_account_removed,
        )
        self._usage = UsageIntents(
            program,
            store,
            spawn,
            on_reply=self._on_reply,
            on_fault=self._on_fault,
            trail=self.trail,
            steady=steady,
            spreads_start=spreads_start,
        )
        self.chat = PaneIntents(
            program,
            store,
            spawn,
            on_asked=self.note_activity,
            on_ended=self._on_answer_ended,
            on_limits=self._usage.note_answer,
        )
        self.history = HistoryIntents(program.history, store, spawn, now=wall)
        self._settings = SettingsIntents(
            program,
            store,
            spawn,
            save_settings,
            look_at_settings,
            on_unsaved=self._session.note_look,
            on_way=self._usage.refresh_now,
        )
        self.crashes = CrashIntents(store, self.trail, on_safe_mode=self.chat.stop)
        self._make_seldom_wished(program, store, spawn, shown)

    def _make_seldom_wished(
        self, program: Program, store: Store, spawn: Spawn, shown: ShownSession
    ) -> None:
        self.lost_sign_ins = LostSignIns(program.surroundings.paths.state, store, spawn)
        self.warnings = LateWarnings(
            {BANNER_KEY: self.crashes.dismiss, LOST_KEY: self.lost_sign_ins.dismiss}
        )
        self.help = HelpIntents(program, store, spawn, self.trail, lambda: self.warnings.looks)
        self.autostart = AutostartIntents(store, spawn, program.surroundings.autostart)
        self.updates = UpdateIntents(program, store, spawn, lambda: self.warnings.notifier)
        self._erasing = ErasingIntents(program, store, shown, spawn, self._stop_all)

    # --- what follows from what --------------------------------------------------------------

    def _on_signed_in(self, is_other_account: bool) -> None:
        if is_other_account:
            self._usage.forget()
            self.chat.new_chat()
        self.chat.resume()
        self._usage.start()

    def _on_signed_out(self) -> None:
        self._usage.forget()
        self.chat.new_chat()

    def _on_account_removed(self, key: str, forgets_history: bool) -> None:
        self.warnings.forget(key)
        if forgets_history:
            self.history.forget(key)
        self.chat.forget(key, forgets_conversations=forgets_history)
        self._told_removed(key, forgets_history)

    def _stop_all(self) -> list[asyncio.Task[None]]:
        self._on_signed_out()
        session = self._session
        return [*session.stop_all(), *session.stop_offering(), *self._accounts.stop_all()]

    def _on_reply(self) -> None:
        self._session.note_poll()
        self._accounts.look()

    def _on_fault(self, fault: Fault) -> None:
        self._session.note_fault(fault)
        self._accounts.note_fault(fault)

    def _on_answer_ended(self, fault: Fault | None) -> None:
        if fault is not None:
            self._on_fault(fault)
        self._usage.refresh_now()  # the answer moved the windows

    # --- session -----------------------------------------------------------------------------

    def restore(self) -> None:
        """Take up the stored session, without a prompt; the demo signs in by itself."""
        self.lost_sign_ins.begin()
        self._session.restore()

    def unlock(self) -> None:
        """Ask the system to unlock the keyring, then take up the session (F-T17)."""
        self._session.unlock()

    def sign_in(self, way: Way = Way.BROWSER) -> None:
        """Sign in this way; the session until now stays meanwhile (F-L14)."""
        self._session.sign_in(way)

    def cancel_sign_in(self) -> None:
        """Give up a sign-in that waits: all is as it was before (F-L02)."""
        self._session.cancel_sign_in()

    def paste_address(self, text: str) -> None:
        """The address on which the browser of a sign-in by pasting has ended."""
        self._session.paste_address(text)

    def confirm_account(self) -> None:
        """The account that has just signed in is the right one, and to be kept (T-16)."""
        self._session.confirm()

    def replace_other_sign_in(self) -> None:
        """A sign-in in another window or terminal shall end in favour of this one (F-L09)."""
        self._session.confirm()

    def use_another_account(self) -> None:
        """It may not: sign in again, the same way, as somebody else (F-L13)."""
        self._session.use_another_account()

    def look_for_codex_login(self) -> None:
        """The ways to sign in are about to be shown: has the Codex CLI a login to lend?"""
        self._accounts.look_for_codex_login()

    # --- accounts ----------------------------------------------------------------------------

    def switch_account(self, key: str) -> None:
        """Show another account; numbers and conversation of the one until now are cleared."""
        self._accounts.switch(key)

    def sign_out(self, *, forgets_history: bool = False) -> None:
        """Forget session, numbers and conversation at once, then tell keyring and service.

        The next account comes to the front, if there is one.
        """
        self._accounts.remove_front(self._session.stop_all(), forgets_history=forgets_history)

    def remove_account(self, key: str, *, forgets_history: bool = False) -> None:
        """Remove the account of this key, whether it is in front or not."""
        front = self._store.state.session.front
        if front is not None and front.key == key:
            self.sign_out(forgets_history=forgets_history)
        else:
            self._accounts.remove(key, forgets_history=forgets_history)

    # --- usage -------------------------------------------------------------------------------

    def refresh_now(self) -> None:
        """Poll now: bypasses the delay, never overlaps a poll that runs."""
        self._usage.refresh_now()

    def note_activity(self) -> None:
        """Somebody looks or works: poll at the faster rhythm."""
        self._usage.note_activity()
        self._session.note_activity()
        status = self._store.state.session.status
        if status in (SessionStatus.SIGNED_OUT, SessionStatus.EXPIRED):
            self.updates.look()  # there are no polls it could go with
            self._accounts.look(follows=status is SessionStatus.EXPIRED)
            self._session.note_look()

    def note_watching(self, is_watched: bool) -> None:
        """The panel was opened, or closed: poll at the faster rhythm as long as it is open."""
        self._usage.note_watching(is_watched)

    # --- the machine -------------------------------------------------------------------------

    def note_machine(self, machine: MachineState) -> None:
        """The system told something of itself: network, lock, power."""
        self._usage.note_machine(machine)

    def wake(self) -> None:
        """The machine has slept."""
        self._usage.wake()

    # --- settings ----------------------------------------------------------------------------

    def change_setting(self, key: str, value: object) -> None:
        """Set one setting if its declaration accepts the value; saved at once."""
        if not self._erasing.has_begun:
            self._settings.change(key, value)

    def look_at_settings(self) -> None:
        """Somebody else may have changed the file."""
        if not self._erasing.has_begun:
            self._settings.look()

    def erase_everything(self, *, keeps_settings: bool) -> None:
        """Sign out everywhere and delete all that is ours on this computer (T-43)."""
        self._erasing.begin(keeps_settings=keeps_settings)
