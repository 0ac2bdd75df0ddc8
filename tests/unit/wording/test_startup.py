"""The refusal names both versions and a way out."""

from __future__ import annotations

from app.wording.startup import unfit_qt


def test_the_refusal_names_both_versions_on_one_line() -> None:
    sentence = unfit_qt("6.12.0", "3.11.2")

    assert "6.12.0" in sentence
    assert "3.11.2" in sentence
    assert "\n" not in sentence
