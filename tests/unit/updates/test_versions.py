"""Which of two versions is the newer one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.updates.versions import is_newer, order_of, shown

IN_ORDER = [
    "0.1.dev1",
    "0.1.0a1",
    "0.1.0-alpha.2",
    "0.1b",
    "0.1.0-beta.1",
    "v0.1.0-rc.1",
    "0.1.0rc2",
    "0.1.0",
    "0.1.0.post1",
    "0.1.1",
    "0.2",
    "0.10.0",
    "1.0.0+build.5",
    "1.0.1",
    "2026.11.23",
]
GARBAGE = [
    "",
    "latest",
    "1.x",
    "1..2",
    "1.2.3.4.5.6",
    "-1.0",
    "1.0 ",
    "1.0\n",
    "v",
    "１.０",
    "1" * 10,
    "1.0-" + "a" * 100,
    "1.0rc1.dev2.extra",
    "<b>2.0</b>",
    "../2.0",
    "9" * 100_000,
]


def test_they_stand_in_this_order() -> None:
    for older, newer in pairwise(IN_ORDER):
        first, second = order_of(older), order_of(newer)
        assert first is not None
        assert second is not None
        assert first < second, (older, newer)


@pytest.mark.parametrize("pair", [("1.0", "v1.0.0"), ("1.0rc1", "1.0.0-RC.1"), ("1", "1.0+x")])
def test_written_differently_they_are_the_same(pair: tuple[str, str]) -> None:
    assert order_of(pair[0]) == order_of(pair[1])
    assert not is_newer(*pair)


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_version_is_no_news(text: str) -> None:
    assert order_of(text) is None
    assert not is_newer(text, "0.1.0")
    assert not is_newer("0.2.0", text)


@pytest.mark.parametrize(
    ("told", "current", "expected"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.1.0", "0.1.0", False),
        ("0.0.9", "0.1.0", False),  # a downgrade
        ("0.2.0rc1", "0.1.0", False),
        ("0.2.0rc1", "0.2.0b3", True),
        ("0.2.0", "0.2.0rc1", True),
        ("0.1.0.post1", "0.1.0", True),
    ],
)
def test_news_is_what_is_newer_and_a_preview_only_for_previews(
    told: str, current: str, expected: bool
) -> None:
    assert is_newer(told, current) is expected


def test_a_tags_letter_is_not_shown() -> None:
    assert [shown(text) for text in ("v1.0", "V1.0", "1.0")] == ["1.0"] * 3
