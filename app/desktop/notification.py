"""One desktop notification as a value, and what becomes of it. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from app.alerts.alert import Urgency
from app.values import dataclass

DEFAULT = "default"  # a click on the notification itself
OPEN, SNOOZE = "open", "snooze"  # its buttons


@dataclass(frozen=True, slots=True)
class Notification:
    """Plain text. A later one with the same `topic` takes its place; `actions` are (id, label)."""

    topic: str
    title: str
    body: str = ""
    urgency: Urgency = Urgency.NORMAL
    actions: tuple[tuple[str, str], ...] = ()


class Outcome(StrEnum):
    SHOWN = "shown"  # the system took it
    HELD = "held"  # the person does not want to be disturbed now: offer it again later
    FAILED = "failed"  # nobody is there to show it


# Topic, the id of the action, and the token by which Wayland lets a window come to the front.
OnAction = Callable[[str, str, str], None]


class Notifier(Protocol):
    """Shows notifications somehow."""

    async def show(self, notification: Notification, *, insists: bool = False) -> Outcome:
        """Never raises and ends within seconds. `insists`: somebody waits to see it now."""

    async def say_anew(self, notification: Notification) -> None:
        """Put these words on what is still shown under its topic; nothing where nothing is."""

    def close(self, topic: str) -> Awaitable[None]:
        """Take away what is shown under `topic`, if anything is."""
