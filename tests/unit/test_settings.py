"""The one declared list of settings and what it accepts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import (
    DECLARATIONS,
    DEFAULTS,
    Declaration,
    Settings,
    accepts,
    differences,
    from_mapping,
    parse_value,
    to_mapping,
    written_value,
)

BY_KEY = {declaration.key: declaration for declaration in DECLARATIONS}


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda d: d.key)
def test_every_default_is_acceptable(declaration: Declaration) -> None:
    assert accepts(declaration, declaration.default)
    assert declaration.section


@pytest.mark.parametrize(
    ("key", "value", "is_fine"),
    [
        ("clock", "12h", True),
        ("clock", "13h", False),
        ("clock", 12, False),
        ("close_percent", 1, True),
        ("close_percent", 100, True),
        ("close_percent", 0, False),
        ("close_percent", 101, False),
        ("close_percent", True, False),
        ("close_percent", 75.0, False),
        ("close_percent", "75", False),
        ("close_percent", None, False),
        ("poll_active_s", 29, False),
        ("proxy", "http://proxy.example:8080", True),
        ("chat_model", ["a"], False),
        ("chat_model", "潮汐", True),
        (
            "chat_model",
            "a\udcffb",
            False,
        ),  # F-D12: a byte that is no UTF-8
    ],
)
def test_values_are_bound_by_type_bounds_and_choices(
    key: str, value: object, is_fine: bool
) -> None:
    assert accepts(BY_KEY[key], value) is is_fine


def test_a_value_out_of_bounds_falls_back_alone() -> None:
    """F-D21: the other values of the file stay."""
    settings, refused = from_mapping(
        {"clock": "24h", "poll_active_s": 1, "close_percent": "x", "future_key": 3}
    )

    assert settings == replace(DEFAULTS, clock="24h")
    assert refused == ("poll_active_s", "close_percent")


def test_only_what_differs_from_the_defaults_is_kept() -> None:
    assert to_mapping(DEFAULTS) == {}
    assert to_mapping(replace(DEFAULTS, clock="12h")) == {"clock": "12h"}


def test_thresholds_come_in_order() -> None:
    assert Settings(close_percent=75, over_percent=90).thresholds == (75, 90)
    assert Settings(close_percent=95, over_percent=90).thresholds == (90, 90)


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@given(st.dictionaries(st.sampled_from(sorted(BY_KEY)) | st.text(max_size=8), anything))
def test_no_file_can_yield_settings_that_are_not_acceptable(values: dict[str, object]) -> None:
    settings, refused = from_mapping(values)

    assert all(accepts(d, getattr(settings, d.key)) for d in DECLARATIONS)
    assert from_mapping(to_mapping(settings)) == (settings, ())
    assert set(refused) <= set(values)


def test_differences_name_defaults_too() -> None:
    before, after = replace(DEFAULTS, clock="24h"), replace(DEFAULTS, close_percent=60)
    assert differences(before, after) == {"clock": "system", "close_percent": 60}
    assert differences(after, after) == {}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("warnings", "off", False),
        ("warnings", " Yes ", True),
        ("warnings", "0", False),
        ("close_percent", "60", 60),
        ("close_percent", " 60 ", 60),
        ("clock", "24h", "24h"),
        ("chat_instructions", "be brief", "be brief"),
        ("chat_effort", "", ""),
    ],
)
def test_a_value_is_read_as_its_setting_means_it(key: str, text: str, value: object) -> None:
    assert parse_value(BY_KEY[key], text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("warnings", "maybe"),
        ("close_percent", "0"),
        ("close_percent", "sixty"),
        ("close_percent", "6.5"),
        ("close_percent", "６０"),  # F-D12: digits of another script
        ("close_percent", "6_0"),  # as Python writes numbers
        ("clock", "25h"),
    ],
)
def test_a_text_that_means_no_accepted_value_is_refused(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_value(BY_KEY[key], text)


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda d: d.key)
def test_what_is_written_reads_back(declaration: Declaration) -> None:
    text = written_value(declaration.default)
    assert parse_value(declaration, text) == declaration.default
