"""The memory of the warnings as plain JSON values, read back with suspicion. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from app.alerts.memory import (
    MOST_ACCOUNTS,
    MOST_EXPIRIES,
    MOST_PER_HOUR,
    MOST_WINDOWS,
    AccountMemory,
    CreditsMemory,
    LimitMemory,
    Memory,
    WindowMemory,
)

VERSION = 1
_LONGEST_NAME = 300
_LARGEST = 1 << 50

T = TypeVar("T")


def to_json(memory: Memory) -> dict[str, Any]:
    """What `from_json` reads."""
    return {"version": VERSION, **asdict(memory)}


def from_json(value: object) -> Memory:
    """The memory that `to_json` gave. Raises `ValueError` for anything else."""
    root = _mapping(value)
    if root.get("version") != VERSION:
        raise ValueError("another version")
    return Memory(
        _table(root, "accounts", MOST_ACCOUNTS, _account),
        _numbers(root, "given_at", MOST_PER_HOUR),
        _number(root.get("lost_until")),
    )


def _account(value: object) -> AccountMemory:
    block = _mapping(value)
    return AccountMemory(
        _number(block.get("at")),
        _table(block, "windows", MOST_WINDOWS, lambda one: _flat(WindowMemory, one)),
        _table(block, "limits", MOST_WINDOWS, lambda one: _flat(LimitMemory, one)),
        _flat(CreditsMemory, block.get("credits")),
        _numbers(block, "expiries_told", MOST_EXPIRIES),
        _flag(block.get("sign_in_told")),
    )


def _flat(kind: Callable[..., T], value: object) -> T:
    """A dataclass of plain fields, each of the type it is declared with."""
    block = _mapping(value)
    readers = {"int": _number, "int | None": _number_or_none, "bool": _flag, "str": _name}
    declared = fields(kind)  # type: ignore[arg-type]
    return kind(**{one.name: readers[str(one.type)](block.get(one.name)) for one in declared})


def _table(
    block: Mapping[str, Any], key: str, most: int, read: Callable[[object], T]
) -> dict[str, T]:
    rows = _mapping(block.get(key))
    if len(rows) > most:
        raise ValueError(f"too many {key}")
    return {_name(name): read(row) for name, row in rows.items()}


def _numbers(block: Mapping[str, Any], key: str, most: int) -> tuple[int, ...]:
    values = block.get(key)
    if not isinstance(values, (list, tuple)) or len(values) > most:
        raise ValueError(f"no list: {key}")
    return tuple(_number(value) for value in values)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _number(value: object) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError("no whole number")
    return value


def _number_or_none(value: object) -> int | None:
    return None if value is None else _number(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("no flag")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        raise ValueError("no name")
    return value
