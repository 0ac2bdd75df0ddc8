"""What the vault keeps: read back as it was, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.token_sets import NOW, token_set

from app.auth.stored_tokens import from_json, to_json
from app.auth.tokens import Account, TokenSet

texts = st.text(st.characters(codec="utf-8"), max_size=20)
moments = st.none() | st.timedeltas(timedelta(days=-9000), timedelta(days=26000)).map(
    lambda distance: NOW + distance
)


@given(
    st.builds(
        TokenSet,
        st.text(min_size=1, max_size=40),
        st.text(min_size=1, max_size=40),
        st.builds(Account, st.from_regex(r"\A[\w-]{1,9}\Z", alphabet="ab1-_"), texts, texts, texts),
        st.just("https://auth.openai.com"),
        texts,
        moments,
        moments,
        texts,
        moments,
    )
)
def test_what_is_stored_comes_back(tokens: TokenSet) -> None:
    text = to_json(tokens)
    assert text.isascii()
    assert from_json(text) == tokens


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "not json",
        "\ud800",
        to_json(token_set())[:-1],
        to_json(token_set()).replace('"format":1', '"format":2'),
        to_json(token_set(access_token="")),
        to_json(token_set(refresh_token="")),
        to_json(token_set(issuer="")),
        to_json(token_set(account=Account("a\r\nb"))),
        to_json(token_set()).replace('"access"', "7"),
        to_json(token_set()).replace('"user-1"', "null"),
        to_json(token_set()).replace('"account":{', '"account":null,"x":{'),
    ],
)
def test_a_damaged_text_is_not_half_believed(text: str) -> None:
    """F-T21"""
    assert from_json(text) is None


@pytest.mark.parametrize("stamp", ["true", "-5", "1e300", '"soon"', "[]"])
def test_a_damaged_time_is_left_out(stamp: str) -> None:
    text = to_json(token_set(expires_at=None)).replace('"expires_at":null', f'"expires_at":{stamp}')
    stored = from_json(text)
    assert stored is not None
    assert stored.expires_at is None
