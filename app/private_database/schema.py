"""What a private database is made of: its tables, its version, the steps between versions. Pure.

Texts are compared with what a file holds, so they are written as SQLite keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from app.values import dataclass

PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Schema:
    """One version. `steps[n]` are the statements that lead from version n to n + 1.

    `application_id` stands in the file's header and tells it from every other program's.
    """

    application_id: int
    version: int
    tables: tuple[str, ...]
    steps: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
