"""Shows every answer of the hostile corpus in a real transcript, one process for all of them.

    python tests/support/hostile_answers.py FILE URL

Prints one JSON object: how many there were, the longest time of one on the processor in
milliseconds with its name, and by how many megabytes memory grew. Before the first and after
the last it looks for `MARK`, which is not there, so that a trace of the calls shows where they
begin and end.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from support.hostile_corpus import documents

from app.chat.conversation import Turn, TurnStatus
from app.ui import theme
from app.ui.code_lexers import code_lexers
from app.ui.transcript import Transcript

MARK = "/hostile-answers-mark"


def main() -> int:
    app = QApplication([])
    theme.Theme(app, "light")
    assert code_lexers()["python"] is not None
    transcript = Transcript(lambda _turn: None, lambda: datetime.now(UTC))
    transcript.resize(420, 560)
    transcript.show()
    _shown(app, transcript, "ordinary", "**Words**, `code`, 中文 עברית 😀\n\n```py\nx = 1\n```\n")
    before = _memory_mb()
    costs = {}
    os.path.exists(MARK)
    for name, answer in documents(*sys.argv[1:3]).items():
        begun = time.thread_time()
        _shown(app, transcript, name, answer)
        costs[name] = (time.thread_time() - begun) * 1_000
    os.path.exists(MARK)
    worst = max(costs, key=lambda name: costs[name])
    figures = {"count": len(costs), "worst": worst, "worst_ms": round(costs[worst], 1)}
    print(json.dumps({**figures, "grown_mb": round(_memory_mb() - before, 1)}))
    return 0


def _shown(app: QApplication, transcript: Transcript, name: str, answer: str) -> None:
    """Stream the answer, as it would come, in a few pieces, and paint it."""
    step = max(len(answer) // 3, 1)
    for end in (step, 2 * step, len(answer)):
        status = TurnStatus.STREAMING if end < len(answer) else TurnStatus.COMPLETED
        transcript.render_turns((Turn(name, "?", answer[:end], status=status),))
        while any(view.answer.advance(0.05) for view in transcript.views):
            app.processEvents()
        app.processEvents()
    transcript.grab()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what an event loop does by itself


def _memory_mb() -> float:
    found = re.search(r"VmRSS:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
