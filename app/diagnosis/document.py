"""The diagnosis as a document: a list of allowed fields, filled from facts. Pure.

What is not named here is not in it, whatever the facts hold; there is no field that takes free
text of the service, a path, an address or a token (T-41).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, field
from datetime import UTC, datetime
from typing import Any

from app.alerts.looks import Look
from app.auth.token_marks import TokenMarks
from app.auth.tokens import Account
from app.diagnosis.readings import look_to_json
from app.settings import DECLARATIONS, Declaration, Settings
from app.trail_steps import Step
from app.values import dataclass

FORMAT = "tidegauge diagnosis 1"
MASKED = "(set)"
_SYSTEM = (
    *("system", "release", "machine", "python", "is_frozen", "sandbox"),
    *("desktop", "session_type", "language", "time_zone_offset"),
)
_QT = (
    *("version", "pyside", "platform", "platform_theme", "style", "screens", "scale", "scheme"),
    *("tray", "tray_by"),
)
_SERVICES = ("session_bus", "notifications", "tray_watcher", "secret_service", "portal")
_VERSIONS = ("tidegauge", "qasync", "httpx", "keyring", "jeepney", "sqlite")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of ours by its name only; `size` None if it is not there."""

    name: str
    size: int | None = None
    mode: str = ""  # "0600"


@dataclass(frozen=True, slots=True)
class SignInFact:
    """How the sign-in stands. `fault` is a `FaultKind`."""

    status: str = ""
    accounts: int = 0
    is_saved: bool = True
    is_borrowed: bool = False
    fault: str = ""
    tokens: TokenMarks | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was found out. The mappings may hold more than is told."""

    made_at: datetime
    made_by: str  # "window" or "command"
    settings: Settings
    versions: Mapping[str, str] = field(default_factory=dict)
    system: Mapping[str, str] = field(default_factory=dict)
    qt: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    instance: str = ""
    is_demo: bool = False
    is_safe_mode: bool = False
    is_replaced: bool = False  # by another version, whose modules are imported from now on
    sign_in: SignInFact = SignInFact()
    poll_fault: str = ""
    next_poll_in_s: int | None = None
    history: str = ""
    notes: Sequence[str] = ()
    files: Sequence[FileFact] = ()
    steps: Sequence[Step] = ()
    looks: Sequence[Look] = ()


def document(facts: Facts, identity: Account | None = None) -> dict[str, Any]:
    """The diagnosis as JSON values; with `identity` only if the person wished it."""
    made: dict[str, Any] = {
        "format": FORMAT,
        "made_at": _iso(facts.made_at),
        "made_by": facts.made_by,
        "versions": _only(_VERSIONS, facts.versions),
        "system": _only(_SYSTEM, facts.system),
        "qt": _only(_QT, facts.qt),
        "services": _only(_SERVICES, facts.services),
        "running_program": facts.instance,
        "is_demo": facts.is_demo,
        "is_safe_mode": facts.is_safe_mode,
        "is_replaced": facts.is_replaced,
        "sign_in": _sign_in(facts.sign_in),
        "last_fault": facts.poll_fault,
        "next_poll_in_s": facts.next_poll_in_s,
        "history": facts.history,
        "settings_changed": changed_settings(facts.settings),
        "settings_notes": list(facts.notes),
        "files": [asdict(one) for one in facts.files],
        "steps": [{**step._asdict(), "at": _iso_of(step.at)} for step in facts.steps],
        "readings": [look_to_json(look) for look in facts.looks],
    }
    if identity is not None:
        made["identity"] = {
            "email": identity.email,
            "plan": identity.plan,
            "account_id": identity.account_id,
            "user_id": identity.user_id,
        }
    return made


def changed_settings(settings: Settings) -> dict[str, Any]:
    """What differs from the defaults. Whatever was typed freely (a proxy may hold a password,
    instructions anything) is only said to be set."""
    return {
        one.key: MASKED if _is_typed(one) else getattr(settings, one.key)
        for one in DECLARATIONS
        if getattr(settings, one.key) != one.default
    }


def _is_typed(declaration: Declaration) -> bool:
    return declaration.kind is str and not declaration.choices


def _sign_in(fact: SignInFact) -> dict[str, Any]:
    return {
        "status": fact.status,
        "accounts": fact.accounts,
        "is_saved": fact.is_saved,
        "is_borrowed": fact.is_borrowed,
        "fault": fact.fault,
        "tokens": None if fact.tokens is None else asdict(fact.tokens),
    }


def _only(names: Sequence[str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name][:_LONGEST] for name in names if name in values}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _iso_of(stamp: int) -> str:
    return _iso(datetime.fromtimestamp(stamp, UTC))
