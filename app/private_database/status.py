"""How a private database fares, for whoever shows it. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.values import dataclass


class Condition(StrEnum):
    """Whether what comes in is being kept, and if not, why."""

    WAITING = "waiting"  # nothing was written or read yet
    OFF = "off"  # by the settings
    KEEPING = "keeping"
    LOCKED = "locked"  # another program holds the file (F-D19)
    FULL = "full"  # no room on the disk (F-D08)
    READ_ONLY = "read_only"  # F-D09
    FAILING = "failing"  # the disk fails, or the folder cannot be used (F-D09)
    REFUSED = "refused"  # a link, a pipe or somebody else's file is in its place (T-40)
    NEWER = "newer"  # written by a newer version; not touched (F-D17)


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """`set_aside` names the damaged file that was put aside in this run, `rows_saved` what could
    be taken from it (F-D16). `is_on_network`: the file lies where locks and syncs cannot be
    relied upon (F-D20)."""

    condition: Condition = Condition.WAITING
    set_aside: str = ""
    rows_saved: int = 0
    is_on_network: bool = False
