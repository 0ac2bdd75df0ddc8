"""T-25: no way from a page's scripts into this program, nor back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[3] / "app"
BRIDGES = {
    "runJavaScript",
    "setWebChannel",
    "QWebChannel",
    "QWebEngineScript",
    "scripts",
    "setHtml",
    "setContent",
    "installUrlSchemeHandler",
    "toHtml",
    "acceptCertificate",
    "setDevToolsPage",
}


@pytest.mark.parametrize("path", sorted((APP / "sign_in_window").glob("*.py")), ids=str)
def test_no_bridge_between_page_and_program(path: Path) -> None:
    names = {
        name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (getattr(node, "attr", ""), getattr(node, "id", ""), getattr(node, "name", ""))
    }

    assert not names & BRIDGES
    assert "--no-sandbox" not in path.read_text("utf-8").replace("`--no-sandbox`", "")
