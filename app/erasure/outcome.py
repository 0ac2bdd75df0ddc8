"""What has become of the wish to delete everything, as values. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.values import dataclass


class Part(StrEnum):
    """What may be left, and is to be tried again. Files of others are none of these."""

    KEYRING_LOCKED = "keyring_locked"
    KEYRING_FAILED = "keyring_failed"
    AUTOSTART = "autostart"
    FILES = "files"
    UNKNOWN = "unknown"  # deleting itself failed


@dataclass(frozen=True, slots=True)
class Leftover:
    """`names`: what is left, each with the reason as the system words it, where there is one."""

    part: Part
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`untold`: so many sign-ins are gone here, and the service could not be told so.

    `foreign` are the files in our folders that are not ours; they stay.
    """

    left: tuple[Leftover, ...] = ()
    foreign: tuple[str, ...] = ()
    untold: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing of ours is left here."""
        return not self.left


@dataclass(frozen=True, slots=True)
class Erasure:
    """Deleting everything: under way as long as there is no outcome."""

    keeps_settings: bool = False
    outcome: Outcome | None = None
