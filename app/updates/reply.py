"""What the service of the releases answers. Pure.

JSON with the version under `version`, or under `tag_name` as the interfaces of repository hosts
have it. Nothing else of it is read: no address, no text.
"""

from __future__ import annotations

from app.errors import AppError
from app.guarded_json import decode_json
from app.updates.versions import order_of, shown

LARGEST = 256 << 10


def newest_of(body: bytes) -> str:
    """The version that is told; "" if none can be made out."""
    try:
        value = decode_json(body).value
    except AppError:
        return ""
    if not isinstance(value, dict):
        return ""
    told = value.get("version", value.get("tag_name"))
    return shown(told) if isinstance(told, str) and order_of(told) is not None else ""
