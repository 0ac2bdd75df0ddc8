"""The history as a table or as JSON, for other programs. Times are UTC, ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.history.queries import changes_of
from app.history.rows import all_runs
from app.history.runs import Run
from app.private_files import written_whole

if TYPE_CHECKING:
    import sqlite3

_FORMAT = 1
_LATEST = 4_102_444_800  # 2100
_COLUMNS = (
    *("window", "limit", "first_at", "last_at", "readings"),
    *("used_percent", "resets_at", "clock_skew_s"),
)
# A table calculation would take a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_Named = tuple[str, str, Run]  # window id, its title, run


class Out(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object: ...


class Form(StrEnum):
    CSV = "csv"
    JSON = "json"


def write(
    file: sqlite3.Connection,
    account: str,
    form: Form,
    out: Out,
    *,
    window_id: str | None = None,
    since: int = 0,
) -> int:
    """Write the runs of readings that ended at `since` or later; returns how many.

    JSON has what else changed, too. Raises `OSError` or `sqlite3.Error`.
    """
    runs = _Counted(all_runs(file, account, window_id, since))
    if form is Form.CSV:
        _write_csv(runs, out)
    else:
        _write_json(file, account, runs, since, out)
    return runs.count


def write_file(
    file: sqlite3.Connection,
    account: str,
    form: Form,
    target: Path,
    *,
    window_id: str | None = None,
    since: int = 0,
) -> int:
    """As `write`, into `target`, which is replaced whole or not at all. Readable by us only."""
    with written_whole(target) as out:
        return write(file, account, form, out, window_id=window_id, since=since)


class _Counted:
    """Counts what passes."""

    def __init__(self, runs: Iterable[_Named]) -> None:
        self._runs = runs
        self.count = 0

    def __iter__(self) -> Iterator[_Named]:
        for run in self._runs:
            self.count += 1
            yield run


def _write_csv(runs: Iterable[_Named], out: Out) -> None:
    import csv  # noqa: PLC0415 - rarely asked for

    table = csv.writer(out)
    table.writerow(_COLUMNS)
    for name, title, run in runs:
        table.writerow(
            (
                _as_text(name),
                _as_text(title),
                _time(run.first_at),
                _time(run.last_at),
                run.readings,
                run.used / 100,
                _time(run.resets_at) or "",
                run.skew,
            )
        )


def _write_json(
    file: sqlite3.Connection, account: str, runs: Iterable[_Named], since: int, out: Out
) -> None:
    """One run a line: a year of them is written as it is read."""
    import json  # noqa: PLC0415 - rarely asked for

    out.write(f'{{"format": {_FORMAT},\n"runs": [')
    for place, (name, title, run) in enumerate(runs):
        described = {
            "window": name,
            "limit": title or None,
            "first_at": _time(run.first_at),
            "last_at": _time(run.last_at),
            "readings": run.readings,
            "used_percent": run.used / 100,
            "resets_at": _time(run.resets_at),
            "clock_skew_s": run.skew,
        }
        out.write(f"{',' if place else ''}\n{json.dumps(described)}")
    changes = [
        {"at": _time(change.at), "kind": change.kind, "value": change.value}
        for change in changes_of(file, account, since, _LATEST)
    ]
    out.write(f'\n],\n"changes": {json.dumps(changes)}}}\n')


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _time(stamp: int | None) -> str | None:
    if stamp is None:
        return None
    return datetime.fromtimestamp(stamp, UTC).isoformat().replace("+00:00", "Z")
