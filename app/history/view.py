"""What somebody wants to see of the history, and what was read for it. Pure.

The window states its wish; who reads the file answers with a `HistoryView` in the state.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from app.history.chart_axis import Span
from app.history.curves import Cycle, Series, WindowOnFile
from app.usage.limits import MAIN_LIMIT
from app.values import dataclass

PAST_CYCLES = 8  # more, and the running one is lost among them


@dataclass(frozen=True, slots=True)
class HistoryWish:
    """One picture: of which window (empty: the usual one), how far back or of its cycle.

    `pixels` is the width of the chart.
    """

    window_id: str = ""
    span: Span = Span.WEEK
    is_cycle: bool = False
    pixels: int = 640


class Saving(StrEnum):
    """How the last export went."""

    NONE = ""
    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What was read for `wish` at `read_at`, seconds since 1970 by the service's clock.

    `window_id` is the window shown, empty if none is on file. `is_loading`: the rest is of an
    earlier wish, or nothing yet. `gap_s` as in `queries.series_of`. `saved_to` names the file
    of the last export.
    """

    wish: HistoryWish = field(default_factory=HistoryWish)
    account_key: str = ""
    is_loading: bool = True
    window_id: str = ""
    windows: tuple[WindowOnFile, ...] = ()
    series: Series | None = None
    cycles: tuple[Cycle, ...] = ()
    gap_s: float = 0.0
    read_at: int = 0
    saving: Saving = Saving.NONE
    saved_to: str = ""

    @property
    def window(self) -> WindowOnFile | None:
        """The window shown."""
        return next((one for one in self.windows if one.window_id == self.window_id), None)


def in_order(windows: tuple[WindowOnFile, ...]) -> tuple[WindowOnFile, ...]:
    """Main limit first, then by name; within a limit the shorter first."""
    return tuple(sorted(windows, key=_place))


def usual_window(windows: tuple[WindowOnFile, ...]) -> str:
    """The id of the window to begin with: the longest of the plan itself; empty without any."""
    ordered = in_order(windows)
    main = [one for one in ordered if _is_main(one)]
    return (main or ordered or [WindowOnFile("", "", 0, 0)])[-1 if main else 0].window_id


def _is_main(window: WindowOnFile) -> bool:
    return window.limit_id == MAIN_LIMIT


def _place(window: WindowOnFile) -> tuple[bool, str, str, int, str]:
    name = window.limit_name or window.limit_id
    return (not _is_main(window), name, window.limit_id, window.window_seconds, window.window_id)
