"""The window's process before Qt: environment, root, missing libraries."""

from __future__ import annotations

import io
import os
import sys

import pytest

from app.embedded_window import EndKind, Opening, write_opening
from app.sign_in_window import process

OPENING = write_opening(Opening("https://auth.example/", "http://localhost:1455/auth/callback"))


def test_hostile_variables_are_gone_before_qt_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T-18"""
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox --remote-debugging-port=9")
    monkeypatch.setenv("QTWEBENGINE_REMOTE_DEBUGGING", "9")

    process.remove_hostile_variables()

    assert not [name for name in os.environ if name.startswith("QTWEBENGINE")]
    assert "PATH" in os.environ


def test_root_gets_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-19"""
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    ending = process.run(io.BytesIO(OPENING))

    assert ending.kind is EndKind.NOT_STARTED
    assert "root" in ending.text


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-D25"""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setitem(sys.modules, "app.sign_in_window.application", None)
    monkeypatch.delattr("app.sign_in_window.application", raising=False)

    assert process.run(io.BytesIO(OPENING)).kind is EndKind.NOT_STARTED


def test_anything_but_an_opening_is_refused() -> None:
    with pytest.raises(ValueError, match="opening"):
        process.run(io.BytesIO(b"{}\n"))
