"""Every recorded shape of the usage reply, and what a person would say of it."""

from __future__ import annotations

import pytest
from support.usage_words import TABLE, cases, said_of, table

CASES = cases()
SAID = table()


def test_the_table_covers_every_case() -> None:
    assert len(CASES) == 80 + 45
    assert list(SAID) == list(CASES), TABLE.name


@pytest.mark.parametrize("name", SAID)
def test_each_reply_reads_as_a_person_would_say_it(name: str) -> None:
    """F-U01…F-U18, F-U20, F-U21, F-U23 in the shapes that were recorded, and peers facts 1, 2,
    4, 5, 9, 12 and 14; the sentences were reviewed one by one."""
    assert said_of(CASES[name]) == SAID[name]
