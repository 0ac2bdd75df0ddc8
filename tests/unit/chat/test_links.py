"""Which links are offered, and what is said about them (T-53)."""

from __future__ import annotations

import pytest

from app.chat.links import MAX_ADDRESS_CHARS, read_link

REFUSED = [
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "vbscript:x",
    "data:text/html,<b>x</b>",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "file://host/share",
    "//host/share",
    "\\\\host\\share",
    "/etc/passwd",
    "C:\\Windows\\x.exe",
    "c:/windows/x.exe",
    "relative/path",
    "#anchor",
    "?query",
    "smb://host/share",
    "ssh://host",
    "ftp://host/x",
    "telnet://host",
    "ms-settings:privacy",
    "ms-msdt:/id",
    "steam://run/1",
    "tel:+123",
    "qrc:/x",
    "about:blank",
    "blob:https://x/1",
    "view-source:https://x",
    "ws://host",
    "http:",
    "http://",
    "http:///path",
    "https://user@host.example/",
    "https://user:secret@host.example/",
    "https://good.example@evil.example/",
    "https://good.example%40evil.example/",
    "https://host.example\\@evil.example/",
    "https://host.example:99999/",
    "https://host.example:x/",
    "https://[::1/",
    "https://ho st.example/",
    "https://host.example/a b",
    "https://host.example/\n",
    "https://host.example/\u202e",
    "https://host.example/\u200b",
    "https://host.example/\x00",
    "https://host.example/" + "a" * MAX_ADDRESS_CHARS,
    "mailto:",
    "mailto:nobody",
    "mailto:a@b.example?body=send%20me",
    "mailto:a@b.example#x",
    "mailto:a%0Ab@c.example",
]


@pytest.mark.parametrize("address", REFUSED)
def test_everything_else_stays_plain_text(address: str) -> None:
    """T-53"""
    assert read_link(address) is None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://docs.example/a?b=c#d", "docs.example"),
        ("HTTPS://Docs.Example/", "docs.example"),
        ("https://docs.example./x", "docs.example"),
        ("https://docs.example:8443/x", "docs.example:8443"),
        ("http://127.0.0.1:1455/", "127.0.0.1:1455"),
        ("https://[2001:db8::1]/", "2001:db8::1"),
        ("https://xn--bcher-kva.example/", "bücher.example"),
        ("https://bücher.example/", "bücher.example"),
        ("https://xn--a.example/", "xn--a.example"),
        ("mailto:ann%40x@b.example", "ann@x@b.example"),
        ("mailto:ann@b.example", "ann@b.example"),
    ],
)
def test_the_decoded_host_is_told(address: str, host: str) -> None:
    """T-53"""
    link = read_link(address)
    assert link is not None
    assert link.host == host
    assert link.address == address


def test_look_alike_hosts_are_told_in_plain_letters() -> None:
    """T-53: IDN look-alike"""
    link = read_link("https://xn--pypal-4ve.example/")
    assert link is not None
    assert (link.host, link.host_in_ascii) == ("pаypal.example", "xn--pypal-4ve.example")


def test_a_host_that_cannot_be_encoded_stays_as_it_is() -> None:
    link = read_link("https://a..b.example/")
    assert link is not None
    assert link.host == link.host_in_ascii == "a..b.example"


@pytest.mark.parametrize(
    ("shown", "differs"),
    [
        ("", False),
        ("the manual", False),
        ("main.py", False),
        ("example", False),
        ("evil.example", False),
        ("www.evil.example", False),
        ("https://evil.example/login", False),
        ("asyncio.run", False),
        ("bank.com", True),
        ("security@bank.com", True),
        ("bank.example", True),
        ("www.bank.example", True),
        ("https://bank.com/login", True),
        ("bank.com/login", True),
        ("https://[bank.com", True),
    ],
)
def test_a_text_that_names_another_host_is_told(shown: str, differs: bool) -> None:
    """T-53: mismatch of text and target"""
    link = read_link("https://www.evil.example/x", shown)
    assert link is not None
    assert link.names_other_host is differs


def test_encryption_and_mail_are_told() -> None:
    plain, mail = read_link("http://docs.example/"), read_link("mailto:a@b.example")
    assert plain is not None
    assert not plain.is_encrypted
    assert mail is not None
    assert mail.is_mail
