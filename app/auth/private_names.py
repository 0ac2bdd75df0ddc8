"""A few short names kept in one small private file: conveniences that nobody has to trust.

No secret is part of it. Calls block, and never raise: not remembering is no fault.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from app.errors import AppError
from app.guarded_json import decode_json
from app.private_files import UnusableFileError, read_private, replace_private

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
        with suppress(OSError, AppError):  # the disk is full
            replace_private(self._path, json.dumps(known).encode("ascii"))

    def _read(self) -> dict[str, str]:
        try:
            value = decode_json(read_private(self._path, _LIMIT)).value
        except (OSError, AppError, UnusableFileError):
            return {}
        if not isinstance(value, dict):
            return {}
        return {
            name: kept
            for name, kept in value.items()
            if isinstance(kept, str) and kept.isprintable() and len(kept) <= _LONGEST_NAME
        }
