"""One of several programs that share a sign-in: a process that only refreshes, on command.

Run as a script: `refreshing_process.py FOLDER SERVICE_URL VAULT`, with VAULT "keyring" or "file".
It prints `ready`, then answers each line of stdin (a moment as epoch seconds) with one line:
the access token it would use then, or the kind of the fault.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.auth.refresh_lock import FileRefreshLock
from app.auth.session import Session
from app.auth.stored_tokens import from_json, to_json
from app.auth.tokens import TokenSet
from app.auth.vault import KeyringVault, Vault
from app.endpoints import Endpoints
from app.errors import AppError
from app.http_client import HttpClient

CHECKOUT = Path(__file__).parents[2]


class FileVault:
    """Stands for a keyring where many rounds are wanted: one file, replaced whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        return from_json(self._path.read_text()) if self._path.exists() else None

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        new = self._path.with_suffix(f".{os.getpid()}")
        new.write_text(to_json(tokens))
        new.replace(self._path)

    async def delete(self, *, unlock: bool = False) -> None:
        self._path.unlink(missing_ok=True)

    async def unlocked(self) -> None:
        return

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        yield self


def vault_at(folder: Path, service_url: str, kind: str) -> Vault:
    return KeyringVault(service_url) if kind == "keyring" else FileVault(folder / "vault.json")


@contextmanager
def refreshing_process(
    folder: Path, service_url: str, kind: str
) -> Iterator[subprocess.Popen[str]]:
    """The process, ready for its first line, in a process group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.refreshing_process", str(folder), service_url, kind],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def answer_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(process: subprocess.Popen[str], moment: float) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{moment}\n")
    process.stdin.flush()


async def _run(folder: Path, service_url: str, kind: str) -> None:
    moment = datetime.now(UTC)
    http = HttpClient(user_agent="tidegauge-tests/1")
    http.warm_up()
    session = Session(
        http,
        Endpoints(service_url, service_url),
        vault_at(folder, service_url, kind),
        lambda: moment,
        lock=FileRefreshLock(folder / "locks"),
    )
    await session.restore()
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        moment = datetime.fromtimestamp(float(line), UTC)
        try:
            print(await session.access_token(), flush=True)
        except AppError as error:
            print(error.fault.kind, flush=True)
    await http.aclose()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
