"""The running program's ear: takes the messages of later starts, one at a time, briefly.

Only this user's processes are listened to (T-44); a client gets one line of 4 KiB and one second
(T-45). The number of clients at a time is bounded, so that a thousand cost as much as eight.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from app import VERSION
from app.instance.messages import LINE_LIMIT, Answer, Message, answer_line, read_line
from app.instance.place import Instance

log = logging.getLogger("tidegauge.instance")

DEADLINE_S = 1.0
_MOST_CLIENTS = 8
_PEER_OPTION = getattr(socket, "SO_PEERCRED", None)  # Linux
_PEER_LAYOUT = "3i"  # pid, uid, gid


class Ear:
    """Hears what reaches the sockets of one `Instance`; `on_message` gets what is understood,
    `asks` tells whether the person is going to be asked before it is done."""

    def __init__(
        self,
        instance: Instance,
        on_message: Callable[[Message], None],
        asks: Callable[[Message], bool] = lambda _message: False,
    ) -> None:
        self._instance = instance
        self._on_message = on_message
        self._asks = asks
        self._server: asyncio.Server | None = None
        self._clients = 0

    async def open(self) -> None:
        """Begin to listen, if the system lets this program."""
        await self.close()
        listener = self._instance.open()
        if listener is not None:
            self._server = await asyncio.start_unix_server(
                self._hear, sock=listener, limit=LINE_LIMIT
            )

    async def look_after(self) -> None:
        """Repair what somebody removed while the program runs (F-D14); cheap if all is well."""
        if self._instance.is_intact():
            return
        await self.close()
        if self._instance.renew():
            log.info("lock or socket were gone and are there again")
            await self.open()
        else:
            log.warning("lock and socket are gone, and another program has taken the place")

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients += 1
        try:
            if self._clients <= _MOST_CLIENTS and _is_ours(writer):
                await self._answer(reader, writer)
        except asyncio.CancelledError:
            return  # the end of the program; the stream's own callback takes no cancelled task
        finally:
            self._clients -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(
            TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError
        ):
            async with asyncio.timeout(DEADLINE_S):
                line = await reader.readuntil(b"\n")
                message = read_line(line)
                if message is None:
                    return
                writer.write(answer_line(Answer(VERSION, self._asks(message))))
                await writer.drain()
            self._on_message(message)


@asynccontextmanager
async def heard(
    instance: Instance | None,
    on_message: Callable[[Message], None],
    asks: Callable[[Message], bool] = lambda _message: False,
) -> AsyncIterator[Ear | None]:
    """Listen for later starts during the block; nothing to hear without an `instance`."""
    if instance is None:
        yield None
        return
    ear = Ear(instance, on_message, asks)
    await ear.open()
    try:
        yield ear
    finally:
        await ear.close()


def _is_ours(writer: asyncio.StreamWriter) -> bool:
    """Whether this user's process is at the other end; where that cannot be asked, the folder
    of the socket lets nobody else in."""
    connection = writer.get_extra_info("socket")
    if _PEER_OPTION is None or connection is None:
        return True
    packed = connection.getsockopt(socket.SOL_SOCKET, _PEER_OPTION, struct.calcsize(_PEER_LAYOUT))
    _pid, uid, _gid = struct.unpack(_PEER_LAYOUT, packed)
    return bool(uid == os.getuid())
