"""The sentences of the sign-in window."""

from __future__ import annotations

import pytest

from app.auth.tokens import Account
from app.auth.ways import Way
from app.wording import sign_in

ANN = Account("acct-4711", email="ann@example.com")


@pytest.mark.parametrize("way", Way)
def test_every_way_has_a_name_and_one_sentence(way: Way) -> None:
    assert sign_in.way_name(way)
    assert sign_in.way_text(way).count(".") == 1


def test_accounts_are_named() -> None:
    assert sign_in.replaces(ANN) == (
        "It takes the place of ann@example.com, which is then signed out."
    )
    assert sign_in.keep(ANN) == "Keep ann@example.com"
    assert sign_in.workspace(ANN) == "…4711"


def test_a_code_is_spelled_for_screen_readers() -> None:
    assert sign_in.spelled("AB-CD") == "Code: A B - C D"
