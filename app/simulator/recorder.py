"""What the simulator saw: every request, and every client that left before its answer ended."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request as it came in, secrets and all: this is a test double, nothing is redacted.

    `headers` in wire order, names in lower case. `at` is `time.monotonic()`. `connection`
    numbers the TCP connection, so reuse can be asserted.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int
    at: float = field(default_factory=time.monotonic)

    def header(self, name: str) -> str | None:
        """The value of a header (repeated ones joined by ", "), or None."""
        values = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(values) if values else None

    def json(self) -> object:
        """The body as JSON. Raises `ValueError`."""
        parsed: object = json.loads(self.body)
        return parsed

    def form(self) -> dict[str, str]:
        """The body as form fields; a repeated name keeps its last value."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Disconnect:
    """A client that closed the connection although its answer was not complete."""

    request: RecordedRequest
    at: float = field(default_factory=time.monotonic)


class Recorder:
    """Grows on the server's thread, is read from any other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests: list[RecordedRequest] = []
        self._disconnects: list[Disconnect] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        with self._changed:
            return list(self._requests)

    @property
    def disconnects(self) -> list[Disconnect]:
        with self._changed:
            return list(self._disconnects)

    def add_request(self, request: RecordedRequest) -> None:
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()

    def add_disconnect(self, request: RecordedRequest) -> None:
        with self._changed:
            self._disconnects.append(Disconnect(request))
            self._changed.notify_all()

    def clear(self) -> None:
        with self._changed:
            self._requests.clear()
            self._disconnects.clear()

    def wait_until(self, is_met: Callable[[], bool], timeout_s: float) -> bool:
        """Block until `is_met()`, tried again after each record and every few milliseconds."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not is_met():
                if time.monotonic() >= deadline:
                    return False
                self._changed.wait(0.01)
            return True
