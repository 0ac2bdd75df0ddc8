from __future__ import annotations

from collections.abc import Callable
from gettext import NullTranslations

import pytest

from app.wording import language
from app.wording.setting_in import isolated, pattern_of
from app.wording.untrusted import clean


@pytest.mark.parametrize(
    ("pattern", "value", "sentence"),
    [
        ("{v}限额", "每周", "每周限额"),
        ("{v}限额", "GPT-5.3-Codex", "GPT-5.3-Codex 限额"),
        ("{v} 限额", "每周", "每周限额"),
        ("预计 {v} 用尽", "周四 09:12", "预计周四 09:12 用尽"),
        ("约{v}用尽", "16:05", "约 16:05 用尽"),
        ("已用 {v}", "<1 %", "已用 <1 %"),
        ("“{v}”太大", "a.txt", "“a.txt”太大"),
        ("（{v}）", "a", "（a）"),
        ("{v}，再来", "16:05", "16:05，再来"),
        ("{v}更新", "", "更新"),
        ("a{v}b", " ", "a b"),
        ("{{{v}}}", "x", "{x}"),
        ("没有值", "x", "没有值"),
    ],
)
def test_chinese_keeps_its_distance_from_latin_only(
    pattern: str, value: str, sentence: str
) -> None:
    assert pattern_of("zh", is_rightwards=True)(pattern).format(v=value) == sentence


def test_numbers_are_written_out() -> None:
    assert pattern_of("zh", is_rightwards=True)("第{n}次").format(n=3) == "第 3 次"


def test_other_languages_are_filled_as_they_are() -> None:
    assert pattern_of("en", is_rightwards=True) is str


def test_what_runs_from_right_to_left_isolates_its_values() -> None:
    """T-54: an address keeps its order, and what stands after it its place."""
    pattern = pattern_of("he", is_rightwards=False)("{name} ({n})")

    assert (
        pattern.format(name="ann@example.com", n=3) == "\u2068ann@example.com\u2069 (\u20683\u2069)"
    )
    assert pattern.format(name="\u2068x\u2069", n="") == "\u2068x\u2069 ()"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", ""),
        ("a", "\u2068a\u2069"),
        ("\u2068a\u2069", "\u2068a\u2069"),
        ("\u2068a\u2069 \u2068b\u2069", "\u2068\u2068a\u2069 \u2068b\u2069\u2069"),
    ],
)
def test_isolated_once_only(text: str, after: str) -> None:
    assert isolated(text) == after


def test_the_language_says_which_way_it_runs(speak: Callable[[str], None]) -> None:
    for locale, is_leftwards in (("he_IL", True), ("ar", True), ("en", False), ("zh_CN", False)):
        language.use(NullTranslations(), locale)
        assert language.is_right_to_left() is is_leftwards
        assert (clean("ann@example.com") != "ann@example.com") is is_leftwards
    assert language.tr("no language of its own") == "no language of its own"
