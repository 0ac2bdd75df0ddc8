"""The language in force belongs to each test alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from gettext import NullTranslations

import pytest

from app.catalogues import load_catalogue
from app.wording import language


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    language.use(NullTranslations(), "en")
    yield
    language.use(NullTranslations(), "en")


@pytest.fixture
def in_chinese() -> None:
    language.use(load_catalogue("zh_CN"), "zh_CN")


@pytest.fixture
def speak() -> Callable[[str], None]:
    """`speak("zh_CN")` switches the language in the middle of a test."""

    def switch(locale: str) -> None:
        language.use(load_catalogue(locale), locale)

    return switch
