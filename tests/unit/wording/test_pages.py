"""The pages a browser shows at the end of a sign-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.wording import pages

EVERY_PAGE = (
    pages.success,
    pages.failed,
    pages.denied,
    pages.wrong_request,
    pages.already_answered,
)


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_has_words_in_the_language_in_force(
    page: Callable[[], pages.PageWords], speak: Callable[[str], None]
) -> None:
    in_english = page()
    speak("zh_CN")
    in_chinese = page()

    assert (in_english.language, in_chinese.language) == ("en", "zh-CN")
    assert in_english.sentence.endswith(".")
    assert in_chinese.sentence.endswith("。")
    assert in_english.title != in_chinese.title


def test_no_two_pages_look_alike() -> None:
    assert len({page().title for page in EVERY_PAGE}) == len(EVERY_PAGE)
