"""The palette, computed: contrast on every ground, and apart for every kind of colour vision."""

from __future__ import annotations

from itertools import combinations

import pytest
from support.colour_vision import DEFICIENCIES, distance

from app.ui.colours import (
    ALL,
    DARK,
    HIGH_DARK,
    HIGH_LIGHT,
    LIGHT,
    TEXT_ON_GROUND,
    Colours,
    contrast,
    least_contrast,
)

# Panels people have: white, Adwaita, Breeze, Windows, elementary; black, Breeze, Yaru, Windows.
LIGHT_PANELS = ("#FFFFFF", "#F6F5F4", "#EFF0F1", "#EBEBEB", "#E0E0E0")
DARK_PANELS = ("#000000", "#1C1C1C", "#241F31", "#2A2E32", "#303030", "#3C3C3C")
LEVELS = ("calm", "close", "over")

every_set = pytest.mark.parametrize(
    "colours", ALL, ids=["light", "dark", "high-light", "high-dark"]
)
high = pytest.mark.parametrize("colours", [HIGH_LIGHT, HIGH_DARK], ids=["light", "dark"])


@every_set
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_every_text_reads_on_its_ground(colours: Colours, text: str, ground: str) -> None:
    ratio = contrast(getattr(colours, text), getattr(colours, ground))
    assert ratio >= least_contrast(colours), f"{text} on {ground}: {ratio:.2f}"


def test_high_contrast_asks_for_more() -> None:
    assert [least_contrast(colours) for colours in ALL] == [4.5, 4.5, 7, 7]


@high
def test_where_contrast_is_high_every_mark_and_border_stands_out(colours: Colours) -> None:
    """WCAG 1.4.11: tracks, borders and the ring of the keyboard focus, on each ground."""
    for ground in ("background", "card", "code", "bubble", "shade"):
        for mark in ("line", "calm", "ink"):
            assert contrast(getattr(colours, mark), getattr(colours, ground)) >= 3, (mark, ground)
    assert contrast(colours.track, colours.background) >= 3
    assert colours.edge("card") == colours.line
    assert LIGHT.edge("card") == LIGHT.card


@every_set
def test_levels_stand_out_from_track_and_panel(colours: Colours) -> None:
    for level in LEVELS:
        assert contrast(getattr(colours, level), colours.track) >= 3
        assert contrast(getattr(colours, level), colours.background) >= 3


@pytest.mark.parametrize(
    ("colours", "panels"),
    [
        (LIGHT, LIGHT_PANELS),
        (DARK, DARK_PANELS),
        (HIGH_LIGHT, LIGHT_PANELS),
        (HIGH_DARK, DARK_PANELS),
    ],
    ids=["light", "dark", "high-light", "high-dark"],
)
def test_the_icon_reads_on_the_panels_people_have(
    colours: Colours, panels: tuple[str, ...]
) -> None:
    for panel in panels:
        for name in (*LEVELS, "ink"):
            assert contrast(getattr(colours, name), panel) >= 3, (name, panel)


@every_set
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_levels_stay_apart_for_every_kind_of_colour_vision(
    colours: Colours, deficiency: str
) -> None:
    for first, second in combinations(LEVELS, 2):
        gap = distance(getattr(colours, first), getattr(colours, second), deficiency)
        assert gap >= 20, f"{first} and {second}: {gap:.1f}"


def test_contrast_of_black_and_white_is_the_largest_there_is() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#5B6675", "#5B6675") == 1
