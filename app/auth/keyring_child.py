"""The program's only user of the `keyring` library: a short-lived child process.

It reads one JSON request per line from stdin and answers each with one line on stdout; it ends
with its stdin. Which keyring that is, `system_keyrings` knows.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, BinaryIO

from app.auth import slots
from app.auth.system_keyrings import Entries, Opened, OpenEntries, UnusableError, system_keyring

_WINDOWS_LIMIT = slots.PIECE_LIMIT
_OTHER_LIMIT = 60_000  # one entry: one D-Bus round trip between two generations
_NOT_REACHED = "InitError"  # the library's word for a Secret Service that answers with an error
_LOCKED = ("KeyringLocked", "LockedException")  # the library's words, and those of its own one
_PAUSES_S = (0.2, 0.6)
_LOOK_EVERY_S = 1.0  # an unlock elsewhere is noticed within two seconds (F-T17)


def main() -> None:
    """Serve the parent's requests until it closes stdin."""
    _forbid_core_dumps()
    open_entries = system_keyring()
    serve(sys.stdin.buffer, sys.stdout.buffer, open_entries)
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and interpreter teardown costs 20 ms


def serve(requests: BinaryIO, replies: BinaryIO, open_entries: OpenEntries) -> None:
    """Answer each request line of `requests` with one line on `replies`."""
    for line in requests:
        reply = answer(json.loads(line), open_entries)
        replies.write(json.dumps(reply).encode("ascii") + b"\n")
        replies.flush()


def answer(
    request: dict[str, Any],
    open_entries: OpenEntries,
    wait: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """`{"text", "keyring"}` for a request that was done, else `{"refusal", "detail"}`.

    Requests: `{"do": "read" | "write" | "erase", "name", "unlock", "text"}`;
    `{"do": "look", "names"}`, answered by `{"held"}`, those names that hold anything;
    `{"do": "clear", "names"}`, which removes those and all of ours that the keyring tells of; and
    `{"do": "wait"}`, which is answered once the keyring is no longer locked.

    A service that is not reached for a moment, as a busy or restarting one, is asked again; not
    where a person may have been asked and has said no (F-T18, F-T19).
    """
    for pause_s in () if request.get("unlock") else _PAUSES_S:
        reply = _answer_once(request, open_entries, wait)
        if reply.get("detail") != _NOT_REACHED:
            return reply
        time.sleep(pause_s)
    return _answer_once(request, open_entries, wait)


def _answer_once(
    request: dict[str, Any], open_entries: OpenEntries, wait: Callable[[], bool] | None
) -> dict[str, Any]:
    try:
        if request["do"] == "wait":
            found = _unlocked(open_entries, wait or _wait_for_parent)
            return {"text": None, "keyring": found.keyring if found else ""}
        opened = open_entries(unlock=bool(request.get("unlock")), create=request["do"] == "write")
        with ExitStack() as end:
            end.callback(opened.close)
            if request["do"] == "look":
                return {"held": _held(request, opened.entries), "keyring": opened.keyring}
            return {"text": _done(request, opened.entries), "keyring": opened.keyring}
    except UnusableError as refusal:
        return {"refusal": refusal.state, "detail": refusal.detail}
    except slots.DamagedError:
        return {"refusal": "damaged", "detail": ""}
    except slots.LostWriteError:
        return {"refusal": "failed", "detail": "the keyring did not keep what was written"}
    except Exception as error:  # noqa: BLE001 - backends raise their platforms' own exceptions
        state = "locked" if type(error).__name__ in _LOCKED else "failed"
        return {"refusal": state, "detail": type(error).__name__}


def _done(request: dict[str, Any], entries: Entries | None) -> str | None:
    """What a read finds; None for the rest."""
    name = str(request["name"])
    if entries is None:
        return None
    if request["do"] == "write":
        limit = _WINDOWS_LIMIT if sys.platform == "win32" else _OTHER_LIMIT
        slots.write(entries, name, str(request["text"]), limit)
    elif request["do"] == "erase":
        slots.erase(entries, name)
    elif request["do"] == "clear":
        for one in request["names"]:
            slots.erase(entries, str(one))
        entries.drop_all()
    else:
        return slots.read(entries, name)
    return None


def _held(request: dict[str, Any], entries: slots.Entries | None) -> list[str]:
    names = [str(name) for name in request["names"]]
    return [name for name in names if entries is not None and slots.is_held(entries, name)]


def _unlocked(open_entries: OpenEntries, wait: Callable[[], bool]) -> Opened | None:
    """Look again and again, without a prompt; None if the parent wants no more of it."""
    while True:
        try:
            return open_entries(unlock=False, create=False)
        except UnusableError as refusal:
            if refusal.state != "locked":
                raise
        if not wait():
            return None


def _wait_for_parent() -> bool:
    """Pause; false if the parent closed stdin, or is gone."""
    readable, _, _ = select.select([sys.stdin], [], [], _LOOK_EVERY_S)
    return not readable


def _forbid_core_dumps() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
