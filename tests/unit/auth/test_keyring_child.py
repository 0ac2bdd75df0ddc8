"""The keyring child's requests and answers, on a backend in memory."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.auth.keyring_child import KeyringEntries, UnusableError, answer, serve
from app.auth.slots import Entries


class MemoryBackend:
    """The shape of keyring's backends; deleting what is not there is an error, as it is there."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class KeyringLocked(Exception):  # noqa: N818 - the name of keyring's own
    pass


def request(action: str, **more: Any) -> dict[str, Any]:
    return {"do": action, "name": "host/default", **more}


def open_with(backend: MemoryBackend) -> Callable[[bool, bool], Entries | None]:
    return lambda _unlock, _create: KeyringEntries(backend)


def failing(error: Exception) -> Callable[[bool, bool], Entries | None]:
    def open_entries(_unlock: bool, _create: bool) -> Entries | None:
        raise error

    return open_entries


def test_write_read_erase() -> None:
    backend = MemoryBackend()
    requests = [
        request("read"),
        request("write", text="secret"),
        request("read"),
        request("erase"),
        request("read"),
    ]
    lines = b"".join(json.dumps(r).encode() + b"\n" for r in requests)
    replies = io.BytesIO()
    serve(io.BytesIO(lines), replies, open_with(backend))
    texts = [json.loads(line)["text"] for line in replies.getvalue().splitlines()]
    assert texts == [None, None, "secret", None, None]
    assert backend.kept == {}


def test_all_entries_are_under_one_service_name() -> None:
    backend = MemoryBackend()
    answer(request("write", text="x" * 3000), open_with(backend))
    assert {service for service, _ in backend.kept} == {"Tidegauge"}


def test_where_nothing_can_be_stored_nothing_is() -> None:
    assert answer(request("read"), lambda _u, _c: None) == {"text": None}
    assert answer(request("erase"), lambda _u, _c: None) == {"text": None}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UnusableError("missing", "why"), {"refusal": "missing", "detail": "why"}),
        (UnusableError("locked"), {"refusal": "locked", "detail": ""}),
        (KeyringLocked("prompt"), {"refusal": "locked", "detail": "KeyringLocked"}),
        (RuntimeError("tokens in here"), {"refusal": "failed", "detail": "RuntimeError"}),
    ],
)
def test_every_failure_has_a_state_and_no_text_of_the_backend(
    error: Exception, expected: dict[str, str]
) -> None:
    """F-T18, F-T19"""
    assert answer(request("read"), failing(error)) == expected


def test_damage_and_lost_writes_are_told_apart() -> None:
    """F-T21, F-T23"""
    backend = MemoryBackend()
    backend.set_password("Tidegauge", "host/default/a0", "garbage")
    assert answer(request("read"), open_with(backend))["refusal"] == "damaged"
    backend.set_password = lambda *_: None  # type: ignore[method-assign]
    assert answer(request("write", text="x"), open_with(backend))["refusal"] == "failed"


def test_the_wish_to_unlock_and_to_create_is_passed_on() -> None:
    """F-T17"""
    wishes: list[tuple[bool, bool]] = []

    def open_entries(unlock: bool, create: bool) -> Entries | None:
        wishes.append((unlock, create))
        return None

    answer(request("read"), open_entries)
    answer(request("read", unlock=True), open_entries)
    answer(request("write", text="x", unlock=True), open_entries)
    assert wishes == [(False, False), (True, False), (True, True)]
