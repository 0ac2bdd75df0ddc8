"""The states of the history window the gallery shows, made of a generated past.

The readings go through the real file and the real queries, so that a picture shows what a
person would see.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from gallery.states import ACCOUNT, FRESH, NOW, SIGNED_IN, ZONE, signed_in

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.demo import past_records
from app.history.chart_axis import Span, beginning
from app.history.curves import Cycle, Series, WindowOnFile
from app.history.filling import fill
from app.history.opening import open_history
from app.history.queries import cycles_of, series_of, windows_of
from app.history.runs import GAP_S
from app.history.schema import SCHEMA
from app.history.status import HistoryStatus
from app.history.view import PAST_CYCLES, HistoryView, HistoryWish, Saving
from app.private_database.status import Condition
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus

ACCOUNT_KEY = "00112233445566ff"
WEEKLY, SESSION = "codex/604800", "codex/18000"
SPARK = "codex_bengalfox/604800"
_READ_AT = round(NOW.timestamp())
_SESSION = replace(SIGNED_IN, account_key=ACCOUNT_KEY)


@cache
def _read() -> tuple[
    tuple[WindowOnFile, ...], dict[tuple[str, Span], Series], dict[str, tuple[Cycle, ...]]
]:
    """Windows, series and cycles of the demo's past."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tidegauge" / "history.db"
        fill(path, past_records(ACCOUNT_KEY, NOW.astimezone(ZONE)), NOW)
        with closing(open_history(path, SCHEMA, NOW).connection) as file:
            windows = windows_of(file, ACCOUNT_KEY)
            series = {
                (one.window_id, span): series_of(
                    file,
                    ACCOUNT_KEY,
                    one.window_id,
                    round(beginning(span, NOW, ZONE).timestamp()),
                    _READ_AT,
                    pixels=640,
                )
                for one in windows
                for span in Span
            }
            cycles = {
                one.window_id: cycles_of(
                    file, ACCOUNT_KEY, one.window_id, PAST_CYCLES + 1, pixels=640
                )
                for one in windows
            }
    return windows, series, cycles


def view(
    window_id: str = WEEKLY, span: Span = Span.WEEK, *, is_cycle: bool = False, **changes: object
) -> HistoryView:
    """What was read for one wish."""
    windows, series, cycles = _read()
    made = HistoryView(
        HistoryWish(window_id, span, is_cycle),
        ACCOUNT_KEY,
        is_loading=False,
        window_id=window_id,
        windows=windows,
        series=series[window_id, span],
        cycles=cycles[window_id] if is_cycle else (),
        gap_s=GAP_S,
        read_at=_READ_AT,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def shown(history_view: HistoryView | None, **changes: object) -> AppState:
    """Somebody signed in, looking at this."""
    state = signed_in(FRESH, session=_SESSION, history_view=history_view)
    return replace(state, **changes)  # type: ignore[arg-type]


def _status(condition: Condition, **fields: object) -> HistoryStatus:
    return HistoryStatus(condition, **fields)  # type: ignore[arg-type]


def _with_hole(series: Series, hours: int) -> Series:
    """The same without the last hours: the program was not running."""
    end = series.until - hours * 3600
    return replace(series, points=tuple(point for point in series.points if point.at < end))


def history_states() -> Iterator[tuple[str, AppState]]:
    """The states by name."""
    nothing = HistoryView(account_key=ACCOUNT_KEY, is_loading=False, read_at=_READ_AT)
    soon = PollState(next_at=NOW + timedelta(minutes=2))
    yield "week", shown(view())
    yield "day", shown(view(SESSION, Span.DAY))
    yield "month", shown(view(WEEKLY, Span.MONTH))
    yield "dense", shown(view(SESSION, Span.MONTH))
    yield "cycle", shown(view(is_cycle=True))
    yield "session-cycle", shown(view(SESSION, is_cycle=True))
    yield "other-limit", shown(view(SPARK))
    late = view(SESSION, Span.DAY)
    hole = _with_hole(late.series, 6) if late.series else None
    yield "program-was-off", shown(replace(late, series=hole))
    yield "no-readings", shown(replace(late, series=Series(SESSION, 0, _READ_AT)))
    yield "no-cycle", shown(view(is_cycle=True, cycles=()))
    yield "empty", shown(nothing, poll=soon)
    yield "loading", shown(replace(nothing, is_loading=True))
    yield "off-empty", shown(nothing, history=_status(Condition.OFF))
    yield "off", shown(view(), history=_status(Condition.OFF))
    yield "read-only", shown(view(), history=_status(Condition.READ_ONLY))
    yield "newer", shown(nothing, history=_status(Condition.NEWER))
    saved = _status(
        Condition.KEEPING, set_aside="history.corrupt-20261122T124100Z", rows_saved=2310
    )
    yield "salvaged", shown(view(), history=saved)
    yield "saved", shown(view(saving=Saving.DONE, saved_to="tidegauge-history-2026-11-22.csv"))
    yield "not-saved", shown(view(saving=Saving.FAILED))
    bo = Account("acc-2", "user-2", "bo@example.com", "pro")
    known = (KnownAccount(ACCOUNT_KEY, ACCOUNT), KnownAccount("ff" * 8, bo))
    yield "accounts", shown(view(), session=replace(_SESSION, accounts=known))
    yield "signed-out", AppState(session=SessionState(SessionStatus.SIGNED_OUT))
    yield "twelve-hours", shown(view(SESSION, Span.DAY), settings=Settings(clock="12h"))
