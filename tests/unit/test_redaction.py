"""No secret survives the redaction, wherever it is embedded (T-35, T-39, T-41, figure 28)."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.redaction import LONGEST_TEXT, redacted, without_addresses

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl-_x"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("sent Bearer abc-def_ghi= now", "sent Bearer *** now"),
        (f"got {JWT}, fine", "got ***, fine"),
        (f"cut {JWT[:30]}", "cut ***"),
        ("rt_abcdefghijklmnopqrst", "***"),
        ("GET /cb?code=abcdefgh&state=12345678&x=1", "GET /cb?code=***&state=***&x=1"),
        (
            "back to http%3A%2F%2Fh%2Fcb%3Fcode%3Dabcdefgh done",
            "back to http%3A%2F%2Fh%2Fcb%3Fcode%3D*** done",
        ),
        ('{"access_token": "s", "b": 1}', '{"access_token": "***", "b": 1}'),
        ("{'refresh_token': 's\\'t', 'b': 1}", "{'refresh_token': '***', 'b': 1}"),
        (r'"{\"id_token\":\"s\"}"', r'"{\"id_token\":\"***\"}"'),
        ("code_verifier=abc&b=1", "code_verifier=***&b=1"),
        ("exit code=404, state=idle", "exit code=404, state=idle"),
        ("Set-Cookie: a=b; c=d\nnext: 1", "Set-Cookie: ***\nnext: 1"),
        ("proxy http://ann:pw@proxy:8080/x", "proxy http://***@proxy:8080/x"),
        ("ann.lee+x@example.com wrote", "***@example.com wrote"),
        ("mail=ann%40example.com", "mail=***%40example.com"),
        ("no secret here: 5 < 6 & 7", "no secret here: 5 < 6 & 7"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert redacted(text) == left


def test_live_secrets_go_by_value_also_percent_encoded() -> None:
    secret = "a secret/with+signs"

    text = redacted(f"<{secret}> and <{quote(secret, safe='')}>", ["", secret])

    assert text == "<***> and <***>"


def test_a_longer_secret_goes_before_the_one_it_contains() -> None:
    assert redacted("x-longer-secret-y", ["secret", "longer-secret"]) == "x-***-y"


def test_the_home_folder_is_a_tilde() -> None:
    assert redacted("in /srv/ann/file", home="/srv/ann") == "in ~/file"
    assert redacted("in /file", home="/") == "in /file"


def test_a_long_text_is_cut() -> None:
    assert len(redacted("a " * LONGEST_TEXT)) == LONGEST_TEXT + 1


@pytest.mark.parametrize(
    "pattern", ["a", "a.", "eyJaaaa", "x@", "code=", "http://", '"code":"', "\\"]
)
def test_no_text_takes_long(pattern: str) -> None:
    """A log line must not stall the program, whatever a server sent."""
    from time import process_time

    text = pattern * (1_000_000 // len(pattern))
    start = process_time()
    redacted(text)

    assert process_time() - start < 3.0  # a pattern that runs back and forth takes minutes


_alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
secrets = st.text(_alphabet, min_size=16, max_size=80).filter(lambda s: s.strip("-_."))
surroundings = st.text(max_size=20)

NAMED = [
    lambda s: f"Authorization: Bearer {s}",
    lambda s: f"authorization: {s}",
    lambda s: json.dumps({"access_token": s, "n": 1}),
    lambda s: json.dumps(json.dumps({"refresh_token": s})),
    lambda s: json.dumps({"a": [{"id_token": s}]}, indent=2),
    lambda s: repr({"code_verifier": s}),
    lambda s: repr([b"x", {"token": s.encode()}]),
    lambda s: urlencode({"x": "1", "code": s, "y": "2"}),
    lambda s: "https://h/cb?" + urlencode({"state": s}),
    lambda s: quote("https://h/cb?" + urlencode({"code": s, "state": s}), safe=""),
    lambda s: f"redirect to https://h/cb#access_token={s}",
    lambda s: f"Cookie: session={s}; other={s}",
    lambda s: f"https://user:{s}@proxy.example:3128/",
    lambda s: f"eyJ{s}.{s}.{s}",
    lambda s: f"rt_{s}",
    lambda s: f"password={s}",
]


@settings(max_examples=1000)
@given(secret=secrets, before=surroundings, after=surroundings, form=st.sampled_from(NAMED))
def test_a_secret_under_a_known_name_or_shape_is_gone(
    secret: str, before: str, after: str, form: object
) -> None:
    text = form(secret)  # type: ignore[operator]

    assert secret not in redacted(f"{before} {text} {after}").replace(before, "").replace(after, "")


@given(secret=st.text(min_size=8, max_size=80), before=surroundings, after=surroundings)
def test_a_live_secret_is_gone_whatever_it_looks_like(secret: str, before: str, after: str) -> None:
    text = redacted(before + secret + after, [secret])

    assert secret not in text or secret in f"{before}***{after}"


def test_addresses_go_with_their_domains() -> None:
    """T-41: a domain may name a company."""
    assert without_addresses("to ann@example.com, HTTP 403") == "to ***, HTTP 403"
