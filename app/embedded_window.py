"""What the program and its sign-in window tell each other over pipes, one JSON line each. Pure.

The window is a process of its own (`app.sign_in_window`). The program writes an `Opening`; the
window answers with one `Ending` and ends. No token and no code verifier ever travels here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field
from enum import StrEnum
from typing import Any, assert_never

from app.values import dataclass

# Variables that loosen, redirect or listen in on the browser engine (T-18), or write down the
# keys of its connections. What begins with one of the prefixes goes as well.
_HOSTILE = frozenset(
    {
        "SSLKEYLOGFILE",
        "QSSLKEYLOG",
        "BREAKPAD_DUMP_LOCATION",
        "QT_PLUGIN_PATH",
        "QT_QPA_PLATFORM_PLUGIN_PATH",
        "QT_QPA_GENERIC_PLUGINS",
        "LD_PRELOAD",
        "LD_AUDIT",
        "DYLD_INSERT_LIBRARIES",
    }
)
_HOSTILE_PREFIXES = (
    "QTWEBENGINE",
    "QT_WEBENGINE",
    "CHROME_",
    "CHROMIUM_",
    "PYTHON",
    "TIDEGAUGE_",
    "QT_LOGGING_",
    "QT_DEBUG_",
    "QML",
)
# Set by our own Flatpak manifest: there the engine's program lies where Qt does not look for it.
_FLATPAK_ENGINE = ("QTWEBENGINEPROCESS_PATH", "/app/bin/QtWebEngineProcess")


class Obstacle(StrEnum):
    """Why there can be no sign-in window here; `wording.sign_in_window` has the sentences."""

    NONE = ""
    NOT_INSTALLED = "not_installed"
    ROOT = "root"  # Chromium's sandbox does not work there, and it is never switched off (T-19)
    NO_DISPLAY = "no_display"


class EndKind(StrEnum):
    """How the window ended."""

    REDIRECT = "redirect"  # `text` is the address the browser was to go back to
    CANCELLED = "cancelled"
    USE_BROWSER = "use_browser"
    CERTIFICATE = "certificate"  # of `host`; `text` is the reason
    AUTHORITY = "authority"  # the same, if an authority in the settings could have helped
    NOT_STARTED = "not_started"  # libraries missing, root: `text` is the reason


@dataclass(frozen=True, slots=True)
class WindowWords:
    """Every sentence of the window, in the user's language (`wording.sign_in_window`)."""

    language: str = "en"
    title: str = ""
    address_name: str = ""
    loading: str = ""
    use_browser: str = ""
    blocked: str = ""  # with {address}
    not_loaded: str = ""  # with {host}
    stalled: str = ""
    crashed: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the window is to show, and how. `colour_scheme` and `contrast` are the settings'."""

    url: str = field(repr=False)
    redirect_uri: str
    words: WindowWords = field(default_factory=WindowWords, repr=False)
    colour_scheme: str = "system"
    proxy: str = field(default="system", repr=False)  # as in the settings; may hold a password
    ca_file: str = ""  # as in the settings
    contrast: str = "system"
    patience_s: float = 60.0  # without progress; then the browser is offered (F-L18)


@dataclass(frozen=True, slots=True)
class Ending:
    """How it went."""

    kind: EndKind
    text: str = field(default="", repr=False)
    host: str = ""


def write_opening(opening: Opening) -> bytes:
    """One line."""
    return json.dumps(asdict(opening)).encode("ascii") + b"\n"


def read_opening(line: bytes) -> Opening:
    """Raises `ValueError` for anything but an opening."""
    given = _object(line)
    try:
        words = WindowWords(**given.pop("words"))
        return Opening(words=words, **given)
    except (KeyError, TypeError):
        raise ValueError("not an opening") from None


def write_ending(ending: Ending) -> bytes:
    """One line."""
    match ending.kind:
        case EndKind.REDIRECT:
            said: dict[str, Any] = {"redirect": ending.text}
        case EndKind.CANCELLED | EndKind.USE_BROWSER:
            said = {ending.kind.value: True}
        case EndKind.CERTIFICATE | EndKind.AUTHORITY | EndKind.NOT_STARTED:
            said = {"fault": ending.kind.value, "host": ending.host, "reason": ending.text}
        case _:
            assert_never(ending.kind)
    return json.dumps(said).encode("ascii") + b"\n"


def read_ending(line: bytes) -> Ending:
    """Raises `ValueError` for anything but an ending."""
    match _object(line):
        case {"redirect": str(url)}:
            return Ending(EndKind.REDIRECT, url)
        case {"cancelled": True}:
            return Ending(EndKind.CANCELLED)
        case {"use_browser": True}:
            return Ending(EndKind.USE_BROWSER)
        case {
            "fault": ("certificate" | "authority" | "not_started") as kind,
            "host": str(host),
            "reason": str(reason),
        }:
            return Ending(EndKind(kind), reason, host)
        case _:
            raise ValueError("not an ending")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without the variables that could loosen the window's protection (T-18)."""
    return {name: value for name, value in environment.items() if not is_hostile(name, value)}


def is_hostile(name: str, value: str) -> bool:
    """True for a variable the window must not see."""
    if (name, value) == _FLATPAK_ENGINE:
        return False
    upper = name.upper()
    return upper in _HOSTILE or upper.startswith(_HOSTILE_PREFIXES)


def _object(line: bytes) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value
