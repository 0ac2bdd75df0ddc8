"""Names of things to press and read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.chat.events import TokenUsage
from app.wording import labels


def every_plain_label() -> dict[str, str]:
    return {
        name: value()
        for name, value in vars(labels).items()
        if callable(value) and getattr(value, "__name__", "") == "<lambda>"
    }


def test_every_label_follows_the_language(speak: Callable[[str], None]) -> None:
    before = every_plain_label()
    speak("zh_CN")
    after = every_plain_label()

    assert len(before) > 60
    assert {name for name in before if before[name] == after[name]} <= {"product"}
    assert not [text for text in (*before.values(), *after.values()) if "!" in text or "！" in text]


def test_labels_with_values(speak: Callable[[str], None]) -> None:
    assert labels.thought_for(timedelta(seconds=3)) == "thought for 3 s"
    assert labels.model_and_effort("", "low") == "service default · low"
    assert labels.model_and_effort("gpt-6-sol", "") == "gpt-6-sol"
    assert labels.window_and_percent("5-hour", "78 %") == "5-hour 78 %"
    speak("zh_CN")
    assert labels.thought_for(timedelta(seconds=3)) == "思考了 3 秒"


def test_token_counts() -> None:
    assert labels.token_counts(TokenUsage(312, 256, 96)) == "312 in (256 cached) · 96 out"
    assert labels.token_counts(TokenUsage(1312, 0, 96)) == "1,312 in · 96 out"
    thought = TokenUsage(10, 0, 1096, 1064)
    assert labels.token_counts(thought) == "10 in · 1,096 out (1,064 reasoning)"


def test_a_picture_is_named_instead_of_loaded() -> None:
    """T-51."""
    assert labels.image_placeholder("a\ncat") == "[image: a cat]"
    assert labels.image_placeholder("") == "[image]"
