"""Windows: later starts come through a named pipe that only this user may open.

Where a Unix socket would be, a private file holds the pipe's name, which is chance: nobody else
can have taken it before (T-44). Qt asks for the owner's rights alone; a pipe of asyncio could be
opened by everybody. (Tried with Qt's Unix sockets, never run on Windows so far.)
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.errors import AppError
from app.instance.messages import LINE_LIMIT
from app.instance.mouth import DEADLINE_S, MOST_CLIENTS, Mouth
from app.private_files import replace_private


def listen_by_pipe(file: Path, mouth: Mouth, deadline_s: float = DEADLINE_S) -> PipeServer | None:
    """Listen by a new pipe and leave its name in `file`; None if that cannot be done."""
    name = f"tidegauge-{secrets.token_hex(16)}"
    if sys.platform != "win32":
        name = str(file.with_name(name))  # never a bare name, which lies where all can write
    server = PipeServer(mouth, deadline_s)
    if not server.listen(name):
        return None
    try:
        replace_private(file, server.name.encode())
    except (OSError, AppError):
        server.close()
        return None
    return server


class PipeServer(QObject):
    """Answers clients, at most `MOST_CLIENTS` at a time."""

    def __init__(self, mouth: Mouth, deadline_s: float) -> None:
        super().__init__()
        self._mouth = mouth
        self._deadline_ms = round(deadline_s * 1000)
        self._clients: set[_Client] = set()
        self._is_closed = False
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connections)

    @property
    def name(self) -> str:
        """How a client calls the pipe."""
        return self._server.fullServerName()

    def listen(self, name: str) -> bool:
        return self._server.listen(name)

    def close(self) -> None:
        """Nobody is heard any more; a second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._server.close()
        for client in tuple(self._clients):
            client.end()
        self.deleteLater()

    def _on_connections(self) -> None:
        while self._server.hasPendingConnections():
            connection = self._server.nextPendingConnection()
            if len(self._clients) < MOST_CLIENTS:
                self._clients.add(
                    _Client(connection, self._mouth, self._deadline_ms, self._clients)
                )
            else:
                connection.abort()
                connection.deleteLater()


class _Client(QObject):
    """One connection: a line of 4 KiB within the deadline, an answer, the end (T-45)."""

    def __init__(
        self, connection: QLocalSocket, mouth: Mouth, deadline_ms: int, others: set[_Client]
    ) -> None:
        super().__init__(connection)
        self._connection = connection
        self._mouth = mouth
        self._others = others
        self._line = b""
        connection.readyRead.connect(self._on_data)
        connection.disconnected.connect(self._on_end)
        QTimer.singleShot(deadline_ms, self, self.end)
        self._on_data()

    def end(self) -> None:
        if self in self._others:
            self._connection.abort()
            self._on_end()

    def _on_data(self) -> None:
        read = self._connection.read(LINE_LIMIT + 1 - len(self._line))
        self._line += bytes(read.data())
        if b"\n" in self._line:
            self._answer(self._line.partition(b"\n")[0] + b"\n")
        elif len(self._line) > LINE_LIMIT:
            self.end()

    def _answer(self, line: bytes) -> None:
        understood = self._mouth.answer(line)
        if understood is None:
            self.end()
            return
        message, answer = understood
        self._connection.write(answer)
        self._connection.flush()
        self._connection.disconnectFromServer()
        self._mouth.on_message(message)

    def _on_end(self) -> None:
        if self in self._others:
            self._others.discard(self)
            self._connection.deleteLater()
