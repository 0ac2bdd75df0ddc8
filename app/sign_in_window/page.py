"""One page in the window: where it may go, and that it is granted nothing (T-20, T-21).

There is no channel between the page's scripts and this program, in neither direction (T-25).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDesktopMediaRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineWebAuthUxRequest,
)

from app.sign_in_window.authorities import Word, vouch_for
from app.sign_in_window.navigation import Rules, Verdict
from app.sign_in_window.private_profile import encoded


class SignInPage(QWebEnginePage):
    """A page that leads to the redirect or nowhere.

    `open_window` gives the page of a new window, or None where there are enough of them;
    `ca_file` names authorities to trust beside the system's.
    """

    answered = Signal(str)  # the redirect's address
    refused = Signal(str)  # an address that was not opened
    certificate_refused = Signal(str, str, bool)  # host, reason; would an authority have helped?

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: Rules,
        open_window: Callable[[], QWebEnginePage | None],
        ca_file: str = "",
    ) -> None:
        super().__init__(profile)
        self._ca_file = ca_file
        self._rules = rules
        self._open_window = open_window
        self.certificateError.connect(self._on_certificate_error)
        self.permissionRequested.connect(_deny)
        self.fullScreenRequested.connect(_reject_full_screen)
        self.registerProtocolHandlerRequested.connect(_reject_protocol_handler)
        self.fileSystemAccessRequested.connect(_reject_file_access)
        self.desktopMediaRequested.connect(_refuse_screen)
        self.webAuthUxRequested.connect(_refuse_passkey)
        self.selectClientCertificate.connect(_present_no_certificate)

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        _type: QWebEnginePage.NavigationType,
        isMainFrame: bool,  # noqa: N803 - Qt names it
    ) -> bool:
        address = encoded(QUrl(url))
        verdict = self._rules.navigation(address, is_main_frame=isMainFrame)
        if verdict is Verdict.ANSWER:
            self.answered.emit(address)
        elif verdict is Verdict.REFUSE and isMainFrame:
            self.refused.emit(address)
        return verdict is Verdict.LOAD

    def createWindow(self, _type: QWebEnginePage.WebWindowType) -> QWebEnginePage:
        # Qt takes None for "no window"; its stubs do not say so.
        return self._open_window()  # type: ignore[return-value]

    def chooseFiles(
        self,
        _mode: QWebEnginePage.FileSelectionMode,
        _old: Sequence[str],
        _types: Sequence[str],
    ) -> list[str]:
        return []

    def javaScriptAlert(self, _origin: QUrl | str, _text: str) -> None:
        """Not shown: it would look like a window of this program."""

    def javaScriptConfirm(self, _origin: QUrl | str, _text: str) -> bool:
        return False

    def javaScriptPrompt(self, _origin: QUrl | str, _text: str, _default: str) -> tuple[bool, str]:
        return False, ""

    def javaScriptConsoleMessage(
        self,
        _level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        _text: str,
        _line: int,
        _source: str,
    ) -> None:
        """Not written anywhere: pages log addresses and more."""

    def _on_certificate_error(self, error: QWebEngineCertificateError) -> None:
        host = error.url().host(QUrl.ComponentFormattingOption.FullyEncoded)
        is_unknown = error.type() is QWebEngineCertificateError.Type.CertificateAuthorityInvalid
        word = Word.WRONG
        if is_unknown and error.isOverridable():
            word = vouch_for(error.certificateChain(), host, self._ca_file)
        if word is Word.TRUSTED:
            error.acceptCertificate()
            return
        error.rejectCertificate()
        if error.isMainFrame():
            self.certificate_refused.emit(host, error.description(), word is Word.NOBODY)


def _deny(permission: QWebEnginePermission) -> None:
    permission.deny()


def _reject_full_screen(request: QWebEngineFullScreenRequest) -> None:
    request.reject()


def _reject_protocol_handler(request: QWebEngineRegisterProtocolHandlerRequest) -> None:
    request.reject()


def _reject_file_access(request: QWebEngineFileSystemAccessRequest) -> None:
    request.reject()


def _refuse_screen(request: QWebEngineDesktopMediaRequest) -> None:
    request.cancel()


def _refuse_passkey(request: QWebEngineWebAuthUxRequest) -> None:
    request.cancel()


def _present_no_certificate(selection: QWebEngineClientCertificateSelection) -> None:
    selection.selectNone()
