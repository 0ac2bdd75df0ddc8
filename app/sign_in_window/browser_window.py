"""A window around one page: its address, its progress, a sentence when need be, and a way out."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.embedded_window import WindowWords
from app.sign_in_window.address import origin, shown_address
from app.sign_in_window.address_line import AddressLine
from app.sign_in_window.page import SignInPage
from app.sign_in_window.private_profile import encoded
from app.sign_in_window.progress_line import ProgressLine
from app.sign_in_window.waiting import Waiting
from app.ui import icons, theme
from app.ui.labels import TextLabel, plain, push_button

_TICK_MS = 1_000
_FRAME = 40  # for the title bar on a small screen
_USES = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}


class BrowserWindow(QWidget):
    """Owns its page. The first window and those for identity providers are the same kind."""

    closed = Signal()
    browser_requested = Signal()

    def __init__(self, page: SignInPage, words: WindowWords, patience_s: float) -> None:
        super().__init__()
        self.page = page
        self._words = words
        self._waiting = Waiting(patience_s, time.monotonic())
        self.setWindowTitle(words.title)
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(QSize(320, 320))
        room = self.screen().availableSize()
        self.resize(QSize(500, 720).boundedTo(QSize(room.width(), room.height() - _FRAME)))
        self.address = AddressLine(words.address_name)
        self.progress = ProgressLine(words.loading)
        self.notice = TextLabel(colour="close", wrap=True)
        self.notice.setContentsMargins(theme.WIDE_GAP, theme.GAP, theme.WIDE_GAP, theme.GAP)
        self.notice.hide()
        self.view = QWebEngineView()
        self.view.setPage(page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAcceptDrops(False)
        self.loading = TextLabel(colour="faint", pixels=theme.CAPTION_PX)
        self.browser = push_button(plain(words.use_browser))
        self.browser.clicked.connect(self.browser_requested)
        self._lay_out()
        self._connect()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._on_tick)
        self._ticks.start()

    def show_start(self, address: str) -> None:
        """Before anything is there: where the first page will come from, on the theme's ground."""
        self.address.show_address(shown_address(address))
        self.page.setBackgroundColor(theme.current().colour("background"))

    def tell(self, sentence: str, *, offers_browser: bool) -> None:
        """Show a sentence above the page; with `offers_browser` the way out is one key away."""
        self.notice.show_text(sentence)
        self.notice.setVisible(bool(sentence))
        if offers_browser and self.browser.property("kind") != "primary":
            self.browser.setProperty("kind", "primary")
            self.browser.style().unpolish(self.browser)
            self.browser.style().polish(self.browser)
        if offers_browser:
            self.browser.setFocus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        head.addWidget(self.address)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.WIDE_GAP, theme.GAP, theme.WIDE_GAP, theme.GAP)
        foot.addWidget(self.loading, 1)
        foot.addWidget(self.browser)
        edge = QFrame()
        edge.setObjectName("rule")
        edge.setFixedHeight(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.progress)
        box.addWidget(self.notice)
        box.addWidget(self.view, 1)
        box.addWidget(edge)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.page.urlChanged.connect(self._on_url_changed)
        self.page.loadingChanged.connect(self._on_loading_changed)
        self.page.loadProgress.connect(self._on_progress)
        self.page.refused.connect(self._on_refused)
        self.page.renderProcessTerminated.connect(self._on_renderer_gone)
        self.page.windowCloseRequested.connect(self.close)

    # --- the page ----------------------------------------------------------------------------

    def _on_url_changed(self, url: QUrl) -> None:
        self.address.show_address(shown_address(encoded(url)))
        self.page.setBackgroundColor(Qt.GlobalColor.white)  # what pages take for granted

    def _on_loading_changed(self, info: QWebEngineLoadingInfo) -> None:
        now = time.monotonic()
        status = QWebEngineLoadingInfo.LoadStatus
        proxy = self.view.focusProxy()
        if proxy is not None:
            proxy.installEventFilter(self)  # the same one again changes nothing
        if info.status() is status.LoadStartedStatus:
            address = shown_address(encoded(info.url()))
            self._waiting.started(address.whole, now)
            self.loading.show_text(self._words.loading)
            return
        self._waiting.finished(now)
        self.loading.show_text("")
        self.progress.show_percent(0)
        if info.status() is status.LoadFailedStatus and not _has_content(info):
            host = shown_address(encoded(info.url())).host
            self.tell(self._words.not_loaded.format(host=host), offers_browser=True)

    def _on_progress(self, percent: int) -> None:
        self.progress.show_percent(percent)
        self._waiting.progressed(percent, time.monotonic())

    def _on_refused(self, address: str) -> None:
        sentence = self._words.blocked.format(address=origin(address))
        self.tell(sentence, offers_browser=False)

    def _on_renderer_gone(
        self, status: QWebEnginePage.RenderProcessTerminationStatus, _code: int
    ) -> None:
        if status is not QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            self.tell(self._words.crashed, offers_browser=True)

    def _on_tick(self) -> None:
        if self._waiting.is_over(time.monotonic(), is_blank=False):
            self._offer_browser()
        elif self._waiting.is_over(time.monotonic(), is_blank=True):
            self.page.toPlainText(self._on_text)

    def _on_text(self, text: str) -> None:
        """Nothing of it is kept; a page without any text has not arrived."""
        if not text.strip() and self._waiting.is_over(time.monotonic(), is_blank=True):
            self._offer_browser()

    def _offer_browser(self) -> None:
        self._ticks.stop()
        self.tell(self._words.stalled, offers_browser=True)

    # --- events ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _USES:
            self._waiting.used(time.monotonic())
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def _has_content(info: QWebEngineLoadingInfo) -> bool:
    """A reply that refuses still shows the server's own page, such as a check for robots."""
    return info.errorDomain() is QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain
