"""The memory of the warnings on disk: one small private JSON file. Calls block."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

from app.alerts.memory import Memory
from app.alerts.memory_format import from_json, to_json
from app.alerts.rules import lost_memory
from app.errors import AppError
from app.guarded_json import decode_json
from app.private_files import UnusableFileError, read_private, replace_private, set_aside

LARGEST_FILE = 2 << 20

_LOG = logging.getLogger("tidegauge.alerts")


class MemoryFile:
    """`load` and `save` never raise: what cannot be kept is kept until the program ends."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, now: datetime) -> Memory:
        """What is remembered; without a file nothing, of a damaged one that it is lost."""
        try:
            return from_json(decode_json(read_private(self._path, LARGEST_FILE)).value)
        except FileNotFoundError:
            return Memory()
        except (OSError, UnusableFileError, AppError, ValueError) as error:
            kept = "kept beside" if set_aside(self._path) else "still there"
            _LOG.warning("the memory of the warnings cannot be used (%s): %s", kept, error)
            return lost_memory(now)

    def save(self, memory: Memory) -> None:
        content = json.dumps(to_json(memory), separators=(",", ":")).encode()
        try:
            replace_private(self._path, content)
        except (OSError, AppError) as error:
            _LOG.warning("the memory of the warnings was not saved: %s", error)
