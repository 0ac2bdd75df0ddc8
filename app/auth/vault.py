"""Where tokens are kept between two runs: the keyring of the operating system, or nowhere.

There is no file fallback (T-31). The keyring is reached through a child process: see
`keyring_process` for the reason and `slots` for the layout of the entries.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.auth.daemon_thread import in_daemon_thread
from app.auth.keyring_memory import KeyringMemory
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

    async def unlocked(self) -> None:
        """Return as soon as the keyring is not locked, whoever unlocks it; no prompt (F-T17)."""

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

    async def unlocked(self) -> None:
        return

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        yield self


class KeyringVault:
    """The tokens of one issuer in the keyring of the operating system.

    `issuer` is part of the entries' names, so that a sign-in at another server (the simulator)
    never touches this one's. With a `memory` it is noticed when another keyring answers than
    the one that holds the tokens (F-T19).
    """

    def __init__(
        self,
        issuer: str,
        *,
        deadline_s: float = DEADLINE_S,
        prompt_deadline_s: float = PROMPT_DEADLINE_S,
        process: KeyringProcess | None = None,
        memory: KeyringMemory | None = None,
    ) -> None:
        self._issuer = issuer
        self._name = f"{urlsplit(issuer).netloc}/default"
        self._deadline_s = deadline_s
        self._prompt_deadline_s = prompt_deadline_s
        self._process = process
        self._memory = memory

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        """The stored tokens, or None. Raises SESSION_EXPIRED if what is stored is damaged,
        KEYRING_CHANGED if another keyring than this one should hold them."""
        reply = await self._ask("read", unlock)
        text = reply.get("text")
        if not isinstance(text, str):
            await self._check_keyring(str(reply.get("keyring", "")))
            return None
        tokens = from_json(text)
        if tokens is None or tokens.issuer != self._issuer:
            raise fail(FaultKind.SESSION_EXPIRED, "the stored sign-in cannot be read")
        return tokens

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        """Write, read back, and only then return."""
        reply = await self._ask("write", unlock, text=to_json(tokens))
        await self._note_keyring(str(reply.get("keyring", "")))

    async def delete(self, *, unlock: bool = False) -> None:
        """Remove every entry of this vault, older generations included (T-43)."""
        await self._ask("erase", unlock)
        await self._note_keyring("")

    async def unlocked(self) -> None:
        """Holds a child process while it waits. Raises KEYRING_… if the keyring goes away."""
        process = KeyringProcess()
        try:
            reply = await process.ask({"do": "wait"}, None)
        finally:
            await process.close()
        _raise_refusal(reply)

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
                memory=self._memory,
            )
        finally:
            await process.close()

    async def _check_keyring(self, keyring: str) -> None:
        if self._memory is None:
            return
        memory = self._memory
        before = await in_daemon_thread(lambda: memory.recall(self._name), "keyring-memory")
        if before and keyring and before != keyring:
            raise fail(FaultKind.KEYRING_CHANGED, f"{before} → {keyring}")

    async def _note_keyring(self, keyring: str) -> None:
        if self._memory is not None:
            memory = self._memory
            await in_daemon_thread(lambda: memory.note(self._name, keyring), "keyring-memory")

    async def _ask(self, action: str, unlock: bool, **more: Any) -> dict[str, Any]:
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
        _raise_refusal(reply)
        return reply


def _raise_refusal(reply: dict[str, Any]) -> None:
    refusal = reply.get("refusal")
    if refusal is not None:
        raise fail(_KINDS[refusal], str(reply.get("detail", "")))
