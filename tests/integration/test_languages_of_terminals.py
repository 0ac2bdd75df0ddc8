"""The command line under every locale and encoding a terminal may have (F-D12)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

TERMINALS = {
    "C": ({"LC_ALL": "C"}, "utf-8", "en"),
    "C, without Python's help": (
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        "utf-8",
        "en",
    ),
    "POSIX with a wish": ({"LANG": "POSIX", "LANGUAGE": "zh_CN"}, "utf-8", "en"),
    "Chinese": ({"LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}, "utf-8", "zh"),
    "Chinese of old": ({"LANG": "zh_CN", "PYTHONIOENCODING": "gb18030"}, "gb18030", "zh"),
    "Taiwan of old": ({"LANG": "zh_TW", "PYTHONIOENCODING": "big5"}, "big5", "en"),
    "Turkish of old": ({"LANG": "tr_TR", "PYTHONIOENCODING": "iso8859-9"}, "iso8859-9", "en"),
    "Chinese in ASCII": ({"LANG": "zh_CN", "PYTHONIOENCODING": "ascii"}, "ascii", "en"),
    "messages apart": (
        {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8", "PYTHONUTF8": "1"},
        "utf-8",
        "en",
    ),
    "nothing at all": ({}, "utf-8", "en"),
}
COMMANDS = {
    ("config", "list"): (0, {"en": "Account", "zh": "账户"}),
    ("history", "--help"): (0, {"en": "Usage: tidegauge history", "zh": "用法：tidegauge history"}),
    ("chats",): (1, {"en": "No conversations are kept.", "zh": "没有保存任何对话。"}),
    ("nonsense",): (2, {"en": "invalid choice: ", "zh": "不可用的值 "}),
    ("history", "--since", "soon"): (2, {"en": "soon", "zh": "“soon”不是时间。"}),
}


@pytest.mark.parametrize("name", list(TERMINALS))
@pytest.mark.parametrize("command", list(COMMANDS), ids=" ".join)
def test_every_terminal_can_be_written_to(
    name: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    extra, encoding, spoken = TERMINALS[name]
    code, words = COMMANDS[command]
    done = subprocess.run(
        [sys.executable, "-m", "app", *command],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **extra},
        capture_output=True,
        check=False,
    )
    said = (done.stdout + done.stderr).decode(encoding)

    assert words[spoken] in said
    assert "Traceback" not in said
    assert "\\u" not in said
    assert done.returncode == code
