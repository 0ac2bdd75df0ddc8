"""Answers stream through httpx on the Qt event loop, without holding it up."""

from __future__ import annotations

import asyncio
import time

from support.chat_backend import Backend, chat_with, sse
from support.fault_server import Peer
from support.person import until
from support.stalls import Stalls

from app.chat.conversation import Conversation, TurnStatus
from app.settings import Settings

COMPLETED = {"type": "response.completed", "response": {"id": "r"}}


def _answer(peer: Peer, _number: int) -> None:
    peer.chunked(Content_Type="text/event-stream")
    for number in range(100):
        peer.chunk(sse({"type": "response.output_text.delta", "delta": f"{number} "}))
        peer.pause(0.002)
    peer.chunk(sse(COMPLETED))
    peer.hang()


async def test_an_answer_streams_and_timers_go_on() -> None:
    async with chat_with(Backend(_answer)) as chat:
        loop = asyncio.get_running_loop()
        timers: list[asyncio.TimerHandle] = []

        def beat() -> None:
            timers.append(loop.call_later(0.01, beat))

        beat()
        turn = await chat.ask()
        timers[-1].cancel()
    assert turn.status is TurnStatus.COMPLETED
    assert turn.answer == "".join(f"{number} " for number in range(100))
    assert len(timers) > 10


async def test_stopping_closes_the_socket() -> None:
    """F-C01, F-C02."""

    def endless(peer: Peer, _number: int) -> None:
        peer.chunked()
        peer.chunk(sse({"type": "response.output_text.delta", "delta": "half"}))
        peer.hang()

    async with chat_with(Backend(endless)) as chat, asyncio.TaskGroup() as group:
        task = group.create_task(chat.runner.run(Conversation(), "Why?", Settings()))
        await until(lambda: chat.told and chat.told[-1].turns[-1].answer)
        with Stalls() as stalls:
            cancelled_at = time.monotonic()
            task.cancel()
            await until(lambda: chat.server.closed_at)
            assert stalls.lived_s(cancelled_at, chat.server.closed_at[0]) <= 0.2
    assert chat.told[-1].turns[-1].status is TurnStatus.STOPPED
