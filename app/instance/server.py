"""The running program's ear: takes the messages of later starts, one at a time, briefly.

Only this user's processes are listened to (T-44); a client gets one line of 4 KiB and one second
(T-45). The number of clients at a time is bounded, so that a thousand cost as much as eight. What
carries the lines differs: a Unix socket here, on Windows a named pipe (`pipe_server`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from app.instance.messages import LINE_LIMIT, Message
from app.instance.mouth import DEADLINE_S, MOST_CLIENTS, Mouth
from app.instance.place import Instance, listen

log = logging.getLogger("tidegauge.instance")

_PEER_OPTION = getattr(socket, "SO_PEERCRED", None)  # Linux
_PEER_LAYOUT = "3i"  # pid, uid, gid


class Ear:
    """Hears what reaches one `Instance`."""

    def __init__(self, instance: Instance, mouth: Mouth) -> None:
        self._instance = instance
        self._mouth = mouth
        self._server: asyncio.Server | None = None
        self._clients = 0

    async def open(self) -> None:
        """Begin to listen, if the system lets this program."""
        await self.close()
        if sys.platform == "win32":
            from app.instance.pipe_server import listen_by_pipe  # noqa: PLC0415 - with Qt's network

            self._instance.open(lambda file: listen_by_pipe(file, self._mouth))
            return
        listener = self._instance.open(listen)
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
            if self._clients <= MOST_CLIENTS and _is_ours(writer):
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
                understood = self._mouth.answer(await reader.readuntil(b"\n"))
                if understood is None:
                    return
                message, answer = understood
                writer.write(answer)
                await writer.drain()
            self._mouth.on_message(message)


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
    ear = Ear(instance, Mouth(on_message, asks))
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
