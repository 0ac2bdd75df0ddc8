"""Measures what is there at once: long conversations, giant answers. Prints one JSON object.

    python tests/bench/chat_load.py

`messages_…`: ten thousand turns until the newest are painted. `answer_…`: a finished answer of
1 MB in the transcript; a slice is one turn of the event loop. `giant_…`: the dearest of one word,
one code block, one table and ten thousand images. `hostile_…`: the corpus of hostile answers
(figure 22). Each in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.chat_stream import answer_of, code_of
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Turn, TurnStatus
from app.ui import theme
from app.ui.transcript import Transcript

_DONE = TurnStatus.COMPLETED
_ROWS = "| 1 | 2 | 3 | 4 |\n" * 5_000
GIANTS = {
    "word": "x" * 1_000_000,
    "code": code_of(1_000_000),
    "table": "| a | b | c | d |\n|---|---|---|---|\n" + _ROWS,
    "images": "![a](http://x.invalid/z.png) " * 10_000,
    "marks": "a_" * 150_000,
}


def _transcript(app: QApplication) -> Transcript:
    """One that has shown something, so that fonts and the like are there already."""
    theme.Theme(app, "light")
    made = Transcript(lambda _turn: None, lambda: datetime.now(UTC))
    made.resize(420, 560)
    made.show()
    made.render_turns((Turn("0", "?", answer_of(2_000), status=_DONE),))
    _settle(app, made)
    return made


def _settle(app: QApplication, transcript: Transcript) -> float:
    """Let everything be written; the longest time the windows waited meanwhile, in seconds."""
    longest = 0.0
    while True:
        begun = time.perf_counter()
        app.processEvents()
        longest = max(longest, time.perf_counter() - begun)
        if transcript.views and not any(view.answer.has_work for view in transcript.views):
            return longest
        time.sleep(0.001)


def messages(app: QApplication) -> dict[str, float]:
    """Ten thousand turns of 200 to 2,000 characters."""
    transcript = _transcript(app)
    text = answer_of(2_000)
    turns = tuple(
        Turn(str(n), "Question?", text[: 200 + n * 37 % 1_800], status=_DONE) for n in range(10_000)
    )
    before, begun = _memory_mb(), time.perf_counter()
    transcript.render_turns(turns)
    _settle(app, transcript)
    transcript.grab()
    passed = time.perf_counter() - begun
    return {"ms": passed * 1_000, "mb": _memory_mb() - before}


def answer(app: QApplication, text: str) -> dict[str, float]:
    """A finished answer shown at once."""
    transcript = _transcript(app)
    before = _memory_mb()
    transcript.render_turns((Turn("1", "?", text, status=_DONE),))
    slice_s = _settle(app, transcript)
    return {"slice_ms": slice_s * 1_000, "mb": _memory_mb() - before}


def _memory_mb() -> float:
    found = re.search(r"VmRSS:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


def _run(*arguments: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _everything() -> dict[str, float]:
    many, one = _run(__file__, "messages"), _run(__file__, "answer")
    giants = [_run(__file__, name) for name in GIANTS]
    script = Path(__file__).parents[1] / "support" / "hostile_answers.py"
    hostile = _run(str(script), "/nowhere/secret.png", "http://127.0.0.1:9/pixel.png")
    figures = {
        "messages_ms": many["ms"],
        "messages_mb": many["mb"],
        "answer_slice_ms": one["slice_ms"],
        "answer_mb": one["mb"],
        "giant_slice_ms": max(each["slice_ms"] for each in giants),
        "giant_mb": max(each["mb"] for each in giants),
        "hostile_ms": hostile["worst_ms"],
        "hostile_mb": hostile["grown_mb"],
    }
    return {name: round(value, 1) for name, value in figures.items()}


def main() -> int:
    """Everything, or what the first argument names."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if not wanted:
        print(json.dumps(_everything()))
        return 0
    app = QApplication([])
    if wanted == "messages":
        print(json.dumps(messages(app)))
    else:
        print(json.dumps(answer(app, GIANTS.get(wanted) or answer_of(1_000_000))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
