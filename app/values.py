"""`dataclass` for frozen values whose common methods exist once, not once per class.

The standard one compiles `__repr__`, `__eq__`, `__hash__`, `__setattr__` and `__delattr__` for
each class anew: 10 kB apiece, 0.9 MB of what the program keeps in memory while it only sits in
the tray. They are the same but for the fields' names, so here all classes share them. For the
type checker, and in behaviour, it is `dataclasses.dataclass`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

_Class = TypeVar("_Class", bound=type)


def _repr(self: Any) -> str:
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    words = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({words})"


def _equals(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or self._compared(self) == self._compared(other)


def _hashed(self: Any) -> int:
    return hash(self._compared(self))


def _refuse_change(_self: object, name: str, _value: object) -> None:
    message = f"cannot assign to field {name!r}"
    raise dataclasses.FrozenInstanceError(message)


def _refuse_removal(_self: object, name: str) -> None:
    message = f"cannot delete field {name!r}"
    raise dataclasses.FrozenInstanceError(message)


_SHARED: tuple[tuple[str, Callable[..., object]], ...] = (
    ("__repr__", _repr),
    ("__eq__", _equals),
    ("__hash__", _hashed),
)


def _value(cls: _Class) -> _Class:
    own = vars(cls)
    for name, method in _SHARED:
        if own.get(name) is None:  # a class with its own `__eq__` gets `__hash__ = None`
            setattr(cls, name, method)
    made: Any = dataclasses.dataclass(frozen=True, slots=True, repr=False, eq=False)(cls)
    made.__setattr__, made.__delattr__ = _refuse_change, _refuse_removal
    made._compared = _compared_of(made)
    return made  # type: ignore[no-any-return]


def _compared_of(cls: Any) -> object:
    """Takes the fields that count out of a value, always as a tuple: NaN equals itself in one."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    if not names:
        return staticmethod(_nothing)
    return attrgetter(*names, names[0])


def _nothing(_value: object) -> tuple[()]:
    return ()


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - exported
else:

    def dataclass(*, slots: bool, frozen: bool = False) -> Callable[[_Class], _Class]:
        """As `dataclasses.dataclass`; what can change is handed to that."""
        return _value if frozen else dataclasses.dataclass(slots=slots)
