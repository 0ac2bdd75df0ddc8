"""One named text in the keyring of the operating system: read, written, erased.

The keyring is reached through a child process: see `keyring_process` for the reason and `slots`
for the layout of the entries.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from app.auth.daemon_thread import in_daemon_thread
from app.auth.keyring_process import KeyringProcess
from app.auth.private_names import PrivateNames
from app.errors import AppError, FaultKind, fail

DEADLINE_S = 75.0  # a keyring may take a minute, and nothing else waits for it (F-T24)
PROMPT_DEADLINE_S = 600.0
_KINDS = {
    "missing": FaultKind.KEYRING_MISSING,
    "locked": FaultKind.KEYRING_LOCKED,
    "failed": FaultKind.KEYRING_FAILED,
    "damaged": FaultKind.SESSION_EXPIRED,
}


class KeyringText:
    """The text `entry` of the service at `issuer`.

    Every call may raise `AppError` with a KEYRING_… kind. With a `memory` it is noticed when
    another keyring answers than the one that holds the text (F-T19). With a `process` its calls
    start no child of their own.
    """

    def __init__(
        self,
        issuer: str,
        entry: str,
        *,
        deadline_s: float = DEADLINE_S,
        prompt_deadline_s: float = PROMPT_DEADLINE_S,
        process: KeyringProcess | None = None,
        memory: PrivateNames | None = None,
    ) -> None:
        self._issuer = issuer
        self._entry = entry
        self._name = _name(issuer, entry)
        self._deadline_s = deadline_s
        self._prompt_deadline_s = prompt_deadline_s
        self._process = process
        self._memory = memory

    async def read(self, *, unlock: bool = False) -> str | None:
        """The text, or None. Raises SESSION_EXPIRED if nothing of it is whole,
        KEYRING_CHANGED if another keyring than this one should hold it."""
        reply = await self._ask("read", unlock=unlock)
        text = reply.get("text")
        if not isinstance(text, str):
            await self._check_keyring(str(reply.get("keyring", "")))
            return None
        return text

    async def write(self, text: str, *, unlock: bool = False) -> None:
        """Write, read back, and only then return."""
        reply = await self._ask("write", unlock=unlock, text=text)
        await self._note_keyring(str(reply.get("keyring", "")))

    async def erase(self, *, unlock: bool = False) -> None:
        """Remove it, older generations included (T-43)."""
        await self._ask("erase", unlock=unlock)
        await self._note_keyring("")

    async def clear(self, entries: Sequence[str]) -> None:
        """Remove these entries, every text that was ever noted, and all else of ours (T-43)."""
        memory, names = self._memory, {_name(self._issuer, entry) for entry in entries}
        if memory is not None:
            names |= set(await in_daemon_thread(lambda: memory.below(""), "keyring-memory"))
        try:
            await self._ask("clear", names=sorted(names))
        except AppError as error:
            was_used = memory is not None and len(names) > len(entries)
            if error.fault.kind is not FaultKind.KEYRING_MISSING or was_used:
                raise  # where there is no keyring, and never was, nothing can be left in it

    async def held(self, entries: Sequence[str]) -> frozenset[str]:
        """Which of `entries` hold anything."""
        names = {_name(self._issuer, entry): entry for entry in entries}
        reply = await self._ask("look", names=list(names))
        return frozenset(names[name] for name in reply.get("held", ()) if name in names)

    async def unlocked(self) -> None:
        """Return once the keyring is not locked. Holds a child process while it waits."""
        process = KeyringProcess()
        try:
            reply = await process.ask({"do": "wait"}, None)
        finally:
            await process.close()
        _raise_refusal(reply)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[KeyringText]:
        """The same text with a child that is started already."""
        process = KeyringProcess()
        try:
            with suppress(AppError):  # the first call says it
                await process.start()
            yield self._with(process, self._entry)
        finally:
            await process.close()

    def beside(self, entry: str) -> KeyringText:
        """Another text of the same service, by the same child if there is one."""
        return self._with(self._process, entry)

    def _with(self, process: KeyringProcess | None, entry: str) -> KeyringText:
        return KeyringText(
            self._issuer,
            entry,
            deadline_s=self._deadline_s,
            prompt_deadline_s=self._prompt_deadline_s,
            process=process,
            memory=self._memory,
        )

    async def _check_keyring(self, keyring: str) -> None:
        if self._memory is None:
            return
        memory = self._memory
        before = await in_daemon_thread(lambda: memory.get(self._name), "keyring-memory")
        if before and keyring and before != keyring:
            raise fail(FaultKind.KEYRING_CHANGED, f"{before} → {keyring}")

    async def _note_keyring(self, keyring: str) -> None:
        if self._memory is not None:
            memory = self._memory
            await in_daemon_thread(lambda: memory.put(self._name, keyring), "keyring-memory")

    async def _ask(self, action: str, *, unlock: bool = False, **more: Any) -> dict[str, Any]:
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


def _name(issuer: str, entry: str) -> str:
    return f"{urlsplit(issuer).netloc}/{entry}"


def _raise_refusal(reply: dict[str, Any]) -> None:
    refusal = reply.get("refusal")
    if refusal is not None:
        raise fail(_KINDS[refusal], str(reply.get("detail", "")))
