"""Which names in our folders are ours. Pure.

The folders may hold what somebody else put there; only what is named here is ever deleted. A test
holds the list against what a whole life of the program leaves behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

# How `private_files.replacing` calls a file that is not whole yet.
_UNFINISHED = r"\.(?:{names})\.[a-z0-9_]{{8}}"
_STAMP = r"\d{8}T\d{6}Z(?:-\d+)?"
# A database, its journals, one being built, copies before a migration, damaged ones set aside.
_DATABASE = (
    rf"(?:history|conversations)(?:\.db(?:\.new)?|\.version-\d+|\.corrupt-{_STAMP})"
    r"(?:-journal|-wal|-shm)?"
)
_NOTES = (
    r"account\.json|keyring\.json|alerts\.json|autostart\.json|chat-desk\.json|updates\.json"
    r"|unsaved\.json"
)
_LISTS = r"models-[0-9a-f]{16}\.json"
_SETTINGS = r"settings\.toml(?:\.bad)?"


class Folder(StrEnum):
    """A folder of ours, as `paths.Paths` calls it."""

    CONFIG = "config"
    STATE = "state"
    CACHE = "cache"
    LOGS = "logs"
    RUNTIME = "runtime"


_OWN: Mapping[Folder, re.Pattern[str]] = {
    Folder.CONFIG: re.compile(rf"{_SETTINGS}|{_UNFINISHED.format(names=_SETTINGS)}"),
    Folder.STATE: re.compile(
        rf"{_DATABASE}|conversations\.unswept|settings\.lock|(?:{_NOTES})(?:\.bad)?"
        rf"|locks/(?:accounts|sign-in|updates|refresh-[0-9a-f]+)\.lock|{_UNFINISHED.format(names=_NOTES)}"
    ),
    Folder.CACHE: re.compile(rf"{_LISTS}|{_UNFINISHED.format(names=_LISTS)}"),
    Folder.LOGS: re.compile(r"tidegauge\.log(?:\.\d+)?"),
    Folder.RUNTIME: re.compile(r"(?:tray|demo)\.(?:lock|socket)"),
}
OWN_FOLDERS = frozenset({"locks"})  # inside the state folder
# Told to whoever deletes again after the keyring kept something: which entries there are.
NEEDED_FOR_KEYRING = frozenset({"account.json", "keyring.json"})


def is_own(folder: Folder, name: str) -> bool:
    """Whether the file `name` in `folder` is ours; below another one it is "OTHER/NAME"."""
    return _OWN[folder].fullmatch(name) is not None


def is_setting(folder: Folder, name: str) -> bool:
    """Whether it holds settings, so that it stays for whoever keeps them."""
    return folder is Folder.CONFIG and name == "settings.toml"
