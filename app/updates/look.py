"""Asking for the newest version: one conditional request, without anything that tells who asks.

No cookie, no version, no language goes with it; the entity tag is the server's own (RFC 9110,
If-None-Match). A redirect is not followed, wherever it leads.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from app.errors import AppError
from app.transport import Bounds, Reply, Request, Transport
from app.updates.memory import UpdateMemory, usable_etag
from app.updates.reply import LARGEST, newest_of

BOUNDS = Bounds(total_s=30, idle_s=15, body_bytes=LARGEST)

log = logging.getLogger("tidegauge.updates")


async def asked(transport: Transport, address: str, memory: UpdateMemory) -> UpdateMemory | None:
    """`memory` with what `address` tells; None if it tells nothing that can be used."""
    headers = {"Accept": "application/json"}
    if memory.etag and memory.address == address:
        headers["If-None-Match"] = memory.etag
    try:
        reply = await transport.send(Request("GET", address, headers), BOUNDS)
    except AppError as error:
        log.info("looking for updates: %s", error)
        return None
    return _read(reply, address, memory)


def _read(reply: Reply, address: str, memory: UpdateMemory) -> UpdateMemory | None:
    if reply.status == 304 and memory.address == address:
        return memory
    newest = newest_of(reply.body) if reply.status == 200 else ""
    if not newest:
        log.info("looking for updates: status %d, no version in it", reply.status)
        return None
    etag = usable_etag(reply.headers.get("etag", ""))
    return replace(memory, address=address, etag=etag, newest=newest)
