"""The words of `tidegauge config`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.settings import DECLARATIONS, DEFAULTS
from app.wording.config_command import no_such_setting, not_accepted, now_set, setting_lines

BY_KEY = {declaration.key: declaration for declaration in DECLARATIONS}


def test_every_setting_is_listed_with_its_value_and_a_star_where_it_was_changed() -> None:
    lines = setting_lines(replace(DEFAULTS, close_percent=60))
    for declaration in DECLARATIONS:
        assert any(line[3:].startswith(f"{declaration.key} = ") for line in lines)
    assert " * close_percent = 60" in lines
    assert "   over_percent = 90" in lines
    assert '   chat_model = ""' in lines
    assert sum(line.startswith(" *") for line in lines) == 1


def test_a_wrong_name_is_told_with_the_one_perhaps_meant() -> None:
    assert "“clock”" in no_such_setting("clok", tuple(BY_KEY))
    assert "config list" in no_such_setting("zzzz", tuple(BY_KEY))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("close_percent", "1 to 100"),
        ("clock", "system, 12h, 24h"),
        ("chat_effort", '"", none'),
        ("warnings", "on, off"),
    ],
)
def test_a_refused_value_is_told_with_what_is_possible(key: str, words: str) -> None:
    text = not_accepted(BY_KEY[key], "\x1b[2Jx")
    assert words in text
    assert "\x1b" not in text  # T-54


def test_a_text_has_no_list_of_possible_values() -> None:
    assert not_accepted(BY_KEY["chat_model"], "x").endswith("stays as it is.")


def test_what_holds_from_the_next_start_on_says_so() -> None:
    assert now_set(BY_KEY["proxy"], "none") == "proxy = none"
    assert now_set(BY_KEY["warnings"], False) == "warnings = off"
