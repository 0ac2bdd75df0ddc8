"""The browser profile: nothing is kept, nothing is granted, and most of the engine is off.

Every attribute is decided here, also where the engine's default already fits: defaults change
between versions (T-26).
"""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from app.sign_in_window.navigation import Rules

_A = QWebEngineSettings.WebAttribute
ON = frozenset(
    {
        _A.AutoLoadImages,
        _A.JavascriptEnabled,
        _A.LinksIncludedInFocusChain,
        _A.LocalStorageEnabled,  # sign-in pages need it; it lives in memory
        _A.FocusOnNavigationEnabled,
        _A.PlaybackRequiresUserGesture,
        _A.PrintElementBackgrounds,
        _A.ReadingFromCanvasEnabled,  # checks for robots draw and read
        _A.ShowScrollBars,
        _A.Accelerated2dCanvasEnabled,
        _A.WebRTCPublicInterfacesOnly,
    }
)
OFF = frozenset(
    {
        _A.AllowGeolocationOnInsecureOrigins,
        _A.AllowRunningInsecureContent,
        _A.AllowWindowActivationFromJavaScript,
        _A.AutoLoadIconsForPage,
        _A.BackForwardCacheEnabled,
        _A.DnsPrefetchEnabled,
        _A.ErrorPageEnabled,  # the window says it in its own words
        _A.ForceDarkMode,
        _A.FullScreenSupportEnabled,
        _A.HyperlinkAuditingEnabled,
        _A.JavascriptCanAccessClipboard,
        _A.JavascriptCanOpenWindows,  # after a click it can still
        _A.JavascriptCanPaste,
        _A.LocalContentCanAccessFileUrls,
        _A.LocalContentCanAccessRemoteUrls,
        _A.NavigateOnDropEnabled,
        _A.PdfViewerEnabled,
        _A.PluginsEnabled,
        _A.PreferCSSMarginsForPrinting,
        _A.PrintHeaderAndFooter,
        _A.ScreenCaptureEnabled,
        _A.ScrollAnimatorEnabled,
        _A.SpatialNavigationEnabled,
        _A.TouchEventsApiEnabled,
        _A.TouchIconsEnabled,
        _A.TrimAccessibilityIdentifiers,
        _A.WebGLEnabled,
        _A.XSSAuditingEnabled,
    }
)


class RequestGate(QWebEngineUrlRequestInterceptor):
    """The second line behind the pages' own rules: every single request passes here."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if not self._rules.request(encoded(info.requestUrl())):
            info.block(True)


def private_profile(rules: Rules, language: str) -> tuple[QWebEngineProfile, RequestGate]:
    """A profile that lives in memory (T-23); the gate has to live as long."""
    profile = QWebEngineProfile()  # without a name it is off the record
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPersistentCookiesPolicy(
        QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
    )
    profile.setPersistentPermissionsPolicy(
        QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
    )
    profile.setPushServiceEnabled(False)
    profile.setSpellCheckEnabled(False)
    profile.setHttpAcceptLanguage(accept_language(language))
    settings = profile.settings()
    for attribute in ON:
        settings.setAttribute(attribute, True)
    for attribute in OFF:
        settings.setAttribute(attribute, False)
    settings.setUnknownUrlSchemePolicy(
        QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    )
    profile.downloadRequested.connect(_refuse_download)
    gate = RequestGate(rules)
    profile.setUrlRequestInterceptor(gate)
    return profile, gate


def encoded(url: QUrl) -> str:
    """The address as the engine has it, in ASCII."""
    return bytes(url.toEncoded().data()).decode("ascii", "replace")


def accept_language(locale: str) -> str:
    """The header's value: "zh_CN" gives "zh-CN,zh;q=0.9,en;q=0.8"."""
    tag = locale.replace("_", "-")
    wanted = list(dict.fromkeys((tag, tag.partition("-")[0], "en")))
    return ",".join(
        name if place == 0 else f"{name};q={1 - place / 10:.1f}"
        for place, name in enumerate(wanted)
    )


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    download.cancel()
