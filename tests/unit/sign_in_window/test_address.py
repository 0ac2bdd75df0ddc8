"""T-24: one host cannot be shown as another."""

from __future__ import annotations

import pytest

from app.sign_in_window.address import ShownAddress, origin, shown_address


@pytest.mark.parametrize(
    ("address", "pieces"),
    [
        ("https://auth.example/u/login", ("https://", "auth.example", "/u/login")),
        ("https://auth.example:8443/", ("https://", "auth.example:8443", "/")),
        # Neither the state nor what somebody wrote before an @ says where one is.
        ("https://auth.example/a?state=s#f", ("https://", "auth.example", "/a")),
        ("https://chatgpt.com@evil.example/", ("https://", "evil.example", "/")),
        ("http://[::1]:80/", ("http://", "[::1]:80", "/")),
        # Cyrillic а and с; a mix of scripts; the same already as punycode.
        ("https://аррӏе.example/", ("https://", "xn--80ak6aa92e.example", "/")),
        ("https://сhatgpt.com/", ("https://", "xn--hatgpt-hrf.com", "/")),
        ("https://xn--hatgpt-hrf.com/", ("https://", "xn--hatgpt-hrf.com", "/")),
        ("https://登录.example/", ("https://", "xn--w2t382c.example", "/")),
        ("https://a\u202eb.example/\u202e", ("https://", "a\\u202eb.example", "/\\u202e")),
        ("about:blank", ("about:blank", "", "")),
        ("data:text/html,https://auth.example", ("data:text/html,https://auth.example", "", "")),
        ("http://[::1/", ("http://[::1/", "", "")),
        ("https://a..b/", ("https://", "a..b", "/")),
    ],
)
def test_the_pieces_of_an_address(address: str, pieces: tuple[str, str, str]) -> None:
    shown = shown_address(address)

    assert shown == ShownAddress(*pieces)
    assert shown.whole == "".join(pieces)


def test_where_a_refused_address_leads() -> None:
    assert origin("http://evil.example/path?x=1") == "http://evil.example"
    assert origin("file:///etc/passwd") == "file:"
    assert origin("mailto:ann@auth.example") == "mailto:"
