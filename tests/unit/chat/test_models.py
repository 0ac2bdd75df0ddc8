"""The list of models: tolerant of every field, sorted, and the choice from it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.models import (
    EFFORTS,
    FALLBACK_MODELS,
    Effort,
    Model,
    ModelChoice,
    choices,
    effort_for,
    listed,
    parse_models,
    pick_model,
)
from app.errors import AppError, FaultKind

APP = Path(__file__).parents[3] / "app"


def parsed(*entries: Any) -> tuple[Model, ...]:
    return parse_models(json.dumps({"models": list(entries)}).encode())


def test_a_complete_entry() -> None:
    entry = {
        "slug": "gpt-6.1-sol", "display_name": "GPT-6.1-Sol", "description": "Best.",
        "visibility": "list", "priority": 1,
        "default_reasoning_level": "low",
        "supported_reasoning_levels": [
            {"effort": "low", "description": "Quick"}, {"effort": "ultra"}, {"effort": "low"},
        ],
        "default_verbosity": "low",
        "context_window": 272000, "input_modalities": ["text", "image"], "support_verbosity": True,
        "supports_reasoning_summary_parameter": False, "upgrade": {"model": "gpt-7"},
        "service_tiers": [], "use_responses_lite": True,
    }  # fmt: skip
    assert parsed(entry) == (
        Model(
            "gpt-6.1-sol",
            "GPT-6.1-Sol",
            "Best.",
            is_listed=True,
            priority=1,
            efforts=(Effort("low", "Quick"), Effort("ultra")),
            default_effort="low",
            takes_summary=False,
            takes_verbosity=True,
            takes_images=True,
            context_window=272000,
            replacement="gpt-7",
        ),
    )


def test_an_entry_with_a_slug_only() -> None:
    assert parsed({"slug": "m"}) == (Model("m", "m"),)


def test_the_favourite_comes_first_and_what_has_no_rank_last() -> None:
    models = parsed(
        {"slug": "c"}, {"slug": "b", "priority": 2}, {"slug": "a", "priority": 1},
        {"slug": "d", "priority": "1"}, {"slug": "e", "priority": True},
    )  # fmt: skip
    assert [model.slug for model in models] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("entry", [None, 1, "x", [], {}, {"slug": ""}, {"slug": 5}, {"name": "x"}])
def test_entries_without_a_slug_are_left_out(entry: object) -> None:
    assert [model.slug for model in parsed(entry, {"slug": "m"})] == ["m"]


def test_fields_of_a_strange_type_count_as_absent() -> None:
    strange = dict.fromkeys(
        ["display_name", "visibility", "priority", "default_reasoning_level",
         "supported_reasoning_levels", "context_window", "input_modalities", "upgrade"], 1.5
    )  # fmt: skip
    assert parsed({"slug": "m", **strange}) == (Model("m", "m"),)
    assert parsed({"slug": "m", "context_window": 0})[0].context_window is None
    levels = [{"effort": 1}, "low", None, {"effort": ""}, {"effort": "high"}]
    assert parsed({"slug": "m", "supported_reasoning_levels": levels})[0].efforts == (
        Effort("low"),
        Effort("high"),
    )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"models":{}}', b'{"data":[{"id":"x"}]}', b"<html>", b"null"]
)
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(AppError) as caught:
        parse_models(body)
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=10,
    )
)
def test_no_list_hurts(entry: object) -> None:
    assert len(parsed({"slug": "m"}, entry)) in (1, 2)


A, B, HIDDEN = Model("a", priority=1), Model("b", priority=2), Model("h", is_listed=False)
OLD = Model("old", priority=3, replacement="b")


@pytest.mark.parametrize(
    ("models", "wanted", "refused", "expected"),
    [
        ((A, B), "", "", "a"),
        ((HIDDEN, A, B), "", "", "a"),
        ((A, B), "b", "", "b"),
        ((HIDDEN, A), "h", "", "h"),
        ((A, B), "unlisted", "", "unlisted"),
        ((A, B), "", "a", "b"),
        ((A, B), "b", "b", "a"),
        ((A,), "unlisted", "unlisted", "a"),
        ((), "", "", FALLBACK_MODELS[0].slug),
        ((A,), "", "a", FALLBACK_MODELS[0].slug),
        ((HIDDEN,), "", "", FALLBACK_MODELS[0].slug),
        ((A, B, OLD), "old", "old", "b"),
        ((A, OLD), "old", "old", "a"),
    ],
)
def test_the_choice(models: tuple[Model, ...], wanted: str, refused: str, expected: str) -> None:
    assert pick_model(models, wanted, refused).slug == expected


@pytest.mark.parametrize(
    ("visibility", "is_listed"),
    [("list", True), ("hide", False), ("none", False), ("new", False), (None, True), (5, True)],
)
def test_the_service_says_what_is_listed(visibility: object, is_listed: bool) -> None:
    assert parsed({"slug": "m", "visibility": visibility})[0].is_listed is is_listed


def test_the_smallest_window() -> None:
    assert parsed({"slug": "m", "context_window": 1})[0].context_window == 1


def test_only_listed_models_are_offered() -> None:
    assert listed((HIDDEN, A, B)) == (A, B)
    assert [choice.slug for choice in choices((HIDDEN, A, B))] == ["a", "b"]


def test_a_choice_carries_the_services_own_words() -> None:
    efforts = (Effort("low", "Quick"), Effort("high"))
    model = Model(
        "m", "", "Old.", efforts=efforts, default_effort="low", takes_verbosity=True,
        takes_images=False,
    )  # fmt: skip

    assert choices((model, Model("n", "N"))) == (
        ModelChoice("m", "m", "Old.", efforts, "low", takes_images=False),
        ModelChoice("n", "N"),
    )


@pytest.mark.parametrize(
    ("efforts", "wanted", "expected"),
    [
        (("low", "high"), "high", "high"),
        (("low", "high"), "xhigh", "high"),
        (("low", "high"), "medium", "low"),
        (("low", "high"), "none", "low"),
        (("high", "low"), "ultra", "high"),
        (("low", "high"), "", ""),
        ((), "xhigh", "xhigh"),
        (("low", "persistent"), "max", "low"),
        (("persistent",), "max", "persistent"),
    ],
)
def test_the_effort_a_model_has(efforts: tuple[str, ...], wanted: str, expected: str) -> None:
    assert effort_for(Model("m", efforts=tuple(map(Effort, efforts))), wanted) == expected


def test_efforts_are_the_settings_choices() -> None:
    from app.settings import DECLARATIONS

    choices = next(d.choices for d in DECLARATIONS if d.key == "chat_effort")
    assert tuple(filter(None, choices)) == EFFORTS


def test_what_takes_no_images_says_so() -> None:
    assert parsed({"slug": "m"})[0].takes_images
    assert not parsed({"slug": "m", "input_modalities": ["text"]})[0].takes_images


def test_no_model_is_named_outside_the_fallback_table() -> None:
    """Row C1 of the protocol's failures. The stand-in service has models of its own, and the
    first conversion rule of the API notes is about a name's beginning."""
    named = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if re.search(r"gpt-\d", path.read_text("utf-8"), re.IGNORECASE)
    }
    others = {name for name in named if not name.startswith("simulator/")}
    assert others == {"chat/models.py", "chat/requests.py"}
    source = (APP / "chat/requests.py").read_text("utf-8")
    assert set(re.findall(r"gpt-[\w.-]*", source)) == {"gpt-5-", "gpt-5"}
