"""What the history window wishes, and which window it begins with."""

from __future__ import annotations

from app.history.curves import WindowOnFile
from app.history.view import HistoryView, in_order, usual_window


def window(window_id: str, name: str = "") -> WindowOnFile:
    return WindowOnFile(window_id, name, 0, 1)


WEEK, SESSION = window("codex/604800"), window("codex/18000")
REVIEW, SPARK = window("code_review/604800"), window("codex_bengalfox/18000", "Spark")


def test_the_plan_comes_first_and_the_shorter_window_before_the_longer() -> None:
    assert in_order((SPARK, WEEK, REVIEW, SESSION)) == (SESSION, WEEK, SPARK, REVIEW)


def test_it_begins_with_the_longest_window_of_the_plan() -> None:
    assert usual_window((SPARK, SESSION, WEEK)) == "codex/604800"
    assert usual_window((REVIEW, SPARK)) == "codex_bengalfox/18000"
    assert usual_window(()) == ""


def test_the_window_shown_is_one_on_file() -> None:
    assert HistoryView(windows=(SESSION, WEEK), window_id="codex/604800").window is WEEK
    assert HistoryView(windows=(SESSION,), window_id="codex/604800").window is None
