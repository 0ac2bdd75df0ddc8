"""The language in force can change at any time, and every sentence follows."""

from __future__ import annotations

from collections.abc import Callable
from gettext import NullTranslations

from app.wording import language


class _Shouting(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()

    def pgettext(self, context: str, message: str) -> str:
        return f"{context}:{message}"


def test_a_phrase_is_looked_up_when_it_is_called() -> None:
    stop = language.phrase("Stop")
    assert stop() == "Stop"

    language.use(_Shouting(), "en_GB")

    assert stop() == "STOP"
    assert language.locale() == "en_GB"


def test_a_context_tells_equal_words_apart() -> None:
    language.use(_Shouting(), "en")

    assert language.tr_c("verb", "Open") == "verb:Open"


def test_plural_forms_follow_the_language(speak: Callable[[str], None]) -> None:
    assert [language.tr_n("{n} day", "{n} days", n) for n in (1, 2)] == ["{n} day", "{n} days"]

    speak("zh_CN")

    assert [language.tr_n("{n} day", "{n} days", n) for n in (1, 2)] == ["{n} 天", "{n} 天"]


def test_the_system_clock_is_part_of_the_language() -> None:
    assert language.system_clock() == "24h"

    language.use(NullTranslations(), "en", clock="12h")

    assert language.system_clock() == "12h"
