"""The program without windows, and the person in front of it: at the browser and at the wishes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.signed_in import tokens_from
from support.stalls import Patience

from app.auth.accounts import KnownAccount, newly_known
from app.auth.memory_safe import MemorySafe
from app.auth.safe import Stock
from app.auth.tokens import TokenSet
from app.auth.vault import MemoryVault, Vault
from app.auth.ways import Stage
from app.clocks import wall
from app.endpoints import Endpoints
from app.errors import Fault, FaultKind, fail
from app.intents import Intents
from app.paths import Paths
from app.program import Program, Surroundings, open_program
from app.settings import Note, Settings
from app.simulator.accounts import ANN, SimulatedAccount
from app.simulator.server import Simulator
from app.simulator.visitor import LastPage, visit
from app.state import AppState, SessionState, SessionStatus, Store
from app.tasks import GuardedTasks

WAIT_S = 30.0
PersonAt = Callable[..., AbstractAsyncContextManager["Person"]]
USAGE = "/backend-api/wham/usage"
ANSWERS = "/backend-api/codex/responses"
TOKENS = "/oauth/token"
RELEASES = "/releases/latest.json"


class FailingVault(MemoryVault):
    """A keyring that can be locked, out of order, or slow to answer."""

    def __init__(self, tokens: TokenSet | None = None) -> None:
        super().__init__(tokens)
        self.is_locked = False
        self.refuses_to_unlock = False  # whoever is asked dismisses the prompt
        self.fault: FaultKind | None = None
        self.gate: asyncio.Event | None = None
        self.is_waiting = False
        self.stores = 0

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        await self._pass(unlock)
        return await super().load()

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        self.stores += 1
        await self._pass(unlock)
        await super().store(tokens)

    async def delete(self, *, unlock: bool = False) -> None:
        await self._pass(unlock)
        await super().delete()

    async def unlocked(self) -> None:
        await until(lambda: not self.is_locked)

    async def _pass(self, unlock: bool) -> None:
        if self.gate is not None:
            self.is_waiting = True
            await self.gate.wait()
        if self.fault is not None:
            raise fail(self.fault)
        if self.is_locked and (self.refuses_to_unlock or not unlock):
            raise fail(FaultKind.KEYRING_LOCKED)
        self.is_locked = False


class OneVaultSafe(MemorySafe):
    """A safe whose first account is in `first`, whoever put its tokens there; the others beside.

    A safe that is locked or out of order is so for all of them.
    """

    def __init__(self, first: FailingVault) -> None:
        super().__init__(MemoryVault)
        self.first = first

    async def take_stock(
        self, wanted: str, *, leaving: frozenset[str] = frozenset(), unlock: bool = False
    ) -> Stock:
        tokens = await self.first.load(unlock=unlock)
        if tokens is not None and not self._accounts:
            self._accounts = (newly_known(tokens.account),)
            self._vaults[self._accounts[0].entry] = self.first
        return await super().take_stock(wanted, leaving=leaving, unlock=True)

    async def unlocked(self) -> None:
        await self.first.unlocked()

    async def clear(self) -> None:
        await self.first.delete()
        await super().clear()

    def _vault_of(self, known: KnownAccount) -> Vault:
        if not self._vaults:
            self._vaults[known.entry] = self.first
        return super()._vault_of(known)


@dataclass
class Browser:
    """What the person does at the sign-in page; `is_left_alone`: nothing at all."""

    account: SimulatedAccount = ANN
    choice: str = ""  # what the page calls the account, if not by its address
    decision: str = "allow"
    is_left_alone: bool = False
    error: Exception | None = None
    opened: list[str] = field(default_factory=list)
    pages: list[LastPage] = field(default_factory=list)

    async def open(self, url: str) -> bool:
        self.opened.append(url)
        if self.error is not None:
            raise self.error
        if not self.is_left_alone:
            page = await asyncio.to_thread(
                visit, url, self.choice or self.account.email, self.decision
            )
            self.pages.append(page)
        return True


@dataclass
class Person:
    """Wishes go to `intents`, what comes of them is in `state`."""

    program: Program
    store: Store
    intents: Intents
    tasks: GuardedTasks
    browser: Browser
    vault: FailingVault
    simulator: Simulator
    crashes: list[Fault]
    saved: list[Settings]
    statuses: list[SessionStatus]  # every one that was shown, in order
    can_save: bool = True
    writing: asyncio.Future[bool] | None = None  # a save that takes its time
    on_file: tuple[Settings, tuple[Note, ...]] | None = None  # what somebody else wrote
    removed: list[tuple[str, bool]] = field(default_factory=list)  # keys of removed accounts

    @property
    def state(self) -> AppState:
        return self.store.state

    @property
    def session(self) -> SessionState:
        return self.store.state.session

    def shows(self, status: SessionStatus) -> bool:
        return self.session.status is status

    def is_saved(self) -> bool:
        return self.session.is_saved

    def polls(self) -> int:
        return len(self.simulator.requests_to(USAGE))

    def is_busy(self, name: str) -> bool:
        """Whether a task of that name has not come to its end."""
        return any(task.get_name() == name for task in asyncio.all_tasks())

    async def sign_in(self) -> None:
        """Sign in, say that the account is the right one, and wait for the first numbers."""
        self.intents.sign_in()
        await self.confirm_if_asked()
        await self.until_status(SessionStatus.SIGNED_IN)
        await self.until_idle()

    def is_asked(self) -> bool:
        """Whether the sign-in waits for a word about the account that signed in."""
        progress = self.session.progress
        return progress is not None and progress.stage is Stage.CONFIRMING

    async def confirm_if_asked(self) -> None:
        """Once a sign-in has come so far: yes, that account."""
        await until(
            lambda: self.is_asked() or not self.shows(SessionStatus.SIGNING_IN),
            lambda: self.session,
        )
        if self.is_asked():
            self.intents.confirm_account()

    async def until_status(self, status: SessionStatus) -> None:
        await until(lambda: self.shows(status), lambda: self.session)

    async def until_idle(self) -> None:
        """Until a poll has ended, well or not, and the next one is planned or not needed."""

        def has_ended() -> bool:
            poll = self.state.poll
            return not poll.is_polling and (self.state.usage is not None or poll.fault is not None)

        await until(has_ended, lambda: self.state.poll)

    async def poll(self) -> None:
        """Refresh now and wait for the reply."""
        before = self.polls()
        await self.until_idle()
        self.intents.refresh_now()
        await until(lambda: self.polls() > before, lambda: self.state.poll)
        await self.until_idle()

    def save(self, settings: Settings) -> asyncio.Future[bool]:
        self.saved.append(settings)
        if self.writing is not None:
            return self.writing
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        done.set_result(self.can_save)
        return done


async def until(
    is_met: Callable[[], object], tell: Callable[[], object] = lambda: "", seconds: float = WAIT_S
) -> None:
    """Wait until `is_met()`; fails after `seconds` with what `tell()` says."""
    patience = Patience(seconds)
    while not is_met():
        assert not patience.is_over(), tell()
        await asyncio.sleep(0.005)


async def settled(turns: int = 20) -> None:
    """Give everything that is ready its turns: for what must not happen."""
    for _ in range(turns):
        await asyncio.sleep(0)


@asynccontextmanager
async def person_at(
    simulator: Simulator,
    home: Path,
    *,
    stored: bool = False,
    signs_in_by_itself: bool = False,
    settings: Settings | None = None,
) -> AsyncIterator[Person]:
    """A running program without windows; `stored`: Ann has signed in on an earlier day."""
    browser, crashes, statuses = Browser(), list[Fault](), list[SessionStatus]()
    settings = replace(settings or Settings(), proxy="none")
    vault = FailingVault()
    safe = OneVaultSafe(vault)
    store = Store(AppState(settings=settings))
    store.subscribe(lambda s: s.session, lambda s: statuses.append(s.session.status))
    surroundings = Surroundings(
        paths=Paths.below(home),
        settings=settings,
        endpoints=Endpoints(simulator.url, simulator.url),
        safe=safe,
        open_url=browser.open,
        callback_ports=(0,),
        signs_in_by_itself=signs_in_by_itself,
        codex_file=home / "codex" / "auth.json",
        releases_url=f"{simulator.url}{RELEASES}",
    )
    async with open_program(surroundings) as program, asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, crashes.append)
        if stored:
            await MemoryVault.store(vault, tokens_from(simulator, wall()))
        person: Person

        def save(settings: Settings) -> asyncio.Future[bool]:
            return person.save(settings)

        async def look() -> tuple[Settings, tuple[Note, ...]] | None:
            return person.on_file

        removed: list[tuple[str, bool]] = []
        intents = Intents(
            program,
            store,
            tasks.spawn,
            save,
            look_at_settings=look,
            on_account_removed=lambda key, forgets: removed.append((key, forgets)),
        )
        person = Person(
            program, store, intents, tasks, browser, vault, simulator, crashes, [], statuses
        )
        person.removed = removed
        try:
            yield person
        finally:
            tasks.cancel_all()
