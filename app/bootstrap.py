"""Composition root of the tray program: the tray, then the loop, then everything else.

asyncio, qasync, the clients and the windows are imported inside functions: the tray's first
numbers and menu must not wait for them.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from app import catalogues
from app.clocks import SteadyClock
from app.early_log import EarlyLog
from app.paths import Paths
from app.settings import Note, Settings
from app.settings_file import SettingsFile
from app.state import AppState, Shortcut, Store
from app.ui.first_icon import FirstIcon, TrayApplication
from app.ui.theme import Theme
from app.ui.tray import Tray

if TYPE_CHECKING:
    import asyncio

    from app.desktop.machine import MachineWatch
    from app.desktop.notification import Notifier
    from app.end_signals import EndSignals
    from app.errors import Fault
    from app.instance.place import Instance
    from app.instance.server import Ear
    from app.instance.start import TrayStart
    from app.intents import Intents
    from app.intents.alerts import AlertIntents
    from app.intents.crashes import CrashIntents
    from app.intents.shortcut import ShortcutIntents
    from app.program import Surroundings
    from app.tasks import Spawn
    from app.trail import Trail
    from app.ui.windows import Windows

_EXIT_LIMIT_S = 2.0
_DISPLAY_LOST = 1


class TrayProgram:
    """What exists before the loop runs: settings, theme, store and the icon."""

    def __init__(self, application: TrayApplication, first: FirstIcon, *, demo: bool) -> None:
        self.application = application
        self.demo = demo
        self.paths = Paths.of_user(os.environ)
        self._file = SettingsFile(self.paths)
        loaded = self._file.load()
        settings = loaded.settings
        self.speak(settings.language)
        self.theme = Theme(self.application, settings.colour_scheme, dressed=False)
        self._machine: MachineWatch | None = None
        self.store = Store(
            AppState(
                is_demo=demo, settings=settings, notes=loaded.notes, shows_hints=settings.hints
            )
        )
        self.steady = SteadyClock()
        self.tray = Tray(self.theme, first, clock=self.steady.now)
        self.tray.render(self.store.state)
        self.tray.start()
        self.application.processEvents()

    def speak(self, setting: str) -> None:
        """Use the language of `setting` for every sentence from now on."""
        catalogues.activate(setting, os.environ, QLocale.system().uiLanguages())

    def apply_settings(self, state: AppState) -> None:
        """Settings take effect at once."""
        self.speak(state.settings.language)
        self.theme.follow(state.settings.colour_scheme)
        self.store.update(shows_hints=state.settings.hints)

    def save_settings(self, settings: Settings) -> asyncio.Future[bool]:
        """Begin to write in a worker thread; the demo keeps nothing."""
        import asyncio  # noqa: PLC0415

        self._file.keep(settings)
        write = _nothing_to_write if self.demo else self._file.write
        return asyncio.get_running_loop().run_in_executor(None, write)

    async def look_at_settings(self) -> tuple[Settings, tuple[Note, ...]] | None:
        """What is to be in force by what the file says now; None if it cannot be read."""
        import asyncio  # noqa: PLC0415

        found = await asyncio.to_thread(self._file.look)
        return None if found is None else (self._file.adopt(), found.notes)

    @contextmanager
    def watching_settings(self, intents: Intents) -> Iterator[None]:
        """What somebody else writes into the file takes effect at once; not in the demo."""
        from app.desktop.settings_watch import SettingsWatch  # noqa: PLC0415 - after the icon

        watch = (
            None if self.demo else SettingsWatch(self.paths.settings_file, intents.look_at_settings)
        )
        try:
            yield
        finally:
            if watch is not None:
                watch.stop()

    def watch_machine_later(self, intents: Intents, spawn: Spawn) -> None:
        """From the outcome of the first poll on: the start must not wait for any of it.

        While the system's bus hangs, it is tried again after each poll.
        """
        if not sys.platform.startswith("linux"):
            return  # elsewhere the clocks tell of sleep, and failed polls of the network

        def begin(state: AppState) -> None:
            if state.usage is not None or state.poll.fault is not None:
                unsubscribe()
                spawn(self._watch_machine(intents, spawn), "watch the machine")

        unsubscribe = self.store.subscribe(lambda state: state.poll.next_at, begin)

    async def _watch_machine(self, intents: Intents, spawn: Spawn) -> None:
        import asyncio  # noqa: PLC0415

        from app.desktop.bus_answer import answers, system_bus_address  # noqa: PLC0415
        from app.desktop.machine import MachineWatch  # noqa: PLC0415
        from app.ui.event_loop import EventLoop  # noqa: PLC0415

        loop = asyncio.get_running_loop()

        def wake() -> None:
            if isinstance(loop, EventLoop):
                loop.catch_up()
            intents.wake()

        if await answers(system_bus_address(os.environ)):
            self._machine = MachineWatch(intents.note_machine, wake)
            self._machine.start()
        else:
            self.watch_machine_later(intents, spawn)

    @contextmanager
    def surroundings(self) -> Iterator[Surroundings]:
        """The demo's own little world, or the user's folders, keyring and service."""
        from app.program import real_surroundings  # noqa: PLC0415

        settings = self.store.state.settings
        if not self.demo:
            yield real_surroundings(os.environ, self.paths, settings)
            return
        from app.demo import demo_surroundings  # noqa: PLC0415

        with demo_surroundings(settings) as surroundings:
            self.store.update(settings=surroundings.settings)
            yield surroundings


def _nothing_to_write() -> bool:
    return True


def run(
    application: TrayApplication,
    first: FirstIcon,
    signals: EndSignals,
    start: TrayStart,
    instance: Instance | None,
) -> int:
    """Bring the icon to life, run until asked to quit, return the exit code.

    Later starts reach this program through its `instance`.
    """
    early = EarlyLog()
    early.begin()
    tray_program = TrayProgram(application, first, demo=start.demo)

    import asyncio  # noqa: PLC0415
    import inspect  # noqa: PLC0415

    from app import logs  # noqa: PLC0415

    code = 0
    try:
        with (
            tray_program.surroundings() as surroundings,
            asyncio.Runner(loop_factory=lambda: _loop(application)) as runner,
        ):
            logs.set_up(surroundings.paths, debug=start.debug)
            early.hand_over()
            application.messages.hand_over()
            main = _main(tray_program, surroundings, signals, start, instance)
            try:
                runner.run(main)
            except RuntimeError:
                if inspect.getcoroutinestate(main) == inspect.CORO_CLOSED:  # it came from within
                    raise
                code = _DISPLAY_LOST  # Qt stopped the loop; leaving the block cancels every task
            # A thread that hangs in the resolver must not hold the exit back.
            watchdog = threading.Timer(_EXIT_LIMIT_S, os._exit, (code,))
            watchdog.daemon = True
            watchdog.start()
    except RuntimeError:
        if code != _DISPLAY_LOST:  # Qt stops the loop once more, in the middle of the ending
            raise
    return code


def _loop(application: TrayApplication) -> asyncio.AbstractEventLoop:
    """asyncio on Qt's loop, with threads made when they are needed instead of ten at once."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from app.ui.event_loop import EventLoop  # noqa: PLC0415

    loop: asyncio.AbstractEventLoop = EventLoop(application)
    loop.set_default_executor(ThreadPoolExecutor(4, "worker"))
    return loop


async def _main(
    tray_program: TrayProgram,
    surroundings: Surroundings,
    signals: EndSignals,
    start: TrayStart,
    instance: Instance | None,
) -> None:
    import asyncio  # noqa: PLC0415

    from app.instance.messages import Message, Verb  # noqa: PLC0415
    from app.instance.server import heard  # noqa: PLC0415
    from app.intents import Intents  # noqa: PLC0415
    from app.program import open_program  # noqa: PLC0415
    from app.tasks import GuardedTasks  # noqa: PLC0415
    from app.ui.windows import Windows  # noqa: PLC0415

    store = tray_program.store
    quit_requested = asyncio.Event()
    tray_program.application.on_quit = quit_requested.set
    with signals.heard_by(asyncio.get_running_loop(), quit_requested.set):
        async with open_program(surroundings) as program, asyncio.TaskGroup() as group:
            tasks = GuardedTasks(group, lambda fault: _on_fault(store, intents.crashes, fault))
            intents = Intents(
                program,
                store,
                tasks.spawn,
                tray_program.save_settings,
                look_at_settings=tray_program.look_at_settings,
                steady=tray_program.steady,
                spreads_start=start.is_autostarted,  # as on many computers at this hour
            )
            store.on_crash = lambda error: intents.crashes.note("a listener", error)
            store.subscribe(lambda state: state.settings, tray_program.apply_settings)
            windows = Windows(
                tray_program.tray,
                tray_program.theme,
                store,
                intents,
                quit_requested.set,
                clock=tray_program.steady.now,
            )
            intents.give_warnings(
                _warnings(tray_program, windows, surroundings, tasks.spawn, intents.trail)
            )
            tray_program.watch_machine_later(intents, tasks.spawn)
            _shortcut(store, windows, tasks.spawn).begin()
            tasks.spawn(asyncio.to_thread(program.http.warm_up), "warm up")
            intents.restore()
            if start.verb:
                windows.grant(Message(Verb(start.verb)))
            async with heard(instance, windows.grant) as ear:
                if ear is not None:
                    _look_after(ear, store, tasks.spawn)
                loop = asyncio.get_running_loop()
                with intents.crashes.heard(loop), tray_program.watching_settings(intents):
                    await quit_requested.wait()
            windows.close()
            tray_program.tray.stop()
            tasks.cancel_all()


def _warnings(
    tray_program: TrayProgram,
    windows: Windows,
    surroundings: Surroundings,
    spawn: Spawn,
    trail: Trail,
) -> AlertIntents:
    """Warnings by the desktop's own interface, else the tray's, else in the panel."""
    from app.alerts.memory_file import MemoryFile  # noqa: PLC0415 - after the icon
    from app.desktop.notifications import DesktopNotifications  # noqa: PLC0415
    from app.instance.messages import Message, Verb  # noqa: PLC0415
    from app.intents.alerts import AlertIntents  # noqa: PLC0415

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


def _shortcut(store: Store, windows: Windows, spawn: Spawn) -> ShortcutIntents:
    """The key that opens the chat from anywhere, where the desktop has a portal for it."""
    from app.instance.messages import Message, Verb  # noqa: PLC0415 - after the icon
    from app.intents.shortcut import Key, ShortcutIntents  # noqa: PLC0415

    def make(told: Callable[[Shortcut], None]) -> Key | None:
        if not sys.platform.startswith("linux"):
            return None
        from app.desktop.global_shortcut import GlobalShortcut  # noqa: PLC0415 - few wish it

        return GlobalShortcut(spawn, lambda token: windows.grant(Message(Verb.CHAT, token)), told)

    return ShortcutIntents(store, spawn, make)


def _look_after(ear: Ear, store: Store, spawn: Spawn) -> None:
    """With each poll, so that nothing wakes up for it."""

    def look(_state: AppState) -> None:
        spawn(ear.look_after(), "look after the instance")

    store.subscribe(lambda state: state.poll.next_at, look)


def _on_fault(store: Store, crashes: CrashIntents, fault: Fault) -> None:
    """A task ended in `fault`, which is told where faults are told; the program lives on."""
    from app.errors import FaultKind  # noqa: PLC0415 - loaded by now

    if fault.kind is FaultKind.INTERNAL:
        crashes.note_task(fault.detail)
    if fault.kind is not FaultKind.INTERNAL or store.state.usage is None:
        store.update(poll=replace(store.state.poll, fault=fault))
