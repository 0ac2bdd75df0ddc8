from __future__ import annotations

from decimal import Decimal
from gettext import NullTranslations

import pytest

from app.wording import amounts, language


class _German(NullTranslations):
    """Marks as in German; nothing else is translated."""

    def pgettext(self, _context: str, message: str) -> str:
        return {",": ".", ".": ","}.get(message, message)


def test_numbers_in_english_and_chinese(in_chinese: None) -> None:
    assert amounts.grouped(1234) == "1,234"
    language.use(NullTranslations(), "en")
    assert amounts.grouped(1234567.891, 2) == "1,234,567.89"
    assert amounts.grouped(999) == "999"


@pytest.mark.parametrize(
    ("number", "said"), [("12", "12"), ("12.5", "12.50"), ("1200.00", "1,200"), ("0", "0")]
)
def test_an_amount_has_decimals_only_where_it_needs_them(number: str, said: str) -> None:
    assert amounts.amount(Decimal(number)) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (1023, "1,023 B"), (4096, "4 KB"), (512 << 10, "512 KB"), (8 << 20, "8.0 MB")],
)
def test_sizes_as_file_managers_say_them(size: int, said: str) -> None:
    assert amounts.size(size) == said


def test_few_digits() -> None:
    assert (amounts.short(3.0), amounts.short(0.5)) == ("3", "0.5")
    assert amounts.tenths(1.25) == "1.2"
    assert amounts.megabytes(3 << 19) == "1.5"


def test_a_number_stays_in_one_line_with_what_it_counts() -> None:
    assert (
        amounts.unbroken("now 31 %; 7 stretches, 2 h")
        == "now 31\u00a0%; 7\u00a0stretches, 2\u00a0h"
    )
    assert amounts.unbroken("低于均匀节奏 17 %。有 7 段") == "低于均匀节奏 17\u00a0%。有 7\u00a0段"
    assert amounts.unbroken("16:05 · 1 2") == "16:05 · 1 2"


def test_the_marks_are_the_language_s_own() -> None:
    language.use(_German(), "de")

    assert amounts.grouped(1234567.5, 2) == "1.234.567,50"
    assert amounts.size(3 << 19) == "1,5 MB"
    assert amounts.short(0.5) == "0,5"
