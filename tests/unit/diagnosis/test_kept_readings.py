"""Readings out of the history's runs, for whoever has no others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.alerts.looks import MOST_LOOKS
from app.diagnosis.kept_readings import KeptRun, kept_looks, looks_of

AT = 1_795_348_800


def told(at_index: int, *runs: KeptRun) -> dict[str, float | None]:
    look = looks_of(runs)[at_index]
    return {window.window_id: window.used_percent for window in look.usage.windows}


def test_each_moment_tells_what_was_known_then() -> None:
    runs = (
        KeptRun("codex/18000", AT, AT + 60, 1000, AT + 9000),
        KeptRun("codex/18000", AT + 120, AT + 180, 2050, AT + 9000),
        KeptRun("codex/604800", AT, AT + 180, 300, None),
        KeptRun("spark/18000#2", AT + 180, AT + 180, 9900, AT + 9000),
    )
    assert told(0, *runs) == {"codex/18000": 10.0, "codex/604800": 3.0}
    assert told(2, *runs) == {"codex/18000": 20.5, "codex/604800": 3.0}
    assert told(3, *runs)["spark/18000#2"] == 99.0
    assert looks_of(runs)[0].at == datetime.fromtimestamp(AT, UTC)


def test_a_window_not_heard_of_for_a_while_is_left_out() -> None:
    old = KeptRun("codex/604800", AT, AT, 300, None)

    assert told(-1, old, KeptRun("codex/18000", AT + 5000, AT + 5000, 100, None)) == {
        "codex/18000": 1.0
    }


def test_names_that_are_no_window_of_ours_do_no_harm() -> None:
    assert told(0, KeptRun("odd", AT, AT, 100, None)) == {"/0": 1.0}


def test_only_the_newest_moments_are_told() -> None:
    runs = [KeptRun("codex/18000", AT + n, AT + n, n, None) for n in range(MOST_LOOKS + 9)]

    assert len(looks_of(runs)) == MOST_LOOKS
    assert looks_of([]) == ()


def test_no_history_is_no_reading(tmp_path: Path) -> None:
    (tmp_path / "damaged.db").write_bytes(b"not a database" * 500)

    for name in ("absent.db", "damaged.db"):
        assert kept_looks(tmp_path / name, "a" * 16, datetime.now(UTC)) == ()
