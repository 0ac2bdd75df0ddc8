"""The order of proxies (T-39) and what makes an address unusable (F-N18)."""

from __future__ import annotations

import pytest

from app.errors import AppError, FaultKind
from app.proxies import proxy_for

SYSTEM = {"https": "http://secure:1", "http": "http://plain:2", "all": "http://all:3"}


@pytest.mark.parametrize(
    ("scheme", "host", "setting", "system", "is_exception", "expected"),
    [
        ("https", "a.example", "system", SYSTEM, False, "http://secure:1"),
        ("http", "a.example", "system", SYSTEM, False, "http://plain:2"),
        ("https", "a.example", "system", {"all": "http://all:3"}, False, "http://all:3"),
        (
            "https",
            "a.example",
            "system",
            {"https": "", "all": "http://all:3"},
            False,
            "http://all:3",
        ),
        ("https", "a.example", "system", {}, False, None),
        ("https", "a.example", "system", SYSTEM, True, None),
        ("https", "a.example", "none", SYSTEM, False, None),
        ("https", "a.example", "http://own:4", SYSTEM, False, "http://own:4"),
        ("https", "a.example", "http://own:4", SYSTEM, True, "http://own:4"),
        ("https", "a.example", "own:4", {}, False, "http://own:4"),
        ("https", "a.example", "HTTPS://own", {}, False, "https://own"),
        ("https", "a.example", "socks5://[::1]:9", {}, False, "socks5://[::1]:9"),
        ("https", "a.example", "socks5h://own:9", {}, False, "socks5h://own:9"),
        ("http", "localhost", "http://own:4", SYSTEM, False, None),
        ("http", "127.0.0.1", "system", SYSTEM, False, None),
        ("http", "127.9.9.9", "http://own:4", {}, False, None),
        ("http", "::1", "system", SYSTEM, False, None),
        ("http", "localhost.evil.example", "system", SYSTEM, False, "http://plain:2"),
    ],
)
def test_the_way_of_a_request(
    *,
    scheme: str,
    host: str,
    setting: str,
    system: dict[str, str],
    is_exception: bool,
    expected: str | None,
) -> None:
    proxy = proxy_for(scheme, host, setting=setting, system=system, is_exception=is_exception)
    assert (proxy.name if proxy else None) == expected


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "ftp://p:1",
        "socks4://p:1",
        "http://p:port",
        "http://p:99999",
        "http://[::1",
        "a b",
    ],
)
def test_unusable_addresses_are_told(address: str) -> None:
    for setting, system in ((address, {}), ("system", {"all": address})):
        with pytest.raises(AppError) as caught:
            proxy_for("https", "a.example", setting=setting, system=system, is_exception=False)
        assert caught.value.fault.kind is FaultKind.PROXY


def test_a_password_is_sent_but_never_shown() -> None:
    proxy = proxy_for(
        "https", "a.example", setting="http://me:hidden@own:4", system={}, is_exception=False
    )
    assert proxy is not None
    assert "hidden" in proxy.url
    assert "hidden" not in repr(proxy)
    with pytest.raises(AppError) as caught:
        proxy_for("https", "a", setting="ftp://me:hidden@own:4", system={}, is_exception=False)
    assert "hidden" not in repr(caught.value.fault)
