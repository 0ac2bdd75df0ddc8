from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from app.history.curves import WindowOnFile
from app.wording import history_command as words


def test_whose_history_it_is() -> None:
    assert words.several_accounts(["a", "b", "c"]) == "History of a. With --account also: b, c."
    assert words.no_such_history("x\x1b[2J") == "No history is kept of x␛[2J."


def test_refusals_name_what_is_wrong() -> None:
    assert "“soon”" in words.wrong_since("soon")
    assert words.not_written("/there", "Read-only file system") == (
        "/there cannot be written: Read-only file system"
    )


def test_what_was_written() -> None:
    assert words.written(1, "out.csv") == "1 row written to out.csv."
    assert words.written(2, "out.csv") == "2 rows written to out.csv."


def test_windows_by_their_names_with_local_times() -> None:
    window = WindowOnFile("codex/18000", "", 1_767_571_200, 1_767_657_600)

    now = datetime(2026, 1, 7, tzinfo=UTC)

    (line,) = words.window_lines((window,), now, timezone(timedelta(hours=8)))

    assert line == "5-hour  codex/18000  Mon 5 Jan 08:00 – Tue 6 Jan 08:00"
