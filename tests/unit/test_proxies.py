"""The order of proxies (T-39) and what makes an address unusable (F-N18)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import AppError, FaultKind
from app.proxies import (
    is_usable,
    proxy_fault,
    proxy_for,
    read_proxy,
    with_password,
    without_password,
)

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
        assert caught.value.fault.kind is FaultKind.PROXY_ADDRESS


def test_a_password_is_sent_but_never_shown() -> None:
    proxy = proxy_for(
        "https", "a.example", setting="http://me:hidden@own:4", system={}, is_exception=False
    )
    assert proxy is not None
    assert (proxy.user, proxy.password) == ("me", "hidden")
    assert "hidden" not in repr(proxy)
    assert "hidden" not in repr(proxy_fault(FaultKind.PROXY, proxy, "no").fault)
    with pytest.raises(AppError) as caught:
        proxy_for("https", "a", setting="ftp://me:hidden@own:4", system={}, is_exception=False)
    assert "hidden" not in repr(caught.value.fault)


@pytest.mark.parametrize(
    ("address", "user", "password", "lacks"),
    [
        ("http://p:1", "", "", False),
        ("http://ann@p:1", "ann", "", True),
        ("http://ann:@p:1", "ann", "", False),
        ("http://ann:pw@p:1", "ann", "pw", False),
        ("socks5://:pw@p:1", "", "pw", False),
        ("ann:pw@p:1", "ann", "pw", False),
        ("http://a%40b:p%2Fw%25@p:1", "a@b", "p/w%", False),
        ("http://ann:p/w#?@x:y@p:1/", "ann", "p/w#?@x:y", False),
        ("ann:a://b@p:1", "ann", "a://b", False),
    ],
)
def test_who_signs_in_at_a_proxy(address: str, user: str, password: str, lacks: bool) -> None:
    """A password typed as it is counts as well as one that is percent-encoded."""
    proxy = read_proxy(address)
    assert (proxy.host, proxy.port) == ("p", 1)
    assert (proxy.user, proxy.password, proxy.lacks_password) == (user, password, lacks)
    assert proxy.has_user is bool(user or password)


@pytest.mark.parametrize(
    ("address", "port", "is_socks"),
    [
        ("http://p", 80, False),
        ("https://p", 443, False),
        ("SOCKS5H://p", 1080, True),
        ("socks://p", 1080, True),
    ],
)
def test_what_a_proxy_is_by_default(address: str, port: int, is_socks: bool) -> None:
    proxy = read_proxy(address)
    assert (proxy.port, proxy.is_socks) == (port, is_socks)


@pytest.mark.parametrize(
    ("setting", "kept", "password"),
    [
        ("system", "system", None),
        ("http://p:1", "http://p:1", None),
        ("http://ann@p:1", "http://ann@p:1", None),
        ("http://ann:pw@p:1", "http://ann@p:1", "pw"),
        ("http://ann:@p:1", "http://ann@p:1", ""),
        ("ann:pw@p:1", "ann@p:1", "pw"),
        ("ann:a://b@p:1", "ann@p:1", "a://b"),
        ("http://ann:p@w#/:%41@p:1/", "http://ann@p:1/", "p@w#/:A"),
        ("ftp://ann:pw@p:1", "ftp://ann@p:1", "pw"),
    ],
)
def test_a_password_is_taken_out(setting: str, kept: str, password: str | None) -> None:
    assert without_password(setting) == (kept, password)
    if password:
        assert without_password(with_password(kept, password)) == (kept, password)


@given(st.text())
def test_any_password_survives(password: str) -> None:
    kept = "socks5://ann@p:1"
    assert without_password(with_password(kept, password)) == (kept, password)
    assert read_proxy(with_password(kept, password)).password == password


@pytest.mark.parametrize(
    ("setting", "is_fine"),
    [("system", True), ("none", True), ("p:1", True), ("", False), ("http://a..b", False)],
)
def test_what_can_be_set(setting: str, is_fine: bool) -> None:
    assert is_usable(setting) is is_fine
