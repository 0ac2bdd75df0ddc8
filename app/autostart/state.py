"""Whether Tidegauge starts with the system, and what every mechanism can do. Pure."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Protocol

from app.values import dataclass

OPTION = "--autostarted"  # what an entry passes, so that the program opens no window


class AutostartStatus(StrEnum):
    ON = "on"
    OFF = "off"
    OTHER = "other"  # another installation starts instead of this one
    BLOCKED = "blocked"  # the entry is there, and the system's own settings switched it off
    UNKNOWN = "unknown"  # the system does not tell, or there is no such mechanism


@dataclass(frozen=True, slots=True)
class Autostart:
    """`detail` names what starts in case of OTHER, or why it is UNKNOWN. `file` is what others
    change it in; "" where there is none. `refusal`: why it was not changed as it was wished."""

    status: AutostartStatus
    detail: str = ""
    file: str = field(default="", compare=False)
    refusal: str = ""


class Mechanism(Protocol):
    """One system's way. All calls block for some milliseconds."""

    def read(self) -> Autostart:
        """As the system has it now, whoever changed it. Never raises."""

    def switch(self, *, on: bool) -> Autostart:
        """Change it and read it back. Raises `AppError(CONFIGURATION)` if the system refuses."""

    def forget(self) -> None:
        """Leave nothing of ours, as before it was ever switched; another installation's neither.

        Raises `AppError(CONFIGURATION)` if the system refuses.
        """

    def heal(self) -> bool:
        """Rewrite an entry of ours whose program has gone, as after an update; whether it did."""
