"""What Qt says: in the log and nowhere else, or one line where it would end the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

_SCRIPT = """
import logging
from PySide6.QtCore import QtMsgType, qCritical, qDebug, qWarning
from app.ui.qt_messages import QtMessages

class Shown(logging.Handler):
    def emit(self, record):
        print(record.levelname, record.name, record.getMessage())

messages = QtMessages()
messages.begin()
qWarning("before there is a log")
logging.getLogger().addHandler(Shown())
messages.hand_over()
qWarning("a word of the engine")
qCritical("and worse")
for number in range(200):
    qDebug("not worth a line")
"""


def run(script: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_messages_go_to_the_log_those_before_it_too() -> None:
    """T-35"""
    ended = run(_SCRIPT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        "WARNING qt default: before there is a log",
        "WARNING qt default: a word of the engine",
        "ERROR qt default: and worse",
    ]


def test_a_display_that_cannot_be_used_is_one_line_and_no_crash(private_home: Path) -> None:
    """F-D12, figure 24: an X server that refuses us, here a platform that is not there."""
    script = "from app.ui.first_icon import show_first_icon\nshow_first_icon()\n"
    for language, words in (
        ("en_US.UTF-8", "The display cannot be used"),
        ("zh_CN.UTF-8", "无法使用显示器"),
    ):
        ended = run(script, QT_QPA_PLATFORM="nosuchplatform", LANGUAGE=language, LC_ALL=language)
        assert ended.returncode == 1
        assert ended.stdout == ""
        assert len(ended.stderr.splitlines()) == 1
        assert ended.stderr.startswith(words)
    assert private_home.exists()


def test_a_lost_display_ends_the_process_whatever_it_is_doing() -> None:
    """F-D05: Xlib may end it from within a call of its own, and hang in it."""
    script = (
        "import signal\n"
        "from PySide6.QtCore import qWarning\n"
        "from app.ui import qt_messages\n"
        "qt_messages._LONGEST_END_S = 0.1\n"
        "qt_messages.QtMessages().begin()\n"
        "qWarning('The X11 connection broke (error 1). Did the X11 server die?')\n"
        "while True:\n"
        "    signal.pause()\n"
    )
    ended = run(script)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "")
