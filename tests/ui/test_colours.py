"""The palette, computed: contrast on every ground, and apart for every kind of colour vision."""

from __future__ import annotations

from itertools import combinations

import pytest
from support.colour_vision import DEFICIENCIES, distance

from app.ui.colours import DARK, LIGHT, TEXT_ON_GROUND, Colours, contrast

# Panels people have: white, Adwaita, Breeze, Windows, elementary; black, Breeze, Yaru, Windows.
LIGHT_PANELS = ("#FFFFFF", "#F6F5F4", "#EFF0F1", "#EBEBEB", "#E0E0E0")
DARK_PANELS = ("#000000", "#1C1C1C", "#241F31", "#2A2E32", "#303030", "#3C3C3C")
LEVELS = ("calm", "close", "over")

both = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@both
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_every_text_reads_on_its_ground(colours: Colours, text: str, ground: str) -> None:
    ratio = contrast(getattr(colours, text), getattr(colours, ground))
    assert ratio >= 4.5, f"{text} on {ground}: {ratio:.2f}"


@both
def test_levels_stand_out_from_track_and_panel(colours: Colours) -> None:
    for level in LEVELS:
        assert contrast(getattr(colours, level), colours.track) >= 3
        assert contrast(getattr(colours, level), colours.background) >= 3


@pytest.mark.parametrize(
    ("colours", "panels"),
    [(LIGHT, LIGHT_PANELS), (DARK, DARK_PANELS)],
    ids=["light", "dark"],
)
def test_the_icon_reads_on_the_panels_people_have(
    colours: Colours, panels: tuple[str, ...]
) -> None:
    for panel in panels:
        for name in (*LEVELS, "ink"):
            assert contrast(getattr(colours, name), panel) >= 3, (name, panel)


@both
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
