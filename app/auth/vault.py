"""Where tokens are kept between two runs: the keyring of the operating system, or nowhere.

There is no file fallback (T-31). One vault keeps the tokens of one account; `safe` knows which
accounts there are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from app.auth.accounts import FIRST_ENTRY
from app.auth.keyring_process import KeyringProcess
from app.auth.keyring_text import DEADLINE_S, PROMPT_DEADLINE_S, KeyringText
from app.auth.private_names import PrivateNames
from app.auth.stored_tokens import from_json, to_json
from app.auth.tokens import TokenSet
from app.errors import FaultKind, fail


class Vault(Protocol):
    """Keeps one `TokenSet`. Every method may raise `AppError` with a KEYRING_… kind.

    `unlock` allows a prompt of the operating system; without it a locked keyring is an error
    at once. Calls on one vault must not overlap.
    """

    async def load(self, *, unlock: bool = False) -> TokenSet | None: ...

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None: ...

    async def delete(self, *, unlock: bool = False) -> None: ...

    def opened(self) -> AbstractAsyncContextManager[Vault]:
        """The same vault, got ready so that several calls are quick (figure 8)."""


class MemoryVault:
    """Keeps the tokens as long as the process lives: the demo, tests, no keyring."""

    def __init__(self, tokens: TokenSet | None = None) -> None:
        self._tokens = tokens

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        return self._tokens

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        self._tokens = tokens

    async def delete(self, *, unlock: bool = False) -> None:
        self._tokens = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        yield self


class KeyringVault:
    """The tokens of one account at one issuer, in the keyring of the operating system.

    `issuer` is part of the entry's name, so that a sign-in at another server (the simulator)
    never touches this one's.
    """

    def __init__(
        self,
        issuer: str,
        *,
        entry: str = FIRST_ENTRY,
        deadline_s: float = DEADLINE_S,
        prompt_deadline_s: float = PROMPT_DEADLINE_S,
        process: KeyringProcess | None = None,
        memory: PrivateNames | None = None,
        text: KeyringText | None = None,
    ) -> None:
        self._issuer = issuer
        self._text = text or KeyringText(
            issuer,
            entry,
            deadline_s=deadline_s,
            prompt_deadline_s=prompt_deadline_s,
            process=process,
            memory=memory,
        )

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        """The stored tokens, or None. Raises SESSION_EXPIRED if what is stored is damaged,
        KEYRING_CHANGED if another keyring than this one should hold them."""
        text = await self._text.read(unlock=unlock)
        if text is None:
            return None
        tokens = from_json(text)
        if tokens is None or tokens.issuer != self._issuer:
            raise fail(FaultKind.SESSION_EXPIRED, "the stored sign-in cannot be read")
        return tokens

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        """Write, read back, and only then return."""
        await self._text.write(to_json(tokens), unlock=unlock)

    async def delete(self, *, unlock: bool = False) -> None:
        """Remove every entry of this vault, older generations included (T-43)."""
        await self._text.erase(unlock=unlock)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        async with self._text.opened() as text:
            yield KeyringVault(self._issuer, text=text)
