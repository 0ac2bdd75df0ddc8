"""One sign-in in windows: the first page, windows for identity providers, and the one ending."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, QPoint, QUrl

from app.embedded_window import Ending, EndKind, Opening
from app.sign_in_window.browser_window import BrowserWindow
from app.sign_in_window.navigation import Rules
from app.sign_in_window.page import SignInPage
from app.sign_in_window.private_profile import private_profile

_WINDOWS = 4  # an identity provider may open one; a hostile page should not cover the screen
_STEP = QPoint(32, 32)


class Browsing(QObject):
    """`on_end` is called once, when `ending` stands; `close` then takes everything away."""

    def __init__(self, opening: Opening, on_end: Callable[[], None]) -> None:
        super().__init__()
        self.ending = Ending(EndKind.CANCELLED)
        self._opening = opening
        self._on_end = on_end
        self._has_ended = False
        self._rules = Rules.of(opening.url, opening.redirect_uri)
        self._profile, self._gate = private_profile(self._rules, opening.words.language)
        self._windows: list[BrowserWindow] = []

    def open(self) -> None:
        """Show the sign-in page."""
        page = self._open_window()
        if page is not None:
            self._windows[0].show_start(self._opening.url)
            page.load(QUrl(self._opening.url))

    def end(self, ending: Ending) -> None:
        """The first ending holds; may be called from inside the engine."""
        if not self._has_ended:
            self._has_ended = True
            self.ending = ending
            self._on_end()

    def close(self) -> None:
        """Windows, then pages, then the profile: it must outlive its pages."""
        for window in self._windows:
            window.hide()
            page = window.page
            shiboken6.delete(window)
            shiboken6.delete(page)
        self._windows.clear()
        self._profile.cookieStore().deleteAllCookies()
        shiboken6.delete(self._profile)

    def _open_window(self) -> SignInPage | None:
        open_ones = [window for window in self._windows if window.isVisible()]
        if len(open_ones) >= _WINDOWS:
            return None
        page = SignInPage(self._profile, self._rules, self._open_window, self._opening.ca_file)
        page.answered.connect(self._on_answered)
        page.certificate_refused.connect(self._on_certificate_refused)
        window = BrowserWindow(page, self._opening.words, self._opening.patience_s)
        window.browser_requested.connect(self._on_browser_requested)
        if self._windows:
            window.move(self._windows[-1].pos() + _STEP)
        else:
            window.closed.connect(self._on_closed)
        self._windows.append(window)
        window.show()
        window.raise_()
        window.activateWindow()
        window.view.setFocus()
        return page

    def _on_answered(self, address: str) -> None:
        self.end(Ending(EndKind.REDIRECT, address))

    def _on_certificate_refused(self, host: str, reason: str, is_unknown: bool) -> None:
        self.end(Ending(EndKind.AUTHORITY if is_unknown else EndKind.CERTIFICATE, reason, host))

    def _on_browser_requested(self) -> None:
        self.end(Ending(EndKind.USE_BROWSER))

    def _on_closed(self) -> None:
        self.end(Ending(EndKind.CANCELLED))
