"""Finding a setting by words."""

from __future__ import annotations

from app.settings import DECLARATIONS
from app.ui.setting_search import matches
from app.wording import settings as words

CLOCK = next(one for one in DECLARATIONS if one.key == "clock")


def test_every_word_must_stand_somewhere_whatever_the_case() -> None:
    assert matches(CLOCK, "")
    assert matches(CLOCK, "  ")
    assert matches(CLOCK, "CLOCK")
    assert matches(CLOCK, "24 hours")  # one of its choices
    assert matches(CLOCK, words.section_label("gauges"))
    assert matches(CLOCK, "written gauges")
    assert not matches(CLOCK, "clock network")


def test_each_is_found_by_its_own_label() -> None:
    assert all(matches(one, words.setting_label(one.key)) for one in DECLARATIONS)
