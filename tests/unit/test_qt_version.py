"""The start is refused on the pair that aborts, and on no other (A1, F-D26)."""

from __future__ import annotations

import pytest

from app.qt_version import bad_pair, refusal


@pytest.mark.parametrize("qt", ["6.12.0", "6.12.3", "6.13.0", "7.0.0"])
def test_python_before_immortal_objects_refuses_the_leaking_releases(qt: str) -> None:
    reason = refusal((3, 11, 2), qt)

    assert qt in reason
    assert "3.11.2" in reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("python", "qt"),
    [
        ((3, 11, 2), "6.11.3"),
        ((3, 11, 9), "6.8.3"),
        ((3, 12, 0), "6.12.0"),
        ((3, 13, 5), "6.12.1"),
        ((3, 11, 2), ""),
    ],
)
def test_every_other_pair_starts(python: tuple[int, ...], qt: str) -> None:
    assert refusal(python, qt) == ""


def test_the_locked_pair_of_this_environment_starts() -> None:
    assert bad_pair() == ""
