"""What `tidegauge history` says: its help, its table and its refusals. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from app.wording.columns import aligned
from app.wording.joining import listed
from app.wording.language import phrase, tr, tr_n
from app.wording.times import dated_time
from app.wording.untrusted import clean

if TYPE_CHECKING:
    from app.history.curves import WindowOnFile

help_history = phrase("show or export how the limits were used over time")
help_csv = phrase("print a table for spreadsheets")
help_window = phrase("only this window, such as codex/604800")
help_since = phrase("how far back: 24h, 7d, 8w, or a day such as 2026-11-01")
help_account = phrase("the key of the account, as “history” tells it")
help_out = phrase("write to this file instead, replacing it whole")
nothing_kept = phrase("No history is kept yet.")
damaged = phrase(
    "The history file is damaged. The tray program saves what can be read at its next start."
)


def several_accounts(keys: list[str]) -> str:
    """Whose history is shown, and whose could be: the first is the one heard of last."""
    return tr("History of {shown}. With --account also: {others}.").format(
        shown=keys[0], others=listed(keys[1:])
    )


def no_such_history(key: str) -> str:
    """Nothing is kept of the account that was asked for."""
    return tr("No history is kept of {account}.").format(account=clean(key, limit=40))


def wrong_since(text: str) -> str:
    """`--since` cannot be read."""
    return tr("“{text}” is not a time. Write one such as 24h, 7d, 8w or 2026-11-01.").format(
        text=clean(text, limit=40)
    )


def not_written(path: str, reason: str) -> str:
    """The file to export to cannot be written; `reason` is the system's word."""
    return tr("{path} cannot be written: {reason}").format(
        path=clean(path, limit=200), reason=clean(reason, limit=200)
    )


def written(count: int, path: str) -> str:
    """How much was exported."""
    text = tr_n("{n} row written to {path}.", "{n} rows written to {path}.", count)
    return text.format(n=count, path=clean(path, limit=200))


def window_lines(windows: tuple[WindowOnFile, ...], now: datetime, zone: tzinfo) -> list[str]:
    """One line a window: its name, its id, and from when to when readings are on file."""
    from app.wording.charts import window_names  # noqa: PLC0415 - not for the help

    return aligned(
        [
            [
                clean(name, limit=60),
                clean(window.window_id, limit=200),
                f"{_moment(window.first_at, now, zone)} – {_moment(window.last_at, now, zone)}",
            ]
            for window, name in zip(windows, window_names(windows), strict=True)
        ]
    )


def _moment(at: int, now: datetime, zone: tzinfo) -> str:
    return dated_time(datetime.fromtimestamp(at, UTC), now, zone)
