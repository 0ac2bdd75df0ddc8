"""The ways to sign in, and how far one of them has come. Pure.

Every way ends in the same exchange; they differ in where the person meets the sign-in page.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from app.auth.client_profiles import CODEX, ClientProfile
from app.auth.tokens import Account
from app.values import dataclass


class Way(StrEnum):
    HERE = "here"  # in a window of our own
    BROWSER = "browser"  # in the browser of this machine, which comes back to a loopback port
    DEVICE = "device"  # on another device, by typing a code
    PASTE = "paste"  # in a browser anywhere, whose last address is pasted here
    CODEX = "codex"  # not at all: the Codex CLI's login is read, for the numbers only


class Stage(StrEnum):
    STARTING = "starting"  # there is nothing to show yet
    WAITING = "waiting"  # the person acts elsewhere
    CHECKING = "checking"  # an answer came; the exchange is on its way
    CONFIRMING = "confirming"  # the person sees who it is and says whether to keep it
    ELSEWHERE = "elsewhere"  # another window or terminal has a sign-in under way


@dataclass(frozen=True, slots=True)
class SignInWish:
    """How somebody wants to sign in. `asks_account`: the page shall ask which account (F-L13)."""

    way: Way = Way.BROWSER
    redirect_host: str = "localhost"
    client: ClientProfile = CODEX
    asks_account: bool = False
    contrast: str = "system"  # of the embedded window, as in the settings


@dataclass(frozen=True, slots=True)
class SignInProgress:
    """What a window shows of a sign-in under way.

    `address` to open, `user_code` to type there, both for this person's eyes only; `ends_at`
    aware UTC; `is_refused`: what was pasted is not the answer. While CONFIRMING: `account` is who
    signed in, `is_known` whether it is among the accounts already.
    """

    way: Way
    stage: Stage = Stage.STARTING
    address: str = field(default="", repr=False)
    user_code: str = field(default="", repr=False)
    ends_at: datetime | None = None
    is_refused: bool = False
    account: Account | None = None
    is_known: bool = False
