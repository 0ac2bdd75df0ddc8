from __future__ import annotations

from app.wording import joining


def test_in_english() -> None:
    assert joining.sentences("One.", "", "Two.", "Three.") == "One. Two. Three."
    assert joining.listed(["a", "b", "", "c"]) == "a, b, c"
    assert joining.clauses(["a, b", "c"]) == "a, b; c"
    assert joining.headed("No room", "Nothing is kept.") == "No room. Nothing is kept."
    assert joining.valued("Credits", "12.50") == "Credits: 12.50"
    assert joining.listed([]) == joining.sentences() == ""


def test_in_chinese(in_chinese: None) -> None:
    assert joining.sentences("一句。", "两句。") == "一句。两句。"
    assert joining.listed(["甲", "ann@example.com", "乙"]) == "甲、ann@example.com、乙"
    assert joining.clauses(["甲，乙", "丙"]) == "甲，乙；丙"
    assert joining.headed("磁盘空间不足", "不再保存。") == "磁盘空间不足。不再保存。"
    assert joining.valued("点数", "12.50") == "点数：12.50"
