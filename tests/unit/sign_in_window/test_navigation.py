"""T-21: what the window may load, as a table."""

from __future__ import annotations

import pytest

from app.sign_in_window.navigation import Rules, Verdict

REDIRECT = "http://localhost:1455/auth/callback"
SERVICE = Rules.of("https://auth.example/oauth/authorize?state=s", REDIRECT)
STAND_IN = Rules.of("http://127.0.0.1:8080/oauth/authorize?state=s", REDIRECT)

ANYWHERE = [
    ("https://auth.example/u/login", Verdict.LOAD),
    ("https://accounts.example:8443/", Verdict.LOAD),
    ("about:blank", Verdict.LOAD),  # how a pop-up begins
    (f"{REDIRECT}?code=c&state=s", Verdict.ANSWER),
    (REDIRECT, Verdict.ANSWER),
    ("http://localhost:1455/auth/callback/more", Verdict.REFUSE),
    ("http://localhost:1455/", Verdict.REFUSE),
    ("https://localhost:1455/", Verdict.REFUSE),
    ("http://auth.example/", Verdict.REFUSE),
    ("http://192.168.0.1/", Verdict.REFUSE),
    ("http://localhost.evil.example/", Verdict.REFUSE),
    ("file:///etc/passwd", Verdict.REFUSE),
    ("chrome://gpu/", Verdict.REFUSE),
    ("chrome-extension://abc/x.html", Verdict.REFUSE),
    ("devtools://devtools/", Verdict.REFUSE),
    ("data:text/html,hello", Verdict.REFUSE),
    ("blob:https://auth.example/1", Verdict.REFUSE),
    ("qrc:///index.html", Verdict.REFUSE),
    ("view-source:https://auth.example/", Verdict.REFUSE),
    ("javascript:alert(1)", Verdict.REFUSE),
    ("filesystem:https://auth.example/temporary/x", Verdict.REFUSE),
    ("ftp://auth.example/", Verdict.REFUSE),
    ("mailto:ann@auth.example", Verdict.REFUSE),
    ("vscode://x/y", Verdict.REFUSE),
    ("about:config", Verdict.REFUSE),
    ("https://", Verdict.REFUSE),
    ("https://auth.example:99999/", Verdict.REFUSE),
    ("http://[::1", Verdict.REFUSE),
    ("", Verdict.REFUSE),
]


@pytest.mark.parametrize(("address", "verdict"), ANYWHERE)
@pytest.mark.parametrize("rules", [SERVICE, STAND_IN], ids=["service", "stand-in"])
def test_the_main_frame(rules: Rules, address: str, verdict: Verdict) -> None:
    assert rules.navigation(address, is_main_frame=True) is verdict


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:1"])
def test_plain_http_is_for_a_stand_in_on_this_machine_only(host: str) -> None:
    address = f"http://{host}/login"

    assert SERVICE.navigation(address, is_main_frame=True) is Verdict.REFUSE
    assert STAND_IN.navigation(address, is_main_frame=True) is Verdict.LOAD


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("https://challenge.example/", Verdict.LOAD),
        ("about:srcdoc", Verdict.LOAD),
        ("data:text/html,x", Verdict.LOAD),
        ("blob:https://auth.example/1", Verdict.LOAD),
        (f"{REDIRECT}?code=c&state=s", Verdict.REFUSE),  # a frame is not the person
        ("file:///etc/passwd", Verdict.REFUSE),
        ("http://auth.example/", Verdict.REFUSE),
    ],
)
def test_a_frame_inside_the_page(address: str, verdict: Verdict) -> None:
    assert SERVICE.navigation(address, is_main_frame=False) is verdict


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("https://cdn.example/a.js", True),
        ("wss://auth.example/socket", True),
        ("data:image/png;base64,AA", True),
        ("blob:https://auth.example/1", True),
        ("http://cdn.example/a.js", False),
        ("ws://auth.example/socket", False),
        ("http://localhost/", False),
        ("file:///etc/passwd", False),
        (f"{REDIRECT}?code=c", False),
        ("wss://127.0.0.1:1455/", False),
        ("https://[", False),
    ],
)
def test_everything_a_page_fetches(address: str, is_allowed: bool) -> None:
    assert SERVICE.request(address) is is_allowed


def test_a_stand_in_serves_its_page_over_plain_http() -> None:
    assert STAND_IN.request("http://127.0.0.1:8080/style.css")
    assert STAND_IN.request("ws://localhost:8080/")
    assert not STAND_IN.request("http://cdn.example/a.js")
