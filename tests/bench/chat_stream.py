"""Measures a streamed answer in the real chat window and prints one JSON object.

    python tests/bench/chat_stream.py [--quick]

`cost_ratio`: time per delta at 200 kB against 10 kB, both with layout and painting.
`gap_p99_ms`, `gap_max_ms`, `cpu_share`: a 50 kB answer at 100 deltas a second, with a heartbeat
every 10 ms; a gap is how much later than planned a beat came.
`long_…`, `code_…`: the same for an answer of 200 kB, and for one code block of 1 MB, in 10 s each.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea

from app.auth.tokens import Account
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.state import AppState, SessionState, SessionStatus
from app.ui import theme
from app.ui.answer_view import AnswerView
from app.ui.chat_window import ChatWindow

DELTA_CHARS = 16
_PARAGRAPH = (
    "## Part {n}\n\nThe window of *five hours* begins with the first request and ends by "
    "the clock, so `resets_at` moves only when a new one begins. Some **plans** know a weekly "
    "window too.\n\n"
    "- read the reply\n- keep what is known\n- tell what is not\n\n"
    "```python\ndef left(window: Window) -> float:\n    return 100.0 - window.used_percent\n```\n\n"
    "| name | used |\n|---|--:|\n| 5-hour | 78 % |\n| weekly | 31 % |\n\n"
)


def answer_of(size: int) -> str:
    """Markdown of every kind, `size` characters long."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(_PARAGRAPH.format(n=len(parts) + 1))
        length += len(parts[-1])
    return "".join(parts)[:size]


def deltas_of(answer: str) -> Iterator[str]:
    """`answer` as it stands after each delta."""
    for end in range(DELTA_CHARS, len(answer) + DELTA_CHARS, DELTA_CHARS):
        yield answer[:end]


def _area() -> tuple[QScrollArea, AnswerView]:
    """An answer in a scrolling window, as in the chat: at its end, where it grows."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.resize(420, 560)
    view = AnswerView()
    area.setWidget(view)
    bar = area.verticalScrollBar()
    bar.rangeChanged.connect(lambda _least, most: bar.setValue(most))
    area.show()
    return area, view


def cost_per_delta_ms(app: QApplication, size: int, deltas: int) -> float:
    """Median time of one delta, shown and painted, when `size` characters are there already."""
    area, view = _area()
    answer = answer_of(size + deltas * DELTA_CHARS)
    view.set_answer(answer[:size], is_complete=False)
    while view.advance(1.0):
        pass
    costs = []
    for shown in list(deltas_of(answer[size:])):
        begun = time.perf_counter()
        view.set_answer(answer[: size + len(shown)], is_complete=False)
        view.advance(1.0)
        app.processEvents()
        costs.append((time.perf_counter() - begun) * 1_000)
    area.close()
    return statistics.median(costs)


def code_of(size: int) -> str:
    """One block of code, `size` characters long."""
    line = "    for window in snapshot.windows:  # the longest first\n"
    return "```python\n" + line * (size // len(line))


def streamed(seconds: float, answer: str) -> dict[str, float]:
    """A paced answer in the chat window: lateness of the heartbeat and share of one core."""
    deltas = int(seconds * 100)
    step = max(len(answer) // deltas, 1)
    turn = Turn("t1", "?", status=TurnStatus.STREAMING, asked_at=datetime.now(UTC))
    state = AppState(session=SessionState(SessionStatus.SIGNED_IN, Account("a")))
    window = ChatWindow()
    window.show()
    loop = QEventLoop()
    lateness: list[float] = []
    begun = time.perf_counter()
    last = begun
    cpu = time.process_time()
    sent = 0

    def beat() -> None:
        nonlocal last, sent
        now = time.perf_counter()
        lateness.append((now - last) * 1_000 - 10)
        last = now
        due = min(int((now - begun) * 100), deltas)
        while sent < due:
            sent += 1
            shown = replace(turn, answer=answer[: sent * step])
            window.render(replace(state, conversation=Conversation("c", (shown,))))
        if sent == deltas:
            loop.quit()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(10)
    loop.exec()
    timer.stop()
    window.close()
    passed = time.perf_counter() - begun
    lateness.sort()
    return {
        "gap_p99_ms": round(lateness[int(len(lateness) * 0.99)], 1),
        "gap_max_ms": round(lateness[-1], 1),
        "cpu_share": round((time.process_time() - cpu) / passed, 3),
        "deltas_per_s": round(sent / passed, 1),
    }


def _named(name: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{name}_{key}": value for key, value in figures.items()}


def main() -> int:
    """Run all measurements; `--quick` streams for 5 s instead of 32 s."""
    quick = "--quick" in sys.argv[1:]
    app = QApplication([])
    theme.Theme(app, "light")
    rounds = 60 if quick else 200
    cost_per_delta_ms(app, 1_000, 20)
    small = cost_per_delta_ms(app, 10_000, rounds)
    large = cost_per_delta_ms(app, 200_000, rounds)
    result = {
        "delta_10kb_ms": round(small, 3),
        "delta_200kb_ms": round(large, 3),
        "cost_ratio": round(large / small, 2),
        **streamed(5 if quick else 32, answer_of(50_000)),
        **_named("long", streamed(10, answer_of(200_000))),
        **_named("code", streamed(10, code_of(1_000_000))),
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
