"""Words inside an answer and around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.chat.links import Link
from app.wording import chat


def link(host: str, in_ascii: str = "", *, is_mail: bool = False) -> Link:
    return Link(f"https://{host}/", host, in_ascii or host, is_mail=is_mail)


def test_the_wait_for_an_answer_counts_up(speak: Callable[[str], None]) -> None:
    assert chat.thinking_for(timedelta(seconds=3)) == "Thinking… 3 s"
    speak("zh_CN")
    assert "3 秒" in chat.thinking_for(timedelta(seconds=3))


def test_who_answered_is_told(speak: Callable[[str], None]) -> None:
    assert chat.answered_by("gpt-x\n", "") == "gpt-x"
    assert chat.answered_by("gpt-x", "gpt-old") == "gpt-x · gpt-old is not available"
    assert chat.model_replaced("gpt-old", "gpt-x") == (
        "gpt-old is not available; gpt-x answers instead."
    )
    speak("zh_CN")
    assert chat.answered_by("gpt-x", "gpt-old") == "gpt-x · gpt-old 不可用"
    assert chat.model_replaced("gpt-old", "gpt-x") == "gpt-old 不可用，由 gpt-x 回答。"


def test_the_language_of_a_code_block_is_one_short_line() -> None:
    """T-54."""
    assert chat.language_name("python\nrm") == "python rm"
    assert len(chat.language_name("x" * 99)) == 24


def test_a_link_is_asked_about_by_its_host() -> None:
    """T-53."""
    assert chat.link_leads_to(link("example.com")) == "This link leads to example.com"
    assert chat.link_leads_to(link("ann@example.com", is_mail=True)) == (
        "This link writes a mail to ann@example.com"
    )


def test_letters_that_look_like_others_are_spelled_out() -> None:
    """T-53."""
    assert chat.host_in_ascii(link("example.com")) == ""
    assert chat.host_in_ascii(link("еxample.com", "xn--xample-2of.com")) == (
        "In plain letters: xn--xample-2of.com"
    )


def test_the_time_left_for_a_sign_in(speak: Callable[[str], None]) -> None:
    assert chat.time_left(timedelta(minutes=4, seconds=5)) == "4 min 5 s left"
    speak("zh_CN")
    assert "4 分 5 秒" in chat.time_left(timedelta(minutes=4, seconds=5))
