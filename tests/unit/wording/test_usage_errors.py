from __future__ import annotations

import pytest

from app.command_line.options import parse_options
from app.wording.usage_errors import in_our_words


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        ("--wrong", "unrecognized arguments: --wrong", "无法识别的参数：--wrong。"),
        ("status --from", "argument --from: expected one argument", "参数 --from：需要一个值。"),
        ("nonsense", "invalid choice: 'nonsense'", "不可用的值 'nonsense'（可选："),
        ("config set theme", "the following arguments are required: ", "缺少以下参数："),
    ],
)
def test_what_is_wrong_is_told_in_the_language_in_force(
    arguments: str,
    english: str,
    chinese: str,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    for expected in (english, chinese):
        with pytest.raises(SystemExit):
            parse_options(arguments.split())
        assert expected in capsys.readouterr().err
        request.getfixturevalue("in_chinese")


def test_a_sentence_of_a_newer_parser_stays_english(in_chinese: None) -> None:
    assert in_our_words("something new: %s") == "something new: %s"
