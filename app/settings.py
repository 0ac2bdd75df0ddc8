"""Every setting, declared once: default, bounds or choices, section. Pure.

The settings window, the file (`settings_file.py`) and `tidegauge config` follow this list; the
label and description of each are in `wording.settings`, found by the field's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, replace
from enum import StrEnum
from typing import Any

from app.values import dataclass


def _setting(
    default: Any,
    section: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    return field(
        default=default,
        metadata={
            "section": section,
            "low": low,
            "high": high,
            "choices": choices,
        },
    )


# In the order in which they are shown. What belongs to the system stands under "startup", and what
# only the window can do stands under the section it is about.
SECTIONS = (
    "account",
    "polling",
    "gauges",
    "icon",
    "warnings",
    "chat",
    "network",
    "privacy",
    "startup",
    "updates",
    "language",
    "appearance",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Section by section. Units are in the names. Anything out of bounds falls back to its
    default."""

    redirect_host: str = _setting("localhost", "account", choices=("localhost", "127.0.0.1"))
    client_profile: str = _setting("codex", "account", choices=("codex", "done-hub"))
    poll_active_s: int = _setting(60, "polling", low=30, high=3600)
    poll_idle_s: int = _setting(300, "polling", low=60, high=7200)
    gauge_shows: str = _setting("used", "gauges", choices=("used", "remaining"))
    clock: str = _setting("system", "gauges", choices=("system", "12h", "24h"))
    close_percent: int = _setting(75, "gauges", low=1, high=100)
    over_percent: int = _setting(90, "gauges", low=1, high=100)
    icon_style: str = _setting("colour", "icon", choices=("colour", "monochrome"))
    icon_ground: str = _setting("auto", "icon", choices=("auto", "light", "dark"))
    icon_number: str = _setting("off", "icon", choices=("off", "used", "remaining"))
    warnings: bool = _setting(True, "warnings")
    warn_thresholds: bool = _setting(True, "warnings")
    warn_first_percent: int = _setting(75, "warnings", low=1, high=99)
    warn_second_percent: int = _setting(90, "warnings", low=1, high=99)
    warn_exhausted: bool = _setting(True, "warnings")
    warn_available: bool = _setting(True, "warnings")
    warn_runs_out: bool = _setting(True, "warnings")
    warn_credits: bool = _setting(True, "warnings")
    warn_credits_below: int = _setting(5, "warnings", low=1, high=100_000)
    warn_reset_credit: bool = _setting(True, "warnings")
    warn_reset_credit_days: int = _setting(3, "warnings", low=1, high=30)
    warn_sign_in: bool = _setting(True, "warnings")
    quiet_hours: bool = _setting(False, "warnings")
    quiet_from_hour: int = _setting(22, "warnings", low=0, high=23)
    quiet_to_hour: int = _setting(8, "warnings", low=0, high=23)
    chat_model: str = _setting("", "chat")  # empty: the service's first listed model
    chat_effort: str = _setting(
        "",
        "chat",
        choices=("", "none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"),
    )
    chat_verbosity: str = _setting("", "chat", choices=("", "low", "medium", "high"))
    chat_instructions: str = _setting("", "chat")
    chat_environment: bool = _setting(False, "chat")  # the date, the time zone and the system
    chat_send_key: str = _setting("enter", "chat", choices=("enter", "shift_enter"))
    chat_on_top: bool = _setting(False, "chat")
    chat_shortcut: bool = _setting(False, "chat")
    client_identity: str = _setting("tidegauge", "chat", choices=("tidegauge", "codex"))
    proxy: str = _setting("system", "network")  # or "none", or an address without its password
    ca_file: str = _setting("", "network")  # empty: only whom the system trusts
    hide_identity: bool = _setting(False, "privacy")
    keep_history: bool = _setting(True, "privacy")
    history_days: int = _setting(400, "privacy", low=0, high=36_500)  # 0: for ever
    keep_conversations: bool = _setting(True, "privacy")
    conversation_days: int = _setting(0, "privacy", low=0, high=36_500)  # 0: for ever
    check_updates: bool = _setting(False, "updates")
    language: str = _setting("system", "language", choices=("system", "en", "zh_CN"))
    colour_scheme: str = _setting("system", "appearance", choices=("system", "light", "dark"))
    contrast: str = _setting("system", "appearance", choices=("system", "normal", "high"))
    motion: str = _setting("system", "appearance", choices=("system", "none"))
    hints: bool = _setting(True, "appearance")

    @property
    def thresholds(self) -> tuple[float, float]:
        """(close, over) in used percent, in order."""
        return (min(self.close_percent, self.over_percent), self.over_percent)


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Declaration:
    """One setting as the window and the command line see it."""

    key: str
    section: str
    default: Any
    kind: type
    low: float | None
    high: float | None
    choices: tuple[str, ...]


DECLARATIONS: tuple[Declaration, ...] = tuple(
    Declaration(f.name, default=f.default, kind=type(f.default), **f.metadata)
    for f in fields(Settings)
)


class NoteKind(StrEnum):
    """What is wrong with the settings file."""

    VALUE_RESET = "value_reset"  # one value cannot be used; the default applies
    FILE_SET_ASIDE = "file_set_aside"  # the whole file cannot be used; kept as `.bad`
    FILE_UNREADABLE = "file_unreadable"  # nor could it be moved
    FILE_UNUSABLE = "file_unusable"  # as somebody wrote it now; what was in force stays
    NOT_SAVED = "not_saved"  # the last change could not be written
    PASSWORD_MOVED = "password_moved"  # noqa: S105 - of the proxy, from the file to the keyring
    PASSWORD_IN_FILE = "password_in_file"  # noqa: S105 - the keyring does not take it


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell the user about the settings file; `key` names the setting, if one."""

    kind: NoteKind
    key: str = ""


class CaProblem(StrEnum):
    """Why a file of certificates cannot be used."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_PEM = "not_pem"
    PRIVATE_KEY = "private_key"


class RemarkKind(StrEnum):
    """What became of the value that was last given to one setting."""

    ADDRESS_REFUSED = "address_refused"  # of a proxy: it cannot be read
    FILE_REFUSED = "file_refused"  # `detail`: a `CaProblem`
    PASSWORD_KEPT = "password_kept"  # noqa: S105 - it is in the keyring
    PASSWORD_HELD = "password_held"  # noqa: S105 - in memory; `detail`: the keyring's fault
    PASSWORD_LEFT = "password_left"  # noqa: S105 - still in the keyring; `detail`: as above


@dataclass(frozen=True, slots=True)
class Remark:
    """One line below a setting."""

    key: str
    kind: RemarkKind
    detail: str = ""


def accepts(declaration: Declaration, value: object) -> bool:
    """True if `value` has the right type and lies within the bounds or choices."""
    if type(value) is not declaration.kind:
        return False
    if declaration.choices and value not in declaration.choices:
        return False
    if isinstance(value, str) and not _is_text(value):
        return False
    if isinstance(value, (int, float)):
        if declaration.low is not None and value < declaration.low:
            return False
        if declaration.high is not None and value > declaration.high:
            return False
    return True


def _is_text(value: str) -> bool:
    """False for what a terminal gave that is no UTF-8: no file and no request can hold it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def from_mapping(values: Mapping[str, object]) -> tuple[Settings, tuple[str, ...]]:
    """Settings from a decoded file, and the keys whose value had to be refused (F-D21)."""
    known = {d.key: d for d in DECLARATIONS}
    good: dict[str, Any] = {k: v for k, v in values.items() if k in known and accepts(known[k], v)}
    bad = tuple(k for k in values if k in known and k not in good)
    return replace(DEFAULTS, **good), bad


def to_mapping(settings: Settings) -> dict[str, Any]:
    """Only what differs from the defaults, so that better defaults reach everybody."""
    return {
        d.key: getattr(settings, d.key)
        for d in DECLARATIONS
        if getattr(settings, d.key) != d.default
    }


def differences(before: Settings, after: Settings) -> dict[str, Any]:
    """The settings that `after` has otherwise than `before`, defaults among them."""
    return {
        d.key: getattr(after, d.key)
        for d in DECLARATIONS
        if getattr(after, d.key) != getattr(before, d.key)
    }


_ON = ("on", "true", "yes", "1")
_OFF = ("off", "false", "no", "0")


def parse_value(declaration: Declaration, text: str) -> Any:
    """The value that `text` means on a command line, for this setting.

    Raises `ValueError` for what the declaration does not accept.
    """
    value: Any = text
    if declaration.kind is bool:
        word = text.strip().lower()
        if word not in _ON + _OFF:
            raise ValueError(text)
        value = word in _ON
    elif declaration.kind is int:
        if "_" in text or not text.strip().isascii():
            raise ValueError(text)
        value = int(text)
    if not accepts(declaration, value):
        raise ValueError(text)
    return value


def written_value(value: object) -> str:
    """A setting's value as `parse_value` reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
