"""What a start says that cannot go on: what happened, and a way out."""

from __future__ import annotations

from app.wording.startup import help_wishes, not_answering, unfit_qt


def test_the_refusal_names_both_versions_on_one_line() -> None:
    sentence = unfit_qt("6.12.0", "3.11.2")

    assert "6.12.0" in sentence
    assert "3.11.2" in sentence
    assert "\n" not in sentence


def test_a_program_that_hangs_is_named_with_what_to_do() -> None:
    """F-D15"""
    sentence = not_answering()

    assert "already running" in sentence
    assert "try again" in sentence


def test_every_wish_has_its_line_of_help() -> None:
    assert set(help_wishes) == {"show", "toggle", "chat", "quit"}
    assert all(explanation() for explanation in help_wishes.values())
