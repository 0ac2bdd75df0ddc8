"""Writes what was taken out of the conversations, where the person wants it."""

from __future__ import annotations

import logging
from pathlib import Path

from app.private_files import written_whole

log = logging.getLogger("tidegauge.conversations")


def write_file(target: Path, text: str) -> bool:
    """`text` as `target`, which is replaced whole or not at all; False if that failed."""
    try:
        with written_whole(target) as out:
            out.write(text)
    except OSError as error:
        log.warning("conversation not exported: %s", error.strerror or type(error).__name__)
        return False
    return True
