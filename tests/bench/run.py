"""The budget table of `dev.py bench`: every figure beside its floor, as a ratio.

Machines are noisy: nothing here passes or fails. Linux only, with the test packages installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling at every start is not what users have

from bench import bundle, history, resident, sign_in, stream_decode
from bench.table import Row, rendered
from support.desktop_session import desktop_session


def main() -> int:
    """Measure everything (about four minutes) and print the table."""
    rows = resident.measure()
    rows += bundle.measure()
    rows += sign_in.measure()
    rows += stream_decode.measure()
    rows += history.measure()
    with desktop_session("none") as session:
        session.env["PYTHONPATH"] = os.pathsep.join([str(_TESTS), str(_TESTS.parent)])
        rows += _widget_rows(_json_of("widgets.py", session.env))
        rows += _history_rows(_json_of("history_window.py", session.env))
        rows += _opening_rows(_json_of("chat_opening.py", session.env))
        rows += _chat_rows(_json_of("chat_stream.py", session.env))
        rows += _load_rows(_json_of("chat_load.py", session.env))
        rows += _conversation_rows(_json_of("conversations.py", session.env))
    print(rendered(rows))
    return 0


def _json_of(script: str, environment: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script))],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _widget_rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("panel: click to first paint", figures["panel_ms"], "ms", 50),
        Row("panel: the very first time", figures["first_panel_ms"], "ms", 50),
        Row("tray icon drawn in all sizes", figures["icon_ms"], "ms", 5),
    ]


def _history_rows(figures: dict[str, float]) -> list[Row]:
    year = "history: a year of one-minute readings"
    return [
        Row("history: window, the very first time", figures["first_history_ms"], "ms", 100),
        Row(f"{year}, on disk", figures["history_bytes"] / 1e6, "MB", 30),
        Row(f"{year}, 30 d read", figures["history_read_ms"], "ms", 250),
        Row("history: chart of it made", figures["history_built_ms"], "ms", 16),
        Row("history: chart of it painted", figures["history_painted_ms"], "ms", 16),
    ]


def _opening_rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("chat: from the wish to a focused input", figures["chat_ms"], "ms", 100),
        Row("chat: the very first time", figures["first_chat_ms"], "ms", 100),
    ]


def _chat_rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("chat: GUI gap p99 at 100 deltas/s", figures["gap_p99_ms"], "ms", 35),
        Row("chat: GUI gap max", figures["gap_max_ms"], "ms", 100),
        Row("chat: share of a core at 100 deltas/s", figures["cpu_share"] * 100, "%", 15),
        Row(
            "chat: cost per delta at 200 kB, against 10 kB",
            figures["delta_200kb_ms"],
            "ms",
            1.5,
            figures["delta_10kb_ms"],
        ),
        Row("chat: GUI gap p99, 200 kB in 10 s", figures["long_gap_p99_ms"], "ms", 35),
        Row("chat: GUI gap max, 200 kB in 10 s", figures["long_gap_max_ms"], "ms", 100),
        Row("chat: GUI gap p99, 1 MB of code in 10 s", figures["code_gap_p99_ms"], "ms", 35),
        Row("chat: GUI gap max, 1 MB of code in 10 s", figures["code_gap_max_ms"], "ms", 100),
    ]


def _load_rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("chat: memory 10,000 messages on the screen add", figures["messages_mb"], "MB", 60),
        Row("chat: an answer of 1 MB, longest slice", figures["answer_slice_ms"], "ms", 50),
        Row("chat: memory an answer of 1 MB adds", figures["answer_mb"], "MB", 60),
        Row("chat: giant word, code, table, images: slice", figures["giant_slice_ms"], "ms", 50),
        Row("chat: memory the largest of them adds", figures["giant_mb"], "MB", 60),
        Row("chat: hostile answers, the dearest", figures["hostile_ms"], "ms", 300),
        Row("chat: memory all of them add", figures["hostile_mb"], "MB", 150),
    ]


def _conversation_rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("chats: 10,000 messages, from the file to the window", figures["opened_ms"], "ms", 500),
        Row("chats: the same, the file's part", figures["read_ms"], "ms", 300),
        Row("chats: one more turn of it saved", figures["saved_ms"], "ms", 100),
        Row("chats: 1,000 listed", figures["listed_ms"], "ms", 150),
        Row("chats: the same searched through", figures["searched_ms"], "ms", 500),
        Row("chats: one deleted without a trace", figures["deleted_ms"], "ms", 1500),
    ]


if __name__ == "__main__":
    sys.exit(main())
