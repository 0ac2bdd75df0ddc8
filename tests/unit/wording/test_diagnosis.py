"""The words around a diagnosis."""

from __future__ import annotations

from datetime import UTC, datetime

from app.alerts.alert import Alert, AlertKind
from app.alerts.replay import Judged, Silence
from app.usage.pace import Level
from app.wording import diagnosis as words

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_replay_tells_levels_and_what_was_due_or_why_nothing_was() -> None:
    alert = Alert(AlertKind.THRESHOLD, "account", "codex/18000", percent=75)
    judged = (
        Judged(NOW, (("codex/18000", 78.0, Level.CLOSE), ("m/0", None, Level.UNKNOWN)), (), None),
        Judged(NOW, (), (alert, Alert(AlertKind.CREDITS_LOW, "account")), None),
        Judged(NOW, (), (), Silence.IN_DOUBT),
    )
    assert words.replay_lines(judged) == [
        "2026-11-22T12:00:00Z",
        "  codex/18000: 78 %, level close",
        "  m/0: –, level unknown",
        "2026-11-22T12:00:00Z",
        "  due: threshold codex/18000 75",
        "  due: credits_low",
        "2026-11-22T12:00:00Z",
        "  nothing due: in_doubt",
    ]


def test_names_of_files_are_one_short_line() -> None:
    assert words.saved_as("a\nb") == "Saved as a b"
    assert "x" * 201 not in words.not_a_diagnosis("x" * 300)
