"""A client of the session bus on asyncio (jeepney): calls with a deadline, signals as they come.

QtDBus cannot send the unsigned numbers that notifications are made of. Nothing here waits
longer than its deadline and nothing blocks the loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from jeepney import DBusAddress, Message
    from jeepney.io.asyncio import DBusConnection

_LOG = logging.getLogger("tidegauge.bus")
_PATIENCE_S = 3.0  # for a service to answer; a healthy one needs milliseconds

OnSignal = Callable[[str, str, Sequence[Any]], None]  # sender, member, arguments


class BusError(Exception):
    """No bus, no such service, an error as the answer, or none in time."""


class BusClient:
    """One connection, made with the first call and anew after it was lost.

    `on_signal` hears every signal that a rule of `rules` matches; `on_lost` that the bus ended.
    """

    def __init__(
        self,
        spawn: Spawn,
        rules: Sequence[str],
        on_signal: OnSignal,
        on_lost: Callable[[], None],
        *,
        bus: str = "SESSION",
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._bus = bus
        self._rules = rules
        self._on_signal = on_signal
        self._on_lost = on_lost
        self._patience_s = patience_s
        self._listening = SingleTask(spawn, "listen to the session bus")
        self._connection: DBusConnection | None = None
        self._replies: dict[int, asyncio.Future[Message]] = {}
        self._opening = asyncio.Lock()

    async def call(
        self, address: DBusAddress, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> Message:
        """The reply to a method call. Raises `BusError`."""
        from jeepney import MessageType, new_method_call  # noqa: PLC0415 - with the first warning

        message = new_method_call(address, member, signature or None, body)
        try:
            async with asyncio.timeout(self._patience_s):
                reply = await self._reply(message)
        except TimeoutError:
            raise BusError(f"{member}: no answer") from None
        except (OSError, EOFError, ValueError, KeyError, RuntimeError) as error:
            raise BusError(f"{member}: {type(error).__name__}") from error
        if reply.header.message_type is MessageType.error:
            raise BusError(f"{member}: {_error_name(reply)}")
        return reply

    async def _reply(self, message: Message) -> Message:
        connection = await self._open()
        serial = next(connection.outgoing_serial)
        future = self._replies[serial] = asyncio.get_running_loop().create_future()
        try:
            await connection.send(message, serial=serial)
            return await future
        finally:
            self._replies.pop(serial, None)

    async def _open(self) -> DBusConnection:
        async with self._opening:
            if self._connection is None:
                from jeepney.bus_messages import message_bus  # noqa: PLC0415 - see above

                connection = self._connection = await _connected(self._bus)
                self._listening.start(lambda: self._listen(connection))
                for task in self._listening.unfinished():  # one may end before it begins
                    task.add_done_callback(lambda _task: _close(connection))
                for rule in self._rules:
                    await connection.send(message_bus.AddMatch(rule))
            return self._connection

    async def _listen(self, connection: DBusConnection) -> None:
        """Hand out what arrives until the bus ends."""
        try:
            while True:
                self._take(await connection.receive())
        except (OSError, EOFError):
            _LOG.warning("the session bus has ended")
        finally:
            self._connection = None
            for future in self._replies.values():
                if not future.done():
                    future.set_exception(EOFError())
            _close(connection)
        self._on_lost()

    def _take(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415 - loaded long since

        fields = message.header.fields
        if message.header.message_type is MessageType.signal:
            sender, member = fields.get(HeaderFields.sender, ""), fields[HeaderFields.member]
            self._on_signal(sender, member, message.body)
            return
        future = self._replies.get(fields.get(HeaderFields.reply_serial, -1))
        if future is not None and not future.done():
            future.set_result(message)


async def _connected(bus: str) -> DBusConnection:
    """A connection that has said Hello. Unlike the library's own opening it leaves no socket
    behind when the program ends in the middle of it."""
    from jeepney.auth import BEGIN, Authenticator  # noqa: PLC0415 - with the first warning
    from jeepney.bus import get_bus  # noqa: PLC0415
    from jeepney.bus_messages import message_bus  # noqa: PLC0415
    from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy  # noqa: PLC0415

    reader, writer = await asyncio.open_unix_connection(get_bus(bus))
    try:
        steps = Authenticator()
        for step in steps:
            writer.write(step)
            await writer.drain()
            answer = await reader.read(1024)
            if not answer:
                raise EOFError("the bus took nobody in")
            steps.feed(answer)
        writer.write(BEGIN)
        connection = DBusConnection(reader, writer)
        async with DBusRouter(connection) as router:
            (connection.unique_name,) = await Proxy(message_bus, router).Hello()
    except BaseException:
        writer.close()
        raise
    return connection


def _close(connection: DBusConnection) -> None:
    with suppress(OSError, RuntimeError):
        connection.writer.close()


def _error_name(reply: Message) -> str:
    from jeepney import HeaderFields  # noqa: PLC0415 - loaded long since

    return str(reply.header.fields.get(HeaderFields.error_name, "error"))
