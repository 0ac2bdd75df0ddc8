"""Where tokens are kept between two runs: the keyring of the operating system, or nowhere.

There is no file fallback (T-31). The keyring is reached through a child process: see
`keyring_process` for the reason and `slots` for the layout of the entries.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.auth.keyring_process import KeyringProcess
from app.auth.tokens import TokenSet, from_json, to_json
from app.errors import AppError, FaultKind, fail

DEADLINE_S = 75.0  # a keyring may take a minute, and nothing else waits for it (F-T24)
PROMPT_DEADLINE_S = 600.0
_KINDS = {
    "missing": FaultKind.KEYRING_MISSING,
    "locked": FaultKind.KEYRING_LOCKED,
    "failed": FaultKind.KEYRING_FAILED,
    "damaged": FaultKind.SESSION_EXPIRED,
}


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
    """The tokens of one issuer in the keyring of the operating system.

    `issuer` is part of the entries' names, so that a sign-in at another server (the simulator)
    never touches this one's.
    """

    def __init__(
        self,
        issuer: str,
        *,
        deadline_s: float = DEADLINE_S,
        prompt_deadline_s: float = PROMPT_DEADLINE_S,
        process: KeyringProcess | None = None,
    ) -> None:
        self._issuer = issuer
        self._name = f"{urlsplit(issuer).netloc}/default"
        self._deadline_s = deadline_s
        self._prompt_deadline_s = prompt_deadline_s
        self._process = process

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        """The stored tokens, or None. Raises SESSION_EXPIRED if what is stored is damaged."""
        text = await self._ask("read", unlock)
        if text is None:
            return None
        tokens = from_json(text)
        if tokens is None or tokens.issuer != self._issuer:
            raise fail(FaultKind.SESSION_EXPIRED, "the stored sign-in cannot be read")
        return tokens

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        """Write, read back, and only then return."""
        await self._ask("write", unlock, text=to_json(tokens))

    async def delete(self, *, unlock: bool = False) -> None:
        """Remove every entry of this vault, older generations included (T-43)."""
        await self._ask("erase", unlock)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        process = KeyringProcess()
        try:
            with suppress(AppError):  # the first call says it
                await process.start()
            yield KeyringVault(
                self._issuer,
                deadline_s=self._deadline_s,
                prompt_deadline_s=self._prompt_deadline_s,
                process=process,
            )
        finally:
            await process.close()

    async def _ask(self, action: str, unlock: bool, **more: Any) -> str | None:
        request = {"do": action, "name": self._name, "unlock": unlock, **more}
        process = self._process or KeyringProcess()
        try:
            reply = await process.ask(
                request, self._prompt_deadline_s if unlock else self._deadline_s
            )
        except TimeoutError:
            kind = FaultKind.KEYRING_LOCKED if unlock else FaultKind.KEYRING_FAILED
            raise fail(kind, "the keyring did not answer in time") from None
        finally:
            if self._process is None:
                await process.close()
        refusal = reply.get("refusal")
        if refusal is not None:
            raise fail(_KINDS[refusal], str(reply.get("detail", "")))
        text = reply.get("text")
        return text if isinstance(text, str) else None
