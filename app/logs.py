"""The log: rotating private files behind one redacting formatter. Failing to log is never fatal.

Every handler of the root logger formats through `_RedactingFormatter`, so whatever reaches the
log (message, arguments, exception chains, warnings) has passed `redaction.redacted` (T-35).
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import AppError
from app.paths import Paths, private_folder
from app.redaction import redacted

LARGEST_FILE = 1 << 20
OLD_FILES = 4

_LOG = logging.getLogger(__name__)

_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S"
# Libraries that print headers, addresses or arguments below these levels.
_CAPS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "hpack": logging.WARNING,
    "keyring": logging.INFO,
    "asyncio": logging.INFO,
    "qasync": logging.INFO,
    "uvicorn": logging.WARNING,
}
# The newest live secrets by value. Access tokens change every few days, so the old fall out.
_live_secrets: deque[str] = deque(maxlen=64)


def remember_secret(secret: str) -> None:
    """Keep `secret` out of the log by its exact value from now on."""
    if len(secret) >= 8 and secret not in _live_secrets:
        _live_secrets.append(secret)


@contextmanager
def passing_secrets(*secrets: str) -> Iterator[Callable[[str], None]]:
    """Keep `secrets` out of the log for the length of the block, and those it is told of.

    Not longer, so that they leave the memory with those who used them (figure 13).
    """
    told = [*secrets]

    def remember(secret: str) -> None:
        told.append(secret)
        remember_secret(secret)

    for secret in secrets:
        remember_secret(secret)
    try:
        yield remember
    finally:
        forget_secrets(*told)


def forget_secrets(*secrets: str) -> None:
    """They are worth nothing any more, and need not stay in memory to be known."""
    for secret in secrets:
        with suppress(ValueError):  # others came since, and it fell out
            _live_secrets.remove(secret)


def set_up(paths: Paths, debug: bool = False) -> Callable[[], None]:
    """Log to `paths.log_file`, with `debug` everything and to stderr as well.

    If the file cannot be opened, warnings go to stderr instead (F-D27). Returns what undoes
    all of it.
    """
    root = logging.getLogger()
    level_before = root.level
    handlers, failure = _handlers(paths, debug)
    formatter = _RedactingFormatter(home=os.path.expanduser("~"))
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name, cap in _CAPS.items():
        logging.getLogger(name).setLevel(cap)
    logging.captureWarnings(True)
    if failure:
        _LOG.warning("no log file: %s", failure)

    def undo() -> None:
        logging.captureWarnings(False)
        root.setLevel(level_before)
        for name in _CAPS:
            logging.getLogger(name).setLevel(logging.NOTSET)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()

    return undo


def close_files() -> None:
    """Write no file from now on: they are about to be deleted. The other streams go on."""
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if isinstance(handler, _PrivateFileHandler):
            root.addHandler(logging.NullHandler())  # else the library would print by itself
            root.removeHandler(handler)
            handler.close()


def _handlers(paths: Paths, debug: bool) -> tuple[list[logging.Handler], str]:
    """The handlers, and why there is no log file if there is none."""
    handlers: list[logging.Handler] = []
    failure = ""
    try:
        private_folder(paths.logs)
        handlers.append(_PrivateFileHandler(paths.log_file))
    except (AppError, OSError) as error:
        failure = str(error)
    if (debug or failure) and sys.stderr is not None:
        handlers.append(_ErrorStreamHandler(logging.DEBUG if debug else logging.WARNING))
    # Without any handler the library would print warnings by itself, unredacted.
    return handlers or [logging.NullHandler()], failure


class _RedactingFormatter(logging.Formatter):
    """Formats the record with its exception, then redacts the whole text."""

    def __init__(self, home: str) -> None:
        super().__init__(_FORMAT, _TIME_FORMAT)
        self._home = home

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record), tuple(_live_secrets), self._home)

    def formatMessage(self, record: logging.LogRecord) -> str:
        # One record is one line, whatever a message holds; tracebacks follow unchanged.
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)


class _PrivateFileHandler(logging.FileHandler):
    """Mode 0600, follows no link, swallows its own failures, rotates among processes.

    Not the library's `RotatingFileHandler`: importing it costs 0.6 MB of resident memory, and of
    two processes that share a file the second would rotate the fresh one away.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(self.baseFilename, flags, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record) + self.terminator
            length = len(line.encode("utf-8", "backslashreplace"))
            stream = self.stream
            if stream is None or stream.closed:  # opening the new one failed last time
                stream = self._open()
            if os.fstat(stream.fileno()).st_size + length > LARGEST_FILE:
                stream = self._rotated(stream)
            self.stream = stream
            stream.write(line)
            stream.flush()
        except Exception:  # noqa: BLE001 - whatever a record holds, logging it is never fatal
            self.handleError(record)

    def _rotated(self, full: io.TextIOWrapper) -> io.TextIOWrapper:
        """The new file, after the full one was moved away, by this process or another.

        Of several that find it full at once, one has its lock and moves it; for the others it is
        no longer the current one, or is about to be (F-D27).
        """
        ours = os.fstat(full.fileno())
        # Windows renames no open file, which keeps the others off as well.
        held = None if sys.platform == "win32" else os.dup(full.fileno())
        full.close()
        with suppress(OSError):  # one is held by another process: go on in the one we have
            if held is not None:
                _lock(held)
            if os.path.samestat(ours, os.stat(self.baseFilename)):
                names = [self.baseFilename, *self._old_names()]
                for older, newer in reversed(list(zip(names[1:], names, strict=False))):
                    if os.path.exists(newer):
                        os.replace(newer, older)
        try:
            return self._open()
        finally:
            if held is not None:
                os.close(held)

    def _old_names(self) -> list[str]:
        return [f"{self.baseFilename}.{number}" for number in range(1, OLD_FILES + 1)]

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must not reach the code that logs (F-D27)."""


def _lock(descriptor: int) -> None:
    """Until it is closed; `BlockingIOError` while another process has the file's lock."""
    import fcntl  # noqa: PLC0415 - not on Windows

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class _ErrorStreamHandler(logging.StreamHandler[io.TextIOBase]):
    def __init__(self, level: int) -> None:
        super().__init__(sys.stderr)  # type: ignore[arg-type]
        self.setLevel(level)

    def handleError(self, record: logging.LogRecord) -> None:
        """A closed terminal must not reach the code that logs."""
