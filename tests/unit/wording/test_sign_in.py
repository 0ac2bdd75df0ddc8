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


def test_what_becomes_of_an_account_is_said() -> None:
    """T-16, F-L14"""
    assert "keyring" in sign_in.who_it_is(None, is_known=False)
    assert sign_in.who_it_is(ANN, is_known=False) == (
        "It is added and shown from now on. ann@example.com · …4711 stays signed in as well."
    )
    assert "renewed" in sign_in.who_it_is(ANN, is_known=True)
    assert sign_in.keep(ANN) == "Keep ann@example.com"
    assert sign_in.keep(None) == "Nothing is kept"
    assert sign_in.stays("Ann").startswith("Ann stays signed in")


def test_a_code_is_spelled_for_screen_readers() -> None:
    assert sign_in.spelled("AB-CD") == "Code: A B - C D"
