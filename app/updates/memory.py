"""What is remembered of looking for updates, and when to look again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.updates.versions import LONGEST, order_of
from app.values import dataclass

EVERY = timedelta(days=1)
LONGEST_ETAG = 200


@dataclass(frozen=True, slots=True)
class UpdateMemory:
    """`asked_at`: of the last request, whatever came of it. `newest`: what the service told last,
    `told`: what a notification was shown of. `etag` belongs to `newest`, from `address`."""

    asked_at: datetime | None = None
    address: str = ""
    etag: str = ""
    newest: str = ""
    told: str = ""


def is_due(memory: UpdateMemory, now: datetime) -> bool:
    """Whether a day has passed since the last request.

    A clock that was far ahead then, and is right by now, does not put it off for ever.
    """
    asked = memory.asked_at
    return asked is None or not -EVERY < now - asked < EVERY


def to_mapping(memory: UpdateMemory) -> dict[str, str]:
    """For the file, as JSON."""
    asked = memory.asked_at.astimezone(UTC).isoformat() if memory.asked_at else ""
    return {
        "asked_at": asked,
        "address": memory.address,
        "etag": memory.etag,
        "newest": memory.newest,
        "told": memory.told,
    }


def from_mapping(value: object) -> UpdateMemory:
    """What can be used of a decoded file; the rest is as good as forgotten."""
    found = value if isinstance(value, dict) else {}
    texts = {name: one for name, one in found.items() if isinstance(one, str)}
    return UpdateMemory(
        _moment(texts.get("asked_at", "")),
        texts.get("address", ""),
        usable_etag(texts.get("etag", "")),
        _version(texts.get("newest", "")),
        _version(texts.get("told", "")),
    )


def usable_etag(etag: str) -> str:
    """The validator as it may be sent back; "" for a strange one."""
    is_plain = etag.isascii() and etag.isprintable() and len(etag) <= LONGEST_ETAG
    return etag if is_plain and etag.removeprefix("W/").startswith('"') else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _version(text: str) -> str:
    return text if len(text) <= LONGEST and order_of(text) is not None else ""
