"""The parts that meet the desktop: warnings, looks, the chat's key, the machine, later starts."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.alerts.memory_file import MemoryFile
from app.desktop.notifications import DesktopNotifications
from app.instance.messages import Message, Verb
from app.intents.alerts import AlertIntents
from app.intents.shortcut import Key, ShortcutIntents
from app.state import AppState, SessionStatus, Shortcut, Store
from app.ui.event_loop import EventLoop

if TYPE_CHECKING:
    from app.bootstrap.tray_program import TrayProgram
    from app.desktop.machine import MachineWatch
    from app.desktop.notification import Notifier
    from app.instance.server import Ear
    from app.intents import Intents
    from app.program import Surroundings
    from app.tasks import Spawn
    from app.trail import Trail
    from app.ui.theme import Theme
    from app.ui.windows import Windows
    from app.usage.schedule import MachineState


def warnings(
    tray_program: TrayProgram,
    windows: Windows,
    surroundings: Surroundings,
    spawn: Spawn,
    trail: Trail,
) -> AlertIntents:
    """Warnings by the desktop's own interface, else the tray's, else in the panel."""

    def act(topic: str, action: str, token: str) -> None:
        alerts.act(topic, action, token)

    def native() -> Notifier:
        from app.desktop.freedesktop_notifications import (  # noqa: PLC0415 - with the first one
            FreedesktopNotifications,
        )

        return FreedesktopNotifications(spawn, act)

    alerts = AlertIntents(
        tray_program.store,
        spawn,
        DesktopNotifications(
            native if sys.platform.startswith("linux") else None, tray_program.tray.show_message
        ),
        MemoryFile(surroundings.paths.state / "alerts.json"),
        open_panel=lambda token: windows.grant(Message(Verb.SHOW, token)),
        now=tray_program.steady.now,
        trail=trail,
    )
    return alerts


def shortcut(store: Store, windows: Windows, spawn: Spawn) -> ShortcutIntents:
    """The key that opens the chat from anywhere, where the desktop has a portal for it."""

    def make(told: Callable[[Shortcut], None]) -> Key | None:
        if not sys.platform.startswith("linux"):
            return None
        from app.desktop.global_shortcut import GlobalShortcut  # noqa: PLC0415 - few wish it

        return GlobalShortcut(spawn, lambda token: windows.grant(Message(Verb.CHAT, token)), told)

    return ShortcutIntents(store, spawn, make)


def look_after(ear: Ear, store: Store, spawn: Spawn) -> None:
    """With each poll, so that nothing wakes up for it."""

    def look(_state: AppState) -> None:
        spawn(ear.look_after(), "look after the instance")

    store.subscribe(lambda state: state.poll.next_at, look)


def follow_looks(store: Store, theme: Theme) -> None:
    """What the desktop wishes of colours and contrast holds."""

    def begin() -> None:
        from app.ui.desktop_looks import DesktopLooks  # noqa: PLC0415 - after the first icon

        DesktopLooks(theme)  # which keeps it

    if sys.platform.startswith("linux"):  # elsewhere Qt knows
        _once_restored(store, begin)


def mend_autostart(store: Store, intents: Intents) -> None:
    """An entry whose program has moved starts nothing: whoever starts it by hand has it mended."""
    _once_restored(store, intents.autostart.look)


def _once_restored(store: Store, begin: Callable[[], None]) -> None:
    """When the keyring has answered: the first picture of the icon must not wait for it."""

    def look(state: AppState) -> None:
        if state.session.status is not SessionStatus.STARTING:
            unsubscribe()
            begin()

    unsubscribe = store.subscribe(lambda state: state.session.status, look)


class MachineFollowing:
    """Sleep, lock, network and power; to be kept by whoever wants them followed."""

    def __init__(
        self,
        store: Store,
        intents: Intents,
        spawn: Spawn,
        on_locked: Callable[[bool], None] = lambda _is_locked: None,
    ) -> None:
        self._store = store
        self._intents = intents
        self._spawn = spawn
        self._on_locked = on_locked
        self._watch: MachineWatch | None = None

    def begin_after_a_poll(self) -> None:
        """From the outcome of the first poll on: the start must not wait for any of it.

        While the system's bus hangs, it is tried again after each poll.
        """
        if not sys.platform.startswith("linux"):
            return  # elsewhere the clocks tell of sleep, and failed polls of the network

        def begin(state: AppState) -> None:
            if state.usage is not None or state.poll.fault is not None:
                unsubscribe()
                self._spawn(self._begin(), "watch the machine")

        unsubscribe = self._store.subscribe(lambda state: state.poll.next_at, begin)

    async def _begin(self) -> None:
        from app.desktop.bus_answer import answers, system_bus_address  # noqa: PLC0415 - late
        from app.desktop.machine import MachineWatch  # noqa: PLC0415 - where there is a bus

        if await answers(system_bus_address(os.environ)):
            self._watch = MachineWatch(self._note, self._wake)
            self._watch.start()
        else:
            self.begin_after_a_poll()

    def _note(self, machine: MachineState) -> None:
        self._intents.note_machine(machine)
        self._on_locked(machine.is_locked)

    def _wake(self) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(loop, EventLoop):
            loop.catch_up()
        self._intents.wake()
