"""Text is UTF-8 in every language (F-D12)."""

from __future__ import annotations

import pytest

from app.utf8_locale import utf8_changes


@pytest.mark.parametrize("codeset", ["UTF-8", "utf8", "utf-8"])
def test_nothing_changes_where_it_is(codeset: str) -> None:
    assert utf8_changes({"LC_ALL": "zh_CN.UTF-8"}, codeset) == {}


def test_a_language_stays_and_its_encoding_goes() -> None:
    environment = {"LANG": "zh_CN.GB18030", "LC_TIME": "de_DE"}
    assert utf8_changes(environment, "GB18030") == {"LC_CTYPE": "C.UTF-8"}


def test_what_outranked_everything_still_does() -> None:
    environment = {"LC_ALL": "tr_TR", "LC_CTYPE": "C", "LC_TIME": "de_DE", "LANG": "C", "LCX": ""}
    assert utf8_changes(environment, "ANSI_X3.4-1968") == {
        "LC_ALL": None,
        "LC_TIME": None,
        "LC_CTYPE": "C.UTF-8",
        "LANG": "tr_TR",
    }
