"""A few short names kept in one small private file: conveniences that nobody has to trust.

No secret is part of it. Calls block, and never raise: not remembering is no fault.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from app.errors import AppError
from app.guarded_json import decode_json
from app.paths import private_folder

_LIMIT = 4096
_LONGEST_NAME = 64


class PrivateNames:
    """Short texts by name, in the file at `path`; replaced whole, so never half written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str:
        """What was put under `name`; "" if nothing is known."""
        return self._read().get(name, "")

    def below(self, beginning: str) -> tuple[str, ...]:
        """The rest of every name that begins so."""
        names = self._read()
        return tuple(name.removeprefix(beginning) for name in names if name.startswith(beginning))

    def put(self, name: str, text: str) -> None:
        """Keep `text` under `name`; "" forgets it."""
        known = self._read()
        if known.get(name, "") == text:
            return
        known = {one: kept for one, kept in known.items() if one != name}
        if text:
            known[name] = text
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError, AppError):
            private_folder(self._path.parent)
            new.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            with open(os.open(new, flags, 0o600), "wb") as file:
                file.write(json.dumps(known).encode("ascii"))
            new.replace(self._path)
            return
        with suppress(OSError):  # the disk is full
            new.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            with open(os.open(self._path, flags), "rb") as file:
                value = decode_json(file.read(_LIMIT)).value
        except (OSError, AppError):
            return {}
        if not isinstance(value, dict):
            return {}
        return {
            name: kept
            for name, kept in value.items()
            if isinstance(kept, str) and kept.isprintable() and len(kept) <= _LONGEST_NAME
        }
