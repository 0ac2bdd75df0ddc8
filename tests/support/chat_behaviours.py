"""What every recorded reply of the chat backend comes to here, as chat-behaviours.md has it.

Run as a script (`PYTHONPATH=.:tests python tests/support/chat_behaviours.py`) it fills in the
table anew; the reasons in its last column stay, and each changed row wants to be read again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support.chat_backend import NOW, Backend, Chat, chat_with, recorded, send_recorded
from support.fault_server import Peer
from support.signed_in import tokens_from

from app.auth.bearer import AuthorizedTransport
from app.auth.session import Session
from app.auth.vault import MemoryVault
from app.chat.conversation import Turn, TurnStatus
from app.endpoints import Endpoints
from app.http_client import HttpClient
from app.simulator.server import Simulator
from app.transport import Transport
from app.wording.faults import describe

TABLE = Path(__file__).parent / "chat-behaviours.md"
HEAD = "| Case | The service | Official client 0.169.0 | Tidegauge | Why |"
_SHOWN = 110  # characters of the official client's last sentence


@dataclass(frozen=True, slots=True)
class Outcome:
    turn: Turn
    posts: int
    waits: list[float]


async def outcome_of(case: str, simulator: Simulator) -> Outcome:
    """One question over real sockets, signed; `simulator` only mints the tokens."""
    replies = recorded()[case]["replies"]
    backend = Backend(lambda peer, n: send_recorded(peer, replies[min(n, len(replies) - 1)]))
    async with signed_chat(backend, simulator) as (chat, _session):
        turn = await chat.ask()
    return Outcome(turn, len(backend.posts), chat.waits)


@asynccontextmanager
async def signed_chat(
    backend: Callable[[Peer], None], simulator: Simulator
) -> AsyncIterator[tuple[Chat, Session]]:
    """A chat whose questions are signed by a session that `simulator` lends its tokens to.

    Their renewal is answered beside `backend`, as by the service.
    """

    def listen(peer: Peer) -> None:
        if peer.target == "/oauth/token":
            peer.reply(json.dumps(simulator.issue_tokens()).encode())
        else:
            backend(peer)

    def now() -> datetime:
        return datetime.now(UTC)

    session: list[Session] = []

    def signed(http: HttpClient, endpoints: Endpoints) -> Transport:
        session.append(Session(http, endpoints, MemoryVault(), now))
        return AuthorizedTransport(http, session[0])

    async with chat_with(listen, transport=signed) as chat:
        await session[0].adopt(tokens_from(simulator, now()))
        yield chat, session[0]


def row_of(case: str, outcome: Outcome) -> str:
    """The row without its reason and its last bar."""
    entry = recorded()[case]
    cells = [f"`{case}`", _service(entry["replies"]), _official(entry["official"]), _ours(outcome)]
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def rows_of_table() -> dict[str, tuple[str, str]]:
    """Each case's row as above, and its reason."""
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            row, _, why = line.removesuffix(" |").rpartition(" | ")
            found[line.split("`")[1]] = (f"{row} |", why)
    return found


def _service(replies: list[dict[str, Any]]) -> str:
    def one(reply: dict[str, Any]) -> str:
        kind = reply["headers"].get("content-type", "")
        body = "cut before anything" if reply.get("cut") and "file" not in reply else kind
        return f"{reply['status']} {body}{', cut' if reply.get('cut') and 'file' in reply else ''}"

    return ", then ".join(map(one, replies))


def _official(official: dict[str, Any]) -> str:
    ended = " ".join(official["ended"].split())
    if len(ended) > _SHOWN:
        ended = f"{ended[:_SHOWN].rstrip()}…"
    answers = official["answers"]
    shown = f"the answer {answers} times" if answers > 1 else ("no answer", "the answer")[answers]
    return f"{_posts(official['posts'])}, {shown}{f': {ended}' if ended else ''}"


def _ours(outcome: Outcome) -> str:
    turn = outcome.turn
    waits = " and ".join(f"{wait:g} s" for wait in outcome.waits)
    shown = f"“{' '.join(turn.answer.split())}”" if turn.answer else "no answer"
    said = f"{_posts(outcome.posts)}{f' ({waits} between)' if waits else ''}, {shown}"
    if turn.status is TurnStatus.COMPLETED:
        other = f", by {turn.model}" if turn.model not in ("gpt-one", "") else ""
        return f"{said}{other}"
    assert turn.fault is not None
    return f"{said}: {describe(turn.fault, NOW, UTC, '24h').one_line}"


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count} posts"


async def _write() -> None:
    reasons = {case: why for case, (_, why) in rows_of_table().items()}
    before = TABLE.read_text("utf-8").partition(HEAD)[0]
    lines = [HEAD, "|---|---|---|---|---|"]
    with Simulator("demo", any_port=True) as simulator:
        for case in recorded():
            row = row_of(case, await outcome_of(case, simulator))
            lines.append(f"{row} {reasons.get(case, '')} |")
    TABLE.write_text(before + "\n".join([*lines, ""]), "utf-8")


if __name__ == "__main__":
    asyncio.run(_write())
