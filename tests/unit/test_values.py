"""Frozen values behave as those of the standard library, with methods that all of them share."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
from dataclasses import field

import pytest

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: float = 0.0
    secret: str = field(default="s", repr=False)
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Only:
    number: float


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Named:  # noqa: PLW1641 - the hash is of its fields
    name: str

    def __repr__(self) -> str:
        return "somebody"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and other.name.lower() == self.name.lower()


@dataclass(slots=True)
class Changing:
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    x: int
    y: float = 0.0


def test_it_shows_what_may_be_shown() -> None:
    assert repr(Point(1)) == "Point(x=1, y=0.0, note='')"
    assert repr(Empty()) == "Empty()"
    assert repr(Standard(1, 2)) == repr(Point(1, 2)).replace("Point", "Standard").replace(
        ", note=''", ""
    )


def test_values_of_equal_fields_are_equal() -> None:
    assert Point(1, note="a") == Point(1, note="b")
    assert hash(Point(1, note="a")) == hash(Point(1, note="b"))
    assert Point(1) != Point(2)
    assert Point(1) != object()
    assert Point(1, secret="t") != Point(1)
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())
    assert {Only(1.0), Only(1.0)} == {Only(1.0)}


def test_a_value_equals_itself_whatever_it_holds() -> None:
    """As tuples have it, and with them the standard library's values."""
    assert Only(math.nan) == Only(math.nan)
    value = Only(math.nan)
    assert value == value  # noqa: PLR0124


def test_it_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del Point(1).x
    assert not hasattr(Point(1), "__dict__")


def test_what_a_class_says_itself_holds() -> None:
    assert repr(Named("a")) == "somebody"
    assert Named("a") == Named("A")
    assert isinstance(hash(Named("a")), int)


def test_the_standard_librarys_means_work() -> None:
    point = Point(1)
    assert dataclasses.replace(point, x=3).x == 3
    assert dataclasses.asdict(Only(1.0)) == {"number": 1.0}
    assert copy.deepcopy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point  # noqa: S301 - made here
    match point:
        case Point(x, y):
            assert (x, y) == (1, 0.0)


def test_a_value_that_changes_is_the_standard_librarys() -> None:
    changing = Changing(1)
    changing.number = 2
    assert changing == Changing(2)


def test_methods_exist_once() -> None:
    for name in ("__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"):
        assert getattr(Point, name) is getattr(Only, name)
