"""What passes between the program and its sign-in window."""

from __future__ import annotations

import json

import pytest

from app.embedded_window import (
    Ending,
    EndKind,
    Opening,
    WindowWords,
    clean_environment,
    read_ending,
    read_opening,
    write_ending,
    write_opening,
)

URL = "https://auth.example/oauth/authorize?state=secret-state"
ENDINGS = [
    Ending(EndKind.REDIRECT, "http://localhost:1455/auth/callback?code=a&state=b"),
    Ending(EndKind.CANCELLED),
    Ending(EndKind.USE_BROWSER),
    Ending(EndKind.CERTIFICATE, "expired", "auth.example"),
    Ending(EndKind.AUTHORITY, "unknown", "auth.example"),
    Ending(EndKind.NOT_STARTED, "libnss3.so"),
]


def test_an_opening_arrives_as_it_was_sent() -> None:
    words = WindowWords(language="zh_CN", title="登录")
    back = "http://localhost:1455/auth/callback"
    opening = Opening(
        URL,
        back,
        words,
        colour_scheme="dark",
        contrast="high",
        proxy="none",
        ca_file="/own.pem",
        patience_s=5.0,
    )

    line = write_opening(opening)

    assert read_opening(line) == opening
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1


def test_the_state_is_not_in_the_representation() -> None:
    """T-29"""
    assert "secret" not in repr(Opening(URL, "http://localhost:1455/auth/callback"))
    assert "code" not in repr(ENDINGS[0])


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"words": {}, "other": 1}', b"\xff"])
def test_anything_else_is_no_opening(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is a refusal
        read_opening(line)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_arrives_as_it_was_sent(ending: Ending) -> None:
    assert read_ending(write_ending(ending)) == ending


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (ENDINGS[0], {"redirect": ENDINGS[0].text}),
        (ENDINGS[1], {"cancelled": True}),
        (ENDINGS[2], {"use_browser": True}),
        (ENDINGS[3], {"fault": "certificate", "host": "auth.example", "reason": "expired"}),
    ],
)
def test_the_shape_of_an_ending(ending: Ending, said: object) -> None:
    assert json.loads(write_ending(ending)) == said


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"{}",
        b'{"redirect": 1}',
        b'{"cancelled": false}',
        b'{"fault": "redirect", "host": "", "reason": ""}',
        b'{"fault": "certificate"}',
        b"\xff\xfe",
    ],
)
def test_anything_else_is_no_ending(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is a refusal
        read_ending(line)


@pytest.mark.parametrize(
    "name",
    [
        "QTWEBENGINE_DISABLE_SANDBOX",
        "QTWEBENGINE_CHROMIUM_FLAGS",
        "QTWEBENGINE_REMOTE_DEBUGGING",
        "QTWEBENGINEPROCESS_PATH",
        "QTWEBENGINE_RESOURCES_PATH",
        "qtwebengine_chromium_flags",
        "CHROME_DEVEL_SANDBOX",
        "SSLKEYLOGFILE",
        "QT_PLUGIN_PATH",
        "QT_QPA_PLATFORM_PLUGIN_PATH",
        "QT_QPA_GENERIC_PLUGINS",
        "QT_LOGGING_RULES",
        "PYTHONPATH",
        "LD_PRELOAD",
        "LD_AUDIT",
        "DYLD_INSERT_LIBRARIES",
        "TIDEGAUGE_AUTH_URL",
    ],
)
def test_hostile_variables_are_left_out(name: str) -> None:
    """T-18"""
    assert clean_environment({name: "1", "HOME": "/h"}) == {"HOME": "/h"}


def test_the_engine_of_our_flatpak_may_be_named_and_no_other() -> None:
    """T-18"""
    name = "QTWEBENGINEPROCESS_PATH"
    ours = {name: "/app/bin/QtWebEngineProcess"}

    assert clean_environment(ours) == ours
    assert clean_environment({name: "/elsewhere/QtWebEngineProcess"}) == {}


def test_what_the_desktop_needs_stays() -> None:
    kept = {"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb", "PATH": "/bin", "LANG": "de", "TMPDIR": "/t"}

    assert clean_environment(kept) == kept
