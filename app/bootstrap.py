"""Composition root of the tray program: the icon first, then the loop, then everything else.

asyncio, qasync, the clients and the windows are imported inside functions: the icon must not
wait for them (the start budget).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from app import APP_ID, NAME, VERSION, catalogues, settings_file
from app.paths import Paths
from app.settings import Settings
from app.state import AppState, Store
from app.ui.theme import Theme
from app.ui.tray import Tray

if TYPE_CHECKING:
    from app.errors import Fault
    from app.program import Surroundings

_EXIT_LIMIT_S = 2.0


class TrayApplication(QApplication):
    """A QApplication whose end is asked for, not done: the loop closes first (F-D06)."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.on_quit: Callable[[], None] = lambda: None
        self.setApplicationName(NAME)
        self.setApplicationVersion(VERSION)
        self.setDesktopFileName(APP_ID)
        self.setQuitOnLastWindowClosed(False)
        self.commitDataRequest.connect(self._on_session_end)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.on_quit()
            return True
        return super().event(event)

    def _on_session_end(self, _session: QSessionManager) -> None:
        self.on_quit()


class TrayProgram:
    """What exists before the loop runs: settings, theme, store and the icon."""

    def __init__(self, *, demo: bool) -> None:
        self.demo = demo
        self.paths = Paths.of_user(os.environ)
        self._loaded = settings_file.load(self.paths.settings_file)
        settings = self._loaded.settings
        self.application = TrayApplication(sys.argv[:1])
        self.speak(settings.language)
        self.theme = Theme(self.application, settings.colour_scheme)
        self.store = Store(AppState(settings=settings))
        self.tray = Tray(self.theme)
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

    def save_settings(self, settings: Settings) -> None:
        if not self.demo:
            settings_file.save(self.paths.settings_file, settings, self._loaded.unknown)

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


def run(*, demo: bool, debug: bool) -> int:
    """Show the icon, run until asked to quit, return the exit code."""
    tray_program = TrayProgram(demo=demo)

    import asyncio  # noqa: PLC0415

    import qasync  # noqa: PLC0415

    from app import logs  # noqa: PLC0415

    logs.set_up(tray_program.paths, debug=debug)
    with (
        tray_program.surroundings() as surroundings,
        asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(tray_program.application)) as runner,
    ):
        runner.run(_main(tray_program, surroundings))
        # A thread that hangs in the resolver must not hold the exit back.
        watchdog = threading.Timer(_EXIT_LIMIT_S, os._exit, (0,))
        watchdog.daemon = True
        watchdog.start()
    watchdog.cancel()
    return 0


async def _main(tray_program: TrayProgram, surroundings: Surroundings) -> None:
    import asyncio  # noqa: PLC0415

    from app.intents import Intents  # noqa: PLC0415
    from app.program import open_program  # noqa: PLC0415
    from app.tasks import GuardedTasks  # noqa: PLC0415
    from app.ui.windows import Windows  # noqa: PLC0415

    store = tray_program.store
    quit_requested = asyncio.Event()
    tray_program.application.on_quit = quit_requested.set
    with _signals_set(quit_requested.set):
        async with open_program(surroundings) as program, asyncio.TaskGroup() as group:
            tasks = GuardedTasks(group, lambda fault: _show_crash(store, fault))
            intents = Intents(program, store, tasks.spawn, tray_program.save_settings)
            store.subscribe(lambda state: state.settings, tray_program.apply_settings)
            windows = Windows(
                tray_program.tray, tray_program.theme, store, intents, quit_requested.set
            )
            tasks.spawn(asyncio.to_thread(program.http.warm_up), "warm up")
            intents.restore()
            await quit_requested.wait()
            windows.close()
            tray_program.tray.stop()
            tasks.cancel_all()


def _show_crash(store: Store, fault: Fault) -> None:
    """A task that failed unexpectedly is told where faults are told; the program lives on."""
    store.update(poll=replace(store.state.poll, fault=fault))


@contextmanager
def _signals_set(on_signal: Callable[[], None]) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP ask for the same orderly end as the menu (F-D06)."""
    import asyncio  # noqa: PLC0415
    import signal  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in names]
    for number in numbers:
        try:
            loop.add_signal_handler(number, on_signal)
        except (NotImplementedError, RuntimeError):  # Windows: no such support in the loop
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(on_signal))
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
