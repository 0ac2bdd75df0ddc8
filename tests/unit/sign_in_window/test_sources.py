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


def test_only_the_systems_own_word_overrides_a_refused_certificate() -> None:
    """T-22: one place, behind `vouch_for`, and no question to anybody."""
    places = [
        ast.unparse(node.test)
        for path in (APP / "sign_in_window").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.If) and "acceptCertificate" in ast.unparse(node)
    ]

    assert places == ["word is Word.TRUSTED"]
    page = (APP / "sign_in_window" / "page.py").read_text("utf-8")
    assert page.count("word = ") == 2
    assert "word = Word.WRONG\n" in page
    assert "word = vouch_for(error.certificateChain(), host, self._ca_file)\n" in page
