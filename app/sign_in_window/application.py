"""The application of the window's process: theme, language, the loop, and who may end it."""

from __future__ import annotations

import threading
from gettext import NullTranslations
from io import IOBase

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtNetwork import QNetworkProxy
from PySide6.QtWidgets import QApplication

from app import APP_ID, NAME, VERSION
from app.embedded_window import Ending, EndKind, Opening
from app.proxies import read_proxy
from app.sign_in_window.browsing import Browsing
from app.ui.theme import Theme
from app.wording import language


class _Parent(QObject):
    """Tells when the other end of stdin closes: the program has gone, or wants the window to."""

    gone = Signal()

    def watch(self, pipe: IOBase) -> None:
        threading.Thread(target=self._read, args=(pipe,), daemon=True).start()

    def _read(self, pipe: IOBase) -> None:
        while pipe.read(1):
            pass
        self.gone.emit()


def run(opening: Opening, parent_pipe: IOBase) -> Ending:
    """Show the window and run until it ends."""
    # No compiled shaders in the user's cache folder: nothing is left on the disk (T-23).
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DisableShaderDiskCache)
    application = QApplication([NAME.lower(), *_page_colours(opening.colour_scheme)])
    application.setApplicationName(NAME)
    application.setApplicationVersion(VERSION)
    application.setDesktopFileName(APP_ID)
    application.setQuitOnLastWindowClosed(False)
    language.use(NullTranslations(), opening.words.language)
    Theme(application, opening.colour_scheme, opening.contrast)
    proxy = network_proxy(opening.proxy)
    if proxy is not None:
        QNetworkProxy.setApplicationProxy(proxy)
    browsing = Browsing(opening, application.quit)
    parent = _Parent()
    parent.gone.connect(lambda: browsing.end(Ending(EndKind.CANCELLED)))
    parent.watch(parent_pipe)
    browsing.open()
    application.exec()
    browsing.close()
    return browsing.ending


def network_proxy(setting: str) -> QNetworkProxy | None:
    """The proxy of the settings; None leaves the choice to the engine, which asks the system.

    Raises `AppError(PROXY_ADDRESS)` for an address that cannot be used: never a silent direct
    connection (T-39).
    """
    if setting == "system":
        return None
    if setting == "none":
        return QNetworkProxy(QNetworkProxy.ProxyType.NoProxy)
    proxy = read_proxy(setting)
    kind = QNetworkProxy.ProxyType
    return QNetworkProxy(
        kind.Socks5Proxy if proxy.is_socks else kind.HttpProxy,
        proxy.host,
        proxy.port,
        proxy.user,
        proxy.password,
    )


def _page_colours(colour_scheme: str) -> list[str]:
    """What makes pages light or dark where the user chose it; else the engine follows Qt."""
    number = {"dark": 0, "light": 1}.get(colour_scheme)
    if number is None:
        return []
    return ["--webEngineArgs", f"--blink-settings=preferredColorScheme={number}"]
