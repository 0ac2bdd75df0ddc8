"""What differs between the real program, the demo and the tests; and whoever signs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from app.auth.browser import open_in_browser
from app.auth.client_profiles import DEFAULT_PORTS, ClientProfile, profile_from
from app.auth.private_names import PrivateNames
from app.auth.proxy_password import ProxyPassword, keyring_entry
from app.auth.safe import KeyringSafe, Safe
from app.auth.tokens import Account
from app.auth.ways import SignInProgress
from app.endpoints import Endpoints, endpoints_from
from app.errors import FaultKind, fail
from app.paths import Paths, codex_file
from app.settings import Settings
from app.updates.address import releases_url
from app.values import dataclass

if TYPE_CHECKING:
    from app.autostart.state import Mechanism

OpenUrl = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs between the real program, the demo and the tests."""

    paths: Paths
    settings: Settings
    endpoints: Endpoints
    safe: Safe
    proxy_password: ProxyPassword = field(default_factory=ProxyPassword)
    open_url: OpenUrl = open_in_browser
    callback_ports: tuple[int, ...] = DEFAULT_PORTS
    signs_in_by_itself: bool = False
    client: ClientProfile | None = None  # None: the one of the settings
    codex_file: Path | None = None  # where the Codex CLI keeps its login; None: not here
    autostart: Callable[[], Mechanism] | None = None  # None: the system is left alone
    releases_url: str = ""  # where the newest version is told; "": nowhere


def real_surroundings(
    environment: Mapping[str, str], paths: Paths, settings: Settings
) -> Surroundings:
    """The user's own folders and keyring.

    Raises `AppError(CONFIGURATION)` for a bad address or an unknown client profile.
    """
    endpoints = endpoints_from(environment)
    memory = PrivateNames(paths.state / "keyring.json")
    safe = KeyringSafe(
        endpoints.auth_url, lock=paths.state / "locks" / "accounts.lock", memory=memory
    )
    return Surroundings(
        paths,
        settings,
        endpoints,
        safe,
        ProxyPassword(keyring_entry(memory)),
        client=profile_from(environment),
        codex_file=codex_file(environment),
        autostart=lambda: _own_autostart(environment, paths),
        releases_url=releases_url(environment),
    )


def _own_autostart(environment: Mapping[str, str], paths: Paths) -> Mechanism:
    from app.autostart.choice import mechanism  # noqa: PLC0415 - only when somebody looks
    from app.wording.autostart import entry_comments  # noqa: PLC0415

    return mechanism(environment, entry_comments(), paths.state)


def _unseen(_progress: SignInProgress) -> None:
    """Nobody looks."""


async def _unasked(old: Account | None, _new: Account) -> bool:
    return old is None


async def _unwilling() -> bool:
    return False


async def _silent() -> str:
    raise fail(FaultKind.SIGN_IN_CANCELLED, "nobody is there to paste an address")


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever signs in, as the program meets them: at a window or at a terminal.

    `pasted` gives the next address they paste. `confirm(old, new)` is asked before `new` is
    stored, unless it is in front already; `old` is who is, if anybody (T-16, F-L13).
    `may_replace()` is asked if another sign-in is under way elsewhere (F-L09). `open_url` None:
    the surroundings' browser.
    """

    on_progress: Callable[[SignInProgress], None] = _unseen
    confirm: Callable[[Account | None, Account], Awaitable[bool]] = _unasked
    may_replace: Callable[[], Awaitable[bool]] = _unwilling
    pasted: Callable[[], Awaitable[str]] = _silent
    open_url: OpenUrl | None = None


NOBODY = Person()  # who is asked nothing, and shown nothing
