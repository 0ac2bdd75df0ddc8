"""What Qt itself has to say goes into the log, redacted like everything there (T-35).

Qt speaks before there is a log, and it ends the process if it finds no usable display: then one
line of ours takes the place of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_MOST = 100
_DISPLAY_UNUSABLE = 1
_DISPLAY_LOST = ("The X11 connection broke", "The Wayland connection broke")
_LONGEST_END_S = 1.6  # of the two seconds that an end may take (F-D05)

Say = Callable[[QtMsgType, str, str], None]  # kind, category, text


class QtMessages:
    """Keeps messages from `begin` on, and gives them to `say` once there is one."""

    def __init__(self) -> None:
        self._kept: list[tuple[QtMsgType, str, str]] = []
        self._say: Say | None = None
        self._nowhere: TextIO | None = None

    def begin(self) -> None:
        """From now on Qt prints nothing by itself."""
        qInstallMessageHandler(self._take)

    def hand_over(self) -> None:
        """There is a log by now."""
        self._say = _log
        for kind, category, text in self._kept:
            _log(kind, category, text)
        self._kept.clear()

    def _take(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if self._nowhere is None and text.startswith(_DISPLAY_LOST):
            self._end_in_time()
        if kind == QtMsgType.QtFatalMsg:
            _give_up()
        elif self._say is not None:
            self._say(kind, context.category or "", text)
        elif len(self._kept) < _MOST:
            self._kept.append((kind, context.category or "", text))

    def _end_in_time(self) -> None:
        """Qt ends the loop, or Xlib ends the process from within some call, which may never come
        back: this needs neither. It is a thread without Python, and prints nothing."""
        import faulthandler  # noqa: PLC0415 - at the end only

        self._nowhere = open(os.devnull, "w")  # noqa: SIM115 - to the end of the process
        faulthandler.dump_traceback_later(_LONGEST_END_S, exit=True, file=self._nowhere)


def _log(kind: QtMsgType, category: str, text: str) -> None:
    import logging  # noqa: PLC0415 - the icon must not wait for it

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
    }
    logging.getLogger("qt").log(levels.get(kind, logging.WARNING), "%s: %s", category, text)


def _give_up() -> None:
    """Qt would abort, and leave a trace of the process behind."""
    from app.instance.start import speak_as_set  # noqa: PLC0415 - seldom
    from app.wording.startup import display_unusable  # noqa: PLC0415

    speak_as_set()
    if sys.stderr is not None:
        sys.stderr.write(f"{display_unusable()}\n")
        sys.stderr.flush()
    os._exit(_DISPLAY_UNUSABLE)
