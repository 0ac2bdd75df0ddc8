"""The keyring child's requests and answers, on a backend in memory."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from app.auth import keyring_child
from app.auth.keyring_child import answer, serve
from app.auth.system_keyrings import KeyringEntries, Opened, OpenEntries, UnusableError


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


def open_with(backend: MemoryBackend) -> OpenEntries:
    return lambda **_: Opened("memory", KeyringEntries(backend))


def failing(error: Exception) -> OpenEntries:
    def open_entries(**_wishes: bool) -> Opened:
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
    for action in ("read", "erase"):
        reply = answer(request(action), lambda **_: Opened("empty", None))
        assert reply == {"text": None, "keyring": "empty"}


def test_what_is_cleared_is_gone_and_nothing_else() -> None:
    """T-43: this backend does not tell what there is, so only what is named goes."""
    backend = MemoryBackend()
    for name in ("host/a", "host/b", "host/c"):
        answer({"do": "write", "name": name, "text": "x" * 3000}, open_with(backend))
    backend.kept["Other", "host/a/a0"] = "another program's"
    clear = {"do": "clear", "name": "host/accounts", "names": ["host/a", "host/b", "host/none"]}
    assert answer(clear, open_with(backend)) == {"text": None, "keyring": "memory"}
    assert {key for key in backend.kept if "/c/" not in key[1]} == {("Other", "host/a/a0")}
    assert any("/c/" in key[1] for key in backend.kept)
    assert answer(clear, lambda **_: Opened("empty", None))["text"] is None


def test_a_look_tells_which_names_hold_anything() -> None:
    backend = MemoryBackend()
    answer({"do": "write", "name": "host/a", "text": "x"}, open_with(backend))
    look = {"do": "look", "names": ["host/a", "host/b"]}
    assert answer(look, open_with(backend)) == {"held": ["host/a"], "keyring": "memory"}
    assert answer(look, lambda **_: Opened("empty", None)) == {"held": [], "keyring": "empty"}


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

    def open_entries(*, unlock: bool, create: bool) -> Opened:
        wishes.append((unlock, create))
        return Opened("empty", None)

    answer(request("read"), open_entries)
    answer(request("read", unlock=True), open_entries)
    answer(request("write", text="x", unlock=True), open_entries)
    assert wishes == [(False, False), (True, False), (True, True)]


class Locked:
    """A keyring that is unlocked, or goes away, after some looks."""

    def __init__(self, looks: int, end: UnusableError | None = None) -> None:
        self.looks = looks
        self.end = end

    def __call__(self, *, unlock: bool, create: bool) -> Opened:
        assert not unlock
        assert not create
        self.looks -= 1
        if self.looks >= 0:
            raise UnusableError("locked")
        if self.end is not None:
            raise self.end
        return Opened("memory", None)


def test_an_unlock_elsewhere_is_waited_for_without_a_prompt() -> None:
    """F-T17"""
    pauses: list[bool] = []

    def wait() -> bool:
        pauses.append(True)
        return True

    assert answer({"do": "wait"}, Locked(3), wait) == {"text": None, "keyring": "memory"}
    assert len(pauses) == 3


def test_the_wait_ends_with_the_parent_or_the_keyring() -> None:
    assert answer({"do": "wait"}, Locked(3), lambda: False) == {"text": None, "keyring": ""}
    gone = answer({"do": "wait"}, Locked(1, UnusableError("missing", "why")), lambda: True)
    assert gone == {"refusal": "missing", "detail": "why"}


class InitError(Exception):
    """What the library raises when the Secret Service answers with an error."""


@pytest.mark.parametrize(
    ("unlock", "failures", "tries"), [(False, 2, 3), (False, 9, 3), (True, 9, 1)]
)
def test_a_service_not_reached_for_a_moment_is_asked_again_but_no_person(
    monkeypatch: pytest.MonkeyPatch, unlock: bool, failures: int, tries: int
) -> None:
    """F-T18, F-T19"""
    monkeypatch.setattr(keyring_child, "_PAUSES_S", (0.0, 0.0))
    asked: list[bool] = []

    def opened(*, unlock: bool, **_wishes: bool) -> Opened:
        asked.append(unlock)
        if len(asked) <= failures:
            raise InitError
        return Opened("test", None)

    reply = answer({"do": "read", "name": "n", "unlock": unlock}, opened)
    assert asked == [unlock] * tries
    refused = {"refusal": "failed", "detail": "InitError"}
    assert reply == (refused if failures >= tries else {"text": None, "keyring": "test"})
