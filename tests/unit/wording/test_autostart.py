"""Whether the program starts with the system, as a person reads it."""

from __future__ import annotations

import pytest

from app import catalogues
from app.autostart.state import Autostart, AutostartStatus
from app.wording import language
from app.wording.autostart import autostart_words, entry_comments


@pytest.mark.parametrize("status", AutostartStatus)
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_every_state_is_one_sentence(status: AutostartStatus, locale: str) -> None:
    language.use(catalogues.load_catalogue(locale), locale)
    said = autostart_words(Autostart(status, "/opt/\x1b[31mother"))
    assert said.endswith("." if locale == "en" else "。")
    assert "\x1b" not in said
    assert "{" not in said


@pytest.mark.parametrize("status", AutostartStatus)
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_a_refusal_stands_before_how_it_is(status: AutostartStatus, locale: str) -> None:
    language.use(catalogues.load_catalogue(locale), locale)
    said = autostart_words(Autostart(status, refusal="/opt/\x1b[31mx: denied"))
    assert "x: denied" in said
    assert "\x1b" not in said


def test_the_systems_list_shows_the_language_in_force_too() -> None:
    language.use(catalogues.load_catalogue("en"), "en")
    assert entry_comments() == {"": "Shows how much of your Codex limits is used"}
    language.use(catalogues.load_catalogue("zh_CN"), "zh_CN")
    assert entry_comments()["zh_CN"] == "显示 Codex 限额的已用量"
