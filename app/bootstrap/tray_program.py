"""What exists before the loop runs: the settings, the theme, the store and the icon."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from app import catalogues
from app.clocks import SteadyClock
from app.errors import AppError
from app.paths import Paths, private_folder
from app.settings import Note, Settings
from app.settings_file import SettingsFile
from app.state import AppState, Store
from app.ui.first_icon import FirstIcon, TrayApplication
from app.ui.theme import Theme
from app.ui.tray import PATIENCE_MS, SESSION_PATIENCE_MS, Tray

if TYPE_CHECKING:
    import asyncio

    from app.auth.proxy_password import ProxyPassword
    from app.intents import Intents
    from app.program import Surroundings


class TrayProgram:
    """Made whole, with the icon shown, by its constructor."""

    def __init__(
        self,
        application: TrayApplication,
        first: FirstIcon,
        *,
        demo: bool,
        is_autostarted: bool = False,
    ) -> None:
        self.application = application
        self.demo = demo
        self.paths = Paths.of_user(os.environ)
        self._file = SettingsFile(self.paths)
        loaded = self._file.load()
        settings = loaded.settings
        self._typed: tuple[str, str | None] = (settings.proxy, loaded.password)
        self._proxy_password: ProxyPassword | None = None
        self.speak(settings.language)
        self.theme = Theme(
            self.application, settings.colour_scheme, settings.contrast, dressed=False
        )
        self.store = Store(
            AppState(
                is_demo=demo, settings=settings, notes=loaded.notes, shows_hints=settings.hints
            )
        )
        self.steady = SteadyClock()
        patience_ms = SESSION_PATIENCE_MS if is_autostarted else PATIENCE_MS
        self.tray = Tray(self.theme, first, clock=self.steady.now, patience_ms=patience_ms)
        self.tray.render(self.store.state)
        self.tray.start()
        self.application.processEvents()

    def speak(self, setting: str) -> None:
        """Use the language of `setting` for every sentence from now on."""
        system, clock = QLocale.system(), "system"
        if not sys.platform.startswith("linux"):  # where it is set apart from language and region
            clock = catalogues.clock_of(system.timeFormat(QLocale.FormatType.ShortFormat))
        catalogues.activate(setting, os.environ, system.uiLanguages(), clock=clock)

    def apply_settings(self, state: AppState) -> None:
        """Settings take effect at once."""
        self.speak(state.settings.language)
        self.theme.follow(state.settings.colour_scheme, state.settings.contrast)
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
        if found is None:
            return None
        if self._proxy_password is not None and found.password is not None:
            self._proxy_password.hold(found.settings.proxy, found.password, is_from_file=True)
        return self._file.adopt(), found.notes

    @contextmanager
    def watching_settings(self, intents: Intents) -> Iterator[None]:
        """What somebody else writes into the file takes effect at once; not in the demo."""
        from app.desktop.file_watch import FileWatch  # noqa: PLC0415 - after the icon

        file = self.paths.settings_file
        if not self.demo:
            with suppress(AppError):  # F-D09: no file can be there, and saving will say so
                private_folder(file.parent)
        watch = None if self.demo else FileWatch(file, intents.look_at_settings)
        try:
            yield
        finally:
            if watch is not None:
                watch.stop()

    @contextmanager
    def surroundings(self) -> Iterator[Surroundings]:
        """The demo's own little world, or the user's folders, keyring and service."""
        from app.program import real_surroundings  # noqa: PLC0415

        settings = self.store.state.settings
        if not self.demo:
            surroundings = real_surroundings(os.environ, self.paths, settings)
            (proxy, password), self._typed = self._typed, ("", None)
            self._proxy_password = surroundings.proxy_password
            if password is not None:
                self._proxy_password.hold(proxy, password, is_from_file=True)
            yield surroundings
            return
        from app.demo import demo_surroundings  # noqa: PLC0415

        with demo_surroundings(settings) as surroundings:
            self.store.update(settings=surroundings.settings)
            yield surroundings


def _nothing_to_write() -> bool:
    return True
