"""The Codex CLI's own login, borrowed to read the usage: never refreshed, never written (F-T27).

Its refresh token belongs to the CLI: redeeming it here would sign the CLI out. So it is not
even kept. When the access token is over, the CLI has to run once.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.auth.light_jwt import import_light_jwt
from app.auth.tokens import Account, is_somebody_else, read_account, read_expiry
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.guarded_json import decode_json
from app.logs import remember_secret
from app.values import dataclass

_SIZE_LIMIT = 1 << 20
_TRIES = 3  # the CLI does not replace its file at once: it may be half written
_BETWEEN_TRIES_S = 0.1


@dataclass(frozen=True, slots=True)
class BorrowedToken:
    """What is taken from the file. `expires_at` aware UTC, None if the token does not say."""

    access_token: str = field(repr=False)
    account: Account
    expires_at: datetime | None


def read_codex_file(content: bytes) -> BorrowedToken:
    """The access token in the file's content (captures/auth.json); unknown keys do not matter.

    Raises `AppError`: NOT_UNDERSTOOD for what is no such file, CODEX_LOGIN_MISSING if it holds
    no ChatGPT login, as after signing in with an API key.
    """
    value = decode_json(content).value
    tokens = value.get("tokens") if isinstance(value, dict) else None
    if not isinstance(tokens, dict):
        raise fail(FaultKind.CODEX_LOGIN_MISSING, "the file holds no tokens")
    access_token = _text(tokens, "access_token")
    account = read_account(_text(tokens, "id_token"), access_token)
    is_usable = access_token.isascii() and access_token.isprintable() and " " not in access_token
    if not access_token or not is_usable or account is None:
        raise fail(FaultKind.CODEX_LOGIN_MISSING, "the file holds no usable token")
    return BorrowedToken(access_token, account, read_expiry(access_token))


class CodexLogin:
    """Stands in for a `Session` where only requests are to be signed."""

    def __init__(self, endpoints: Endpoints, path: Path, now: Callable[[], datetime]) -> None:
        self.endpoints = endpoints
        self._path = path
        self._now = now
        self._token: BorrowedToken | None = None

    @property
    def account(self) -> Account | None:
        """Whose login it is, once it was read."""
        return self._token.account if self._token else None

    async def look(self) -> Account:
        """Whose login it is now. Raises CODEX_LOGIN_MISSING."""
        self._token = await self._read()
        return self._token.account

    async def access_token(self) -> str:
        """The CLI's current token. Raises CODEX_LOGIN_MISSING or CODEX_LOGIN_STALE, and
        ACCOUNT_CHANGED if the CLI has signed in as somebody else since it was read first."""
        token = await self._read()
        if self._token is not None and is_somebody_else(self._token.account, token.account):
            raise fail(FaultKind.ACCOUNT_CHANGED, "the Codex CLI has signed in as somebody else")
        self._token = token
        if token.expires_at is not None and token.expires_at <= self._now():
            raise fail(FaultKind.CODEX_LOGIN_STALE, "the token has expired")
        return token.access_token

    async def refresh_after_refusal(self, refused_token: str) -> str:
        """Another token only if the CLI has written one since."""
        token = await self.access_token()
        if token == refused_token:
            raise fail(FaultKind.CODEX_LOGIN_STALE, "the token was refused")
        return token

    async def _read(self) -> BorrowedToken:
        tries = 1
        while True:
            try:
                token = await asyncio.to_thread(self._read_once)
            except AppError as error:
                if error.fault.kind is not FaultKind.NOT_UNDERSTOOD or tries == _TRIES:
                    raise
            else:
                remember_secret(token.access_token)
                return token
            tries += 1
            await asyncio.sleep(_BETWEEN_TRIES_S)

    def _read_once(self) -> BorrowedToken:
        import_light_jwt()
        return read_codex_file(_content(self._path))


def _content(path: Path) -> bytes:
    # Without O_NONBLOCK, opening a pipe would wait for its other end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fail(FaultKind.CODEX_LOGIN_MISSING, reason) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _SIZE_LIMIT:
            raise fail(FaultKind.CODEX_LOGIN_MISSING, "it is not such a file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(_SIZE_LIMIT)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fail(FaultKind.CODEX_LOGIN_MISSING, reason) from None
    finally:
        os.close(descriptor)


def _text(tokens: Mapping[str, Any], name: str) -> str:
    value = tokens.get(name)
    return value if isinstance(value, str) else ""
