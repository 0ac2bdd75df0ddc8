from __future__ import annotations

import errno
import os

import pytest

from app.wording.system_reasons import reason_words


@pytest.mark.parametrize(
    ("number", "chinese"),
    [
        (errno.EACCES, "没有权限"),
        (errno.ENOENT, "没有这个文件或文件夹"),
        (errno.ENOSPC, "磁盘空间不足"),
    ],
)
def test_english_is_the_system_s_own(
    number: int, chinese: str, request: pytest.FixtureRequest
) -> None:
    error = OSError(number, os.strerror(number))
    assert reason_words(error) == os.strerror(number)
    request.getfixturevalue("in_chinese")
    assert reason_words(error) == chinese


def test_what_is_not_known_is_told_as_it_is() -> None:
    assert reason_words(OSError(errno.ELOOP, "Too many links")) == "Too many links"
    assert reason_words(FileNotFoundError()) == "FileNotFoundError"
