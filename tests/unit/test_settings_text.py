"""What a person wrote around the settings stays as it is when one of them changes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import DEFAULTS, Settings, from_mapping
from app.settings_text import changed_text

MOST = 1 << 20
SAID = Settings(poll_idle_s=400, language="en", chat_instructions="a # b")
TEXT = """\
# Mine. Do not touch.
future = "x"  # of a newer version

poll_idle_s = 400  # the machine is slow
  'language' = 'en'
chat_instructions = "a # b"  # not a comment: # b

# About the table:
[table]
poll_idle_s = 7  # not ours
"""
UNKNOWN = {"future": "x", "table": {"poll_idle_s": 7}}


def changed(text: str, settings: Settings, unknown: dict[str, Any] | None = None) -> str:
    made = changed_text(text, settings, unknown or {}, MOST)
    values = tomllib.loads(made)
    assert from_mapping(values) == (settings, ())
    return made


def test_what_says_it_already_is_not_touched() -> None:
    assert changed(TEXT, SAID, UNKNOWN) == TEXT


def test_a_changed_value_keeps_its_place_and_comment() -> None:
    settings = replace(SAID, poll_idle_s=500, language="zh_CN", chat_instructions='"c"\n# d')
    expected = (
        TEXT.replace("poll_idle_s = 400", "poll_idle_s = 500")
        .replace("  'language' = 'en'", 'language = "zh_CN"')
        .replace('"a # b"', '"\\"c\\"\\n# d"')
    )
    assert changed(TEXT, settings, UNKNOWN) == expected


def test_a_default_leaves_and_a_new_one_comes_above_the_table() -> None:
    settings = replace(SAID, language=DEFAULTS.language, hints=False)
    expected = TEXT.replace("  'language' = 'en'\n", "").replace(
        "not a comment: # b\n", "not a comment: # b\nhints = false\n"
    )
    assert changed(TEXT, settings, UNKNOWN) == expected


def test_a_default_that_somebody_wrote_down_stays() -> None:
    text = f"poll_idle_s = {DEFAULTS.poll_idle_s} # as it comes\n"
    assert changed(text, replace(DEFAULTS, hints=False)) == f"{text}hints = false\n"


def test_lines_end_as_they_did() -> None:
    text = TEXT.replace("\n", "\r\n")
    settings = replace(SAID, poll_idle_s=500, hints=False)
    made = changed(text, settings, UNKNOWN)
    assert "# the machine is slow\r\n" in made
    assert "\r\nhints = false\r\n" in made
    assert made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", "hints = false\n"),
        ("# only words", "# only words\nhints = false\n"),
        ("clock = '24h'", "clock = '24h'\nhints = false\n"),
        ("# words\n[t]\n", "# words\nhints = false\n[t]\n"),
        ("# a\n\nclock = '24h'\n\n# b\n", "# a\n\nclock = '24h'\nhints = false\n\n# b\n"),
    ],
)
def test_where_a_new_line_goes(text: str, made: str) -> None:
    settings, _ = from_mapping(tomllib.loads(text))
    unknown: dict[str, Any] = {"t": {}} if "[t]" in text else {}
    assert changed(text, replace(settings, hints=False), unknown) == made


@pytest.mark.parametrize(
    "value",
    [
        '"""a\n# no comment\n"b" """',
        "'''a\n\\'''",
        "'lit # eral'",
        '"es\\"caped # "',
        '""',
        '["en"]',
        "{ a = 1 }",
        "1.5",
    ],
)
def test_values_in_all_forms_are_replaced(value: str) -> None:
    text = f"# before\nchat_instructions = {value} # after\n# end\n"
    made = changed(text, replace(DEFAULTS, chat_instructions="new"))
    assert made == '# before\nchat_instructions = "new" # after\n# end\n'


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "x = " + "[" * 10_000,
        "clock = [\n'24h',\n] # over several lines\n",
        "clock.hour = 24 # a table of its own\n",
        '# lost\nchat_instructions = """\n[not a table]\n"""\nclock = "12h"\n',
    ],
)
def test_what_is_too_tangled_is_written_anew(text: str) -> None:
    """Less is kept, and what is in force is right all the same."""
    settings = replace(DEFAULTS, clock="24h", hints=False)
    assert changed(text, settings) == 'clock = "24h"\nhints = false\n'


def test_what_another_program_left_out_comes_back() -> None:
    """The unknown keys are those that the last look found."""
    made = changed("hints = false\n", replace(DEFAULTS, hints=False), {"future": 1})
    assert tomllib.loads(made) == {"future": 1, "hints": False}


def test_no_line_more_makes_a_file_too_large_to_be_read() -> None:
    """T-40: it would be set aside at the next start."""
    text = f"clock = '24h'\n#{'a' * 100}\n"
    settings = Settings(clock="24h", hints=False)
    assert changed_text(text, settings, {}, len(text)) == 'clock = "24h"\nhints = false\n'


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "poll_idle_s": st.sampled_from([60, 300, 7200]),
        "hints": st.booleans(),
        "clock": st.sampled_from(["system", "12h", "24h"]),
        "chat_instructions": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    },
)


@given(VALUES, VALUES, st.lists(st.sampled_from(["", "# c", "[t]", "u = 1", "  # d"])))
def test_whatever_stands_there_the_settings_are_right(
    before: dict[str, Any], after: dict[str, Any], lines: list[str]
) -> None:
    text = changed_text("", Settings(**before), {}, MOST) + "\n".join(dict.fromkeys(lines))
    known = {key: value for key, value in tomllib.loads(text).items() if key in ("u", "t")}
    made = changed(text, Settings(**after), known)
    assert tomllib.loads(made).get("t") == known.get("t")
    assert made.count("# c") >= text.count("# c") - str(before).count("# c")
