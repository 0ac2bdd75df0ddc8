"""A usage reply that somebody saved, read from a file or from standard input."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.errors import FaultKind, fail
from app.transport import USAGE_BOUNDS
from app.usage.limits import UsageSnapshot
from app.usage.payload import parse_usage


def saved_usage(path: str, now: datetime) -> UsageSnapshot:
    """The usage in `path`; "-" is standard input.

    `fetched_at` is the moment the reply was written, as far as it tells. Raises `OSError` if
    the file cannot be read, `AppError` if it holds no usage or more than a reply may.
    """
    largest = USAGE_BOUNDS.body_bytes
    if path == "-":
        body = sys.stdin.buffer.read(largest + 1)
    else:
        with Path(path).open("rb") as file:
            body = file.read(largest + 1)
    if len(body) > largest:
        raise fail(FaultKind.TOO_LARGE)
    snapshot = parse_usage(body, received_at=now)
    written_at = snapshot.server_now(snapshot.fetched_at)
    return replace(snapshot, fetched_at=written_at, clock_offset_s=0.0)
