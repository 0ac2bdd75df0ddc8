"""The memory of looking for updates on disk. Calls block.

`claim` is what keeps two programs, or two starts, from asking twice a day: it notes the request
before it is made, under a lock.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.errors import AppError
from app.file_lock import Claim
from app.guarded_json import decode_json
from app.private_files import UnusableFileError, read_private, replace_private
from app.updates.memory import UpdateMemory, from_mapping, is_due, to_mapping

FILE_NAME = "updates.json"
_LARGEST = 4096
_PATIENCE_S = 2.0

log = logging.getLogger("tidegauge.updates")


class UpdateMemoryFile:
    """Below the folder `state`; never raises."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE_NAME
        self._lock = state / "locks" / "updates.lock"

    def load(self) -> UpdateMemory:
        """What is known; what cannot be read is not."""
        try:
            return from_mapping(decode_json(read_private(self._path, _LARGEST)).value)
        except (OSError, UnusableFileError, AppError):
            return UpdateMemory()

    def claim(self, now: datetime) -> UpdateMemory | None:
        """The memory, once a request of today is noted in it as this one's; None if it was made
        already, or could not be noted: then there is none."""
        lock = Claim(self._lock, _PATIENCE_S)
        try:
            if not lock.take():
                return None
            memory = self.load()
            if not is_due(memory, now):
                return None
            memory = replace(memory, asked_at=now)
            return memory if self.save(memory) else None
        except (OSError, AppError) as error:
            log.info("not looked for updates: %s", error)
            return None
        finally:
            lock.give_up()

    def save(self, memory: UpdateMemory) -> bool:
        """Whether the file holds it now."""
        content = json.dumps(to_mapping(memory)).encode("ascii")
        try:
            replace_private(self._path, content)
        except (OSError, AppError) as error:
            log.info("what is known of updates was not kept: %s", error)
            return False
        return True
