"""What the interface shows: one frozen `AppState`, one `Store`. No Qt, no secrets.

Everything runs on the one Qt/asyncio thread, so listeners are plain callables. A listener is
called only when its slice of the state became unequal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.alerts.banners import Banner
from app.auth.accounts import KnownAccount, Unsaved
from app.auth.tokens import Account
from app.auth.ways import SignInProgress
from app.chat.conversation import Conversation
from app.errors import Fault
from app.history.status import HistoryStatus
from app.settings import Note, Remark, Settings
from app.usage.limits import UsageSnapshot
from app.values import dataclass

if TYPE_CHECKING:  # imported with the windows that show them
    from app.autostart.state import Autostart
    from app.chat.desk import Desk
    from app.conversations.view import ConversationList
    from app.erasure.outcome import Erasure
    from app.history.view import HistoryView
    from app.updates.status import Updates


class SessionStatus(StrEnum):
    STARTING = "starting"  # the keyring has not answered yet
    SIGNED_OUT = "signed_out"
    SIGNING_IN = "signing_in"
    SIGNED_IN = "signed_in"
    EXPIRED = "expired"  # tokens are there but refused for good
    KEYRING_LOCKED = "keyring_locked"


@dataclass(frozen=True, slots=True)
class SessionState:
    """Who is signed in.

    `accounts`: all that can be chosen; the tokens of those in `unsaved` live in this process only
    (F-T22). `unremoved`: those that were removed, but for entries in the keyring (T-43).
    `is_borrowed`: the numbers are read with the Codex CLI's login (F-T27); `can_borrow`: it has
    one here.
    """

    status: SessionStatus = SessionStatus.STARTING
    account: Account | None = None
    account_key: str = ""  # of `account`; what is kept per account is kept under it
    fault: Fault | None = None
    sign_in_url: str = ""  # shown with "copy" while a browser sign-in waits
    progress: SignInProgress | None = None  # of the sign-in under way
    accounts: tuple[KnownAccount, ...] = ()
    unsaved: Unsaved = ()
    unremoved: tuple[KnownAccount, ...] = ()
    is_borrowed: bool = False
    can_borrow: bool = False

    @property
    def is_saved(self) -> bool:
        """False while the sign-in of the account in front ends with this process."""
        return self.front is None or self.front.key not in dict(self.unsaved)

    @property
    def front(self) -> KnownAccount | None:
        """Which of `accounts` is signed in; a borrowed login stands beside the account itself."""
        if self.account is None:
            return None
        alike = (one for one in self.accounts if one.is_borrowed is self.is_borrowed)
        return next((o for o in alike if o.is_borrowed or o.key == self.account_key), None)


@dataclass(frozen=True, slots=True)
class PollState:
    """How the last poll went. `fault` is None after a success; the snapshot stays either way."""

    is_polling: bool = False
    fault: Fault | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownDiagnosis:
    """`saved_to` names the file that holds the text, `has_failed`: it could not be written."""

    text: str
    saved_to: str = ""
    has_failed: bool = False


class Trouble(StrEnum):
    """Whether anything of ours has failed unexpectedly (F-D23)."""

    NONE = "none"
    CRASHED = "crashed"  # once, and the person has not put it away
    SAFE_MODE = "safe_mode"  # again and again: only the numbers go on


class ShortcutStatus(StrEnum):
    """What became of the wish for a key that opens the chat from anywhere."""

    OFF = "off"  # not wished for
    ASKING = "asking"  # the desktop asks the person for the keys
    BOUND = "bound"
    REFUSED = "refused"  # the person, or the desktop, did not want it
    MISSING = "missing"  # this desktop offers none


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`keys` as the desktop names them, where it does ("Ctrl+Alt+T")."""

    status: ShortcutStatus = ShortcutStatus.OFF
    keys: str = ""


@dataclass(frozen=True, slots=True)
class AppState:
    session: SessionState = field(default_factory=SessionState)
    usage: UsageSnapshot | None = None
    poll: PollState = field(default_factory=PollState)
    conversation: Conversation = field(default_factory=Conversation)
    conversations: ConversationList | None = None  # while a window lists them
    desk: Desk | None = None  # from the first opening of the chat on
    shortcut: Shortcut = Shortcut()
    settings: Settings = field(default_factory=Settings)
    history: HistoryStatus = field(default_factory=HistoryStatus)
    history_view: HistoryView | None = None  # while a window shows it
    notes: tuple[Note, ...] = ()  # what is wrong with the settings file
    remarks: tuple[Remark, ...] = ()  # what became of values given to settings
    lost_sign_ins: int = 0  # that ended with the last run, until somebody has read it (F-T22)
    banners: tuple[Banner, ...] = ()  # warnings that only the panel can show
    autostart: Autostart | None = None  # as the system told it when somebody looked
    diagnosis: ShownDiagnosis | None = None  # while a window shows it
    updates: Updates | None = None  # once somebody looked for a newer version
    erasure: Erasure | None = None  # everything is being deleted, or was
    shows_hints: bool = False  # the person may not know yet how to read what is shown
    trouble: Trouble = Trouble.NONE  # something of ours failed, and the program goes on
    is_demo: bool = False
    zone: str = ""  # the local time zone as last seen: when it changes, so do all times shown
    is_replaced: bool = False  # another version has taken the place of this one's files
    restarts: bool = False  # it becomes that version, once it has ended
    has_tray: bool = True  # False: no place for an icon, the panel stays as a window (F-D01)

    @property
    def is_safe_mode(self) -> bool:
        """True while only the numbers go on."""
        return self.trouble is Trouble.SAFE_MODE


class Store:
    """Holds the current `AppState` and tells listeners about changed slices."""

    def __init__(self, state: AppState | None = None) -> None:
        self._state = state or AppState()
        self.on_crash: Callable[[Exception], None] | None = None
        self._listeners: list[tuple[Callable[[AppState], Any], Callable[[AppState], None]]] = []

    @property
    def state(self) -> AppState:
        return self._state

    def update(self, **changes: Any) -> None:
        """Replace fields of the state; listeners whose slice changed are called once each."""
        before, self._state = self._state, replace(self._state, **changes)
        for pick, listener in tuple(self._listeners):
            if pick(before) != pick(self._state):
                self._tell(listener)

    def _tell(self, listener: Callable[[AppState], None]) -> None:
        """One that fails is told to `on_crash`, and the others go on; without it, it raises."""
        try:
            listener(self._state)
        except Exception as error:
            if self.on_crash is None:
                raise
            self.on_crash(error)

    def subscribe(
        self, pick: Callable[[AppState], Any], listener: Callable[[AppState], None]
    ) -> Callable[[], None]:
        """Call `listener(state)` whenever `pick(state)` changes. Returns the unsubscriber."""
        entry = (pick, listener)
        self._listeners.append(entry)

        def unsubscribe() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)

        return unsubscribe
