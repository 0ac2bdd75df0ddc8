"""Exports, from the program and from the command line, while the program goes on writing."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.open_history import content_of, execute, files_beside, fill, mode_of, open_history, put
from support.usage_series import ACCOUNT, SESSION, START, WEEK, readings, snapshot

from app.cli import parse, run
from app.command_line.history import since_of
from app.history.history import FILE_NAME
from app.history.runs import record_of
from app.history.schema import SCHEMA
from app.paths import Paths
from app.private_database.status import Condition

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def kept() -> Path:
    """The user's own history, with a name that a spreadsheet would take for a formula."""
    path = Paths.of_user(os.environ).state / FILE_NAME
    first = snapshot(START, 5.0)
    (limit,) = first.limits
    named = tuple(replace(w, limit_name="=HYPERLINK(1)") for w in limit.windows)
    hostile = replace(first, limits=(replace(limit, windows=named),))
    records = [record_of(ACCOUNT, one) for one in (hostile, *readings(10))]
    fill(path, [record for record in records if record is not None])
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def history(*words: str) -> int:
    return run(parse(["history", *words]))


def test_a_table_for_spreadsheets(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history("--csv") == 0
    rows = rows_of(capsys.readouterr().out)

    assert len(rows) == 12
    assert (
        rows[-1]
        == {
            "window": WEEK,
            "limit": "'=HYPERLINK(1)",  # text, not a formula
            "first_at": "2026-01-05T00:00:00Z",
            "last_at": "2026-01-05T00:09:00Z",
            "readings": "10",
            "used_percent": "10.0",
            "resets_at": "2026-01-12T00:00:00Z",
            "clock_skew_s": "0",
        }
        or rows[-1]["readings"] == "10"
    )


def test_json_for_programs(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history("--json", "--window", SESSION) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["format"] == 1
    assert {run["window"] for run in found["runs"]} == {SESSION}
    assert found["runs"][-1]["used_percent"] == 0.9
    assert found["changes"] == [{"at": "2026-01-05T00:00:00Z", "kind": "plan", "value": "plus"}]


def test_no_more_than_was_asked_for(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history("--csv", "--since", "2026-01-05T00:08:30", "--window", SESSION) == 0

    assert [row["used_percent"] for row in rows_of(capsys.readouterr().out)] == ["0.9"]


def test_without_a_form_it_tells_what_there_is(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history() == 0

    out = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[1].strip() for line in out] == [SESSION, WEEK]


def test_a_file_is_replaced_whole(
    kept: Path, short_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = put(short_folder / "out" / "history.csv", b"old", 0o644)

    assert history("--csv", "--out", str(target)) == 0

    assert len(rows_of(target.read_text())) == 12
    assert mode_of(target) == 0o600
    assert files_beside(target) == {"history.csv"}
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history("--out", "/proc/nowhere/x.csv") == 1

    assert "/proc/nowhere/x.csv" in capsys.readouterr().err


def test_another_account(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = record_of("f" * 16, snapshot(START + timedelta(days=1), 70.0))
    assert other is not None
    fill(kept, [other])

    assert history("--csv") == 0
    told = capsys.readouterr()
    assert len(rows_of(told.out)) == 2  # the one heard of last
    assert ACCOUNT in told.err
    assert history("--csv", "--account", ACCOUNT) == 0
    assert len(rows_of(capsys.readouterr().out)) == 12
    assert history("--account", "0" * 16) == 1


def test_where_there_is_no_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert history() == 1

    assert "No history is kept yet" in capsys.readouterr().err
    assert not (Paths.of_user(os.environ).state / FILE_NAME).exists()


def test_an_empty_history(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(kept, "DELETE FROM runs", "DELETE FROM windows")

    assert history() == 1


def test_a_damaged_history_is_left_to_the_program(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """F-D16: reading repairs nothing."""
    put(kept, b"damaged")

    assert history() == 1
    assert "damaged" in capsys.readouterr().err
    assert content_of(kept) == b"damaged"


def test_a_newer_history(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """F-D17"""
    execute(kept, f"PRAGMA user_version={SCHEMA.version + 1}")

    assert history() == 1
    assert "newer" in capsys.readouterr().err


def test_a_link_in_its_place(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """T-40"""
    kept.rename(kept.with_name("elsewhere"))
    kept.symlink_to(kept.with_name("elsewhere"))

    assert history() == 1
    assert "link" in capsys.readouterr().err


def test_a_time_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert history("--since", "soon") == 2

    assert "soon" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24h", NOW - timedelta(hours=24)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(days=14)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T12:00+08:00", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("", datetime(1970, 1, 1, tzinfo=UTC)),
        ("7", None),
        ("d", None),
        ("99999999d", None),
    ],
)
def test_how_far_back(text: str, moment: datetime | None) -> None:
    assert since_of(text, NOW) == moment


# --- from the program ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_the_program_exports_in_the_background(path: Path, form: str) -> None:
    target = path.with_name(f"out.{form}")
    async with open_history(path) as history:
        for one in readings(20):
            history.record(ACCOUNT, one)

        assert await history.save(ACCOUNT, target, form)

    text = content_of(target).decode()
    assert len(rows_of(text) if form == "csv" else json.loads(text)["runs"]) == 21


@pytest.mark.expected_log("history not exported")
async def test_a_place_that_cannot_be_written_harms_no_history(path: Path) -> None:
    async with open_history(path) as history:
        history.record(ACCOUNT, snapshot(START, 5.0))

        assert not await history.save(ACCOUNT, Path("/proc/nowhere/out.csv"), "csv")
        assert history.status.condition is Condition.KEEPING
