"""The rows of the choice of model and effort."""

from __future__ import annotations

from app.chat.models import EFFORTS, Effort, ModelChoice
from app.ui.model_rows import effort_rows, model_rows

SOL = ModelChoice(
    "sol", "Sol", "Deep\nthought.", (Effort("low", "Fast answers"), Effort("high", "high"))
)
LUNA = ModelChoice("luna", "<b>Luna</b>\u202e", efforts=(Effort("medium"), Effort("galactic")))


def test_the_services_choice_comes_first_and_is_the_default() -> None:
    rows = model_rows((SOL, LUNA), "")
    assert [row.value for row in rows] == ["", "sol", "luna"]
    assert rows[0].is_chosen
    assert rows[0].spoken.endswith(", chosen")
    assert rows[1].spoken == "Sol"


def test_the_services_own_words_are_one_plain_line() -> None:
    """T-56: names and descriptions are a stranger's."""
    rows = model_rows((SOL, LUNA), "luna")
    assert rows[1].text == "Deep thought."
    assert rows[2].name == "<b>Luna</b>\ufffd"
    assert [row.is_chosen for row in rows] == [False, False, True]


def test_a_model_that_is_not_listed_can_still_be_the_chosen_one() -> None:
    rows = model_rows((SOL,), "hidden-model")
    assert rows[-1].name == "hidden-model"
    assert rows[-1].is_chosen


def test_the_efforts_are_those_of_the_model_with_what_the_service_says_of_them() -> None:
    rows = effort_rows((SOL, LUNA), "sol", "high")
    assert [(row.value, row.text) for row in rows] == [
        ("", ""),
        ("low", "Fast answers"),
        ("high", ""),  # a description that only repeats the name says nothing
    ]
    assert rows[2].is_chosen


def test_an_effort_no_setting_can_hold_is_not_offered() -> None:
    assert [row.value for row in effort_rows((SOL, LUNA), "luna", "")] == ["", "medium"]


def test_where_the_service_chooses_the_efforts_are_its_favourites() -> None:
    assert [row.value for row in effort_rows((SOL, LUNA), "", "")] == ["", "low", "high"]


def test_a_model_that_names_no_efforts_offers_all() -> None:
    named = ("", *EFFORTS)
    assert tuple(row.value for row in effort_rows((), "", "")) == named
    assert tuple(row.value for row in effort_rows((SOL,), "other", "")) == named
