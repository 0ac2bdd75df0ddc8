"""What each wish of the user does, without Qt: one class that the windows' wishes go to.

Sits between the windows, which only emit wishes, and the program's clients; its one output is
the `Store`. The parts (`session`, `usage`, `chat`, `settings`) know nothing of each other:
what follows from what across them is written here.
"""

from __future__ import annotations

from app.auth.ways import Way
from app.clocks import SteadyClock
from app.errors import Fault
from app.intents.chat import ChatIntents
from app.intents.session import SessionIntents
from app.intents.settings import SaveSettings, SettingsIntents
from app.intents.usage import UsageIntents
from app.program import Program
from app.state import Store
from app.tasks import Spawn
from app.usage.schedule import MachineState


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
        steady: SteadyClock | None = None,
        spreads_start: bool = False,
    ) -> None:
        self._session = SessionIntents(
            program,
            store,
            spawn,
            on_signed_in=self._on_signed_in,
            on_signed_out=self._on_signed_out,
        )
        self._usage = UsageIntents(
            program,
            store,
            spawn,
            on_reply=self._session.offer_tokens,
            on_fault=self._session.note_fault,
            steady=steady,
            spreads_start=spreads_start,
        )
        self._chat = ChatIntents(
            program, store, spawn, on_asked=self.note_activity, on_ended=self._on_answer_ended
        )
        self._settings = SettingsIntents(store, spawn, save_settings)

    # --- what follows from what --------------------------------------------------------------

    def _on_signed_in(self, is_other_account: bool) -> None:
        if is_other_account:
            self._usage.forget()
            self._chat.new_chat()
        self._usage.start()

    def _on_signed_out(self) -> None:
        self._usage.forget()
        self._chat.new_chat()

    def _on_answer_ended(self, fault: Fault | None) -> None:
        if fault is not None:
            self._session.note_fault(fault)
        self._usage.refresh_now()  # the answer moved the windows

    # --- session -----------------------------------------------------------------------------

    def restore(self) -> None:
        """Take up the stored session, without a prompt; the demo signs in by itself."""
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
        """The account that has just signed in may replace the one until now (T-16)."""
        self._session.confirm_account()

    def use_another_account(self) -> None:
        """It may not: sign in again, the same way, as somebody else (F-L13)."""
        self._session.use_another_account()

    def sign_out(self) -> None:
        """Forget session, numbers and conversation at once, then tell keyring and service."""
        self._session.sign_out()

    # --- usage -------------------------------------------------------------------------------

    def refresh_now(self) -> None:
        """Poll now: bypasses the delay, never overlaps a poll that runs."""
        self._usage.refresh_now()

    def note_activity(self) -> None:
        """Somebody looks or works: poll at the faster rhythm."""
        self._usage.note_activity()

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

    # --- chat --------------------------------------------------------------------------------

    def ask(self, question: str) -> None:
        """Send `question`; ignored while an answer is on its way (F-C28)."""
        self._chat.ask(question)

    def ask_again(self) -> None:
        """Send the last question once more, in place of its failed or stopped turn."""
        self._chat.ask_again()

    def stop(self) -> None:
        """End the answer that is on its way; what came of it stays (F-C01)."""
        self._chat.stop()

    def new_chat(self) -> None:
        """Begin an empty conversation; an answer on its way goes with the old one."""
        self._chat.new_chat()

    def open_link(self, address: str) -> None:
        """Open a link of an answer in the browser; the person confirmed it."""
        self._chat.open_link(address)

    # --- settings ----------------------------------------------------------------------------

    def change_setting(self, key: str, value: object) -> None:
        """Set one setting if its declaration accepts the value; saved at once."""
        self._settings.change(key, value)
