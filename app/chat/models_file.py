"""Keeps one account's list of models in the cache folder. Nothing here raises."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path

from app.auth.daemon_thread import in_daemon_thread
from app.chat.kept_models import LARGEST_FILE, KeptModels, content_of, kept_from
from app.errors import AppError
from app.private_files import UnusableFileError, read_private, replace_private

_LOG = logging.getLogger("tidegauge.chat")


class ModelsFile:
    """`version`: as which client the list is asked for."""

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        self._version = version
        self._alone = threading.Lock()
        self._is_deleted = False

    async def read(self) -> KeptModels | None:
        """The list that was kept, if any."""
        try:
            content = await in_daemon_thread(
                lambda: read_private(self._path, LARGEST_FILE), "read-models"
            )
        except FileNotFoundError:
            return None
        except (OSError, UnusableFileError) as error:
            _LOG.warning("the kept list of models is not used: %s", type(error).__name__)
            return None
        return kept_from(content, self._version)

    async def write(self, kept: KeptModels) -> None:
        """Keep `kept`, unless the account was removed."""

        def write() -> None:
            with self._alone:
                if not self._is_deleted:
                    replace_private(self._path, content_of(kept, self._version))

        try:
            await in_daemon_thread(write, "keep-models")
        except (OSError, AppError) as error:
            _LOG.warning("the list of models is not kept: %s", type(error).__name__)

    async def delete(self) -> None:
        """The account is removed, and its list with it (T-43)."""

        def delete() -> None:
            with self._alone:
                self._is_deleted = True
                self._path.unlink(missing_ok=True)

        with suppress(OSError):
            await in_daemon_thread(delete, "delete-models")
