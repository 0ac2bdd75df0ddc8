"""What lies on the chat's desk: the draft with its files, and where the window stood. Pure.

`Desk` is what the window shows; `Kept` is what a small private file keeps of it, so that neither
a crash nor a restart loses a draft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import AppError
from app.guarded_json import decode_json
from app.values import dataclass

if TYPE_CHECKING:
    from app.chat.attachments import Attachment  # most questions have none
    from app.chat.cost import Movement
    from app.chat.models import ModelChoice

LARGEST_FILE = 16 << 20  # bytes
_DRAFT_CHARS = 1 << 20
_DRAFTS = 64  # accounts
_PLACES = 16  # sets of screens
_FARTHEST = 1 << 20  # pixels
_FILES = 8  # as many as go with a question
_PATH_CHARS = 4096


class Refusal(StrEnum):
    """Why a file does not go with the question."""

    FOLDER = "folder"
    NOT_OPENED = "not_opened"
    TOO_LARGE = "too_large"
    TOO_LARGE_TOGETHER = "too_large_together"
    NOT_TEXT = "not_text"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Refused:
    """One file that was not taken; `most` is the limit it went over, in bytes or files."""

    name: str
    why: Refusal
    most: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window stood, without its frame, in the pixels of the desktop."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What the program puts into the field; a new `number` means it is to be taken over.

    `replaces`: id of the turn that this question shall stand in for, "" for a new one.
    """

    number: int = 0
    text: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the chat window shows around its field. `models` None: not read; empty: cannot be.

    `moved`: how far the windows moved with the last answer, by the id of its turn.
    """

    draft: Draft = field(default_factory=Draft)
    attachments: tuple[Attachment, ...] = ()
    refused: tuple[Refused, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    models: tuple[ModelChoice, ...] | None = None
    moved: Mapping[str, tuple[Movement, ...]] = field(default_factory=dict)

    def put(self, text: str, replaces: str = "") -> Desk:
        """The desk with this text in the field."""
        return replace(self, draft=Draft(self.draft.number + 1, text, replaces))


@dataclass(frozen=True, slots=True)
class Kept:
    """Drafts by account key and places by set of screens; the newest come last.

    `files`: where the files beside a draft lie, by account key. They are read anew.
    """

    drafts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_draft(self, account_key: str, text: str) -> Kept:
        """With this draft; an empty one is forgotten."""
        drafts = {key: kept for key, kept in self.drafts.items() if key != account_key}
        if text:
            drafts[account_key] = text[:_DRAFT_CHARS]
        return replace(self, drafts=dict(list(drafts.items())[-_DRAFTS:]))

    def with_files(self, account_key: str, paths: Sequence[str]) -> Kept:
        """With these files beside the draft."""
        files = {key: kept for key, kept in self.files.items() if key != account_key}
        fitting = tuple(path for path in paths if 0 < len(path) <= _PATH_CHARS)[:_FILES]
        if fitting:
            files[account_key] = fitting
        return replace(self, files=dict(list(files.items())[-_DRAFTS:]))

    def with_place(self, screens: str, place: Place) -> Kept:
        """With the place on this set of screens."""
        places = {key: kept for key, kept in self.places.items() if key != screens}
        places[screens] = place
        return replace(self, places=dict(list(places.items())[-_PLACES:]))


def kept_from(content: bytes) -> Kept:
    """What a file holds; whatever cannot be used counts as not kept."""
    try:
        value = decode_json(content).value
    except AppError:
        return Kept()
    kept = Kept()
    if not isinstance(value, dict):
        return kept
    drafts, places, files = (value.get(name) for name in ("drafts", "places", "files"))
    for key, text in (drafts if isinstance(drafts, dict) else {}).items():
        if isinstance(text, str):
            kept = kept.with_draft(key, text)
    for key, numbers in (places if isinstance(places, dict) else {}).items():
        place = _place(numbers)
        if place is not None:
            kept = kept.with_place(key, place)
    for key, paths in (files if isinstance(files, dict) else {}).items():
        if isinstance(paths, list):
            kept = kept.with_files(key, [path for path in paths if isinstance(path, str)])
    return kept


def kept_content(kept: Kept) -> bytes:
    """The file's content, JSON in ASCII, so that half a surrogate pair survives too."""
    places = {k: [p.left, p.top, p.width, p.height] for k, p in kept.places.items()}
    files = {key: list(paths) for key, paths in kept.files.items()}
    told = {"drafts": dict(kept.drafts), "places": places, "files": files}
    return json.dumps(told).encode()


def _place(numbers: object) -> Place | None:
    if not isinstance(numbers, list) or len(numbers) != 4:
        return None
    if any(type(number) is not int or abs(number) > _FARTHEST for number in numbers):
        return None
    place = Place(*numbers)
    return place if place.width > 0 and place.height > 0 else None
