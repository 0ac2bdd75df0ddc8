"""The history: every accepted reading goes in, and what the history window wishes comes out."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.history.history import History
from app.history.status import HistoryStatus
from app.local_zone import local_zone
from app.private_database.status import Condition
from app.settings import Settings
from app.state import AppState, Store
from app.tasks import SingleTask, Spawn
from app.usage.pace import STALE_FLOOR_S, STALE_INTERVALS

if TYPE_CHECKING:  # loaded with the history window
    from app.history.view import HistoryWish

# The service tells whole seconds, so its newest reading may lie a little ahead of now.
_DATE_STEP = timedelta(seconds=2)


class HistoryIntents:
    """Follows the state by itself: its numbers, its account and its settings."""

    def __init__(
        self,
        history: History,
        store: Store,
        spawn: Spawn,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._store = store
        self._spawn = spawn
        self._now = now
        self._reading = SingleTask(spawn, "read history")
        self._saving = SingleTask(spawn, "export history")
        history.on_status = self._on_status
        store.subscribe(lambda state: state.usage, self._on_usage)
        store.subscribe(lambda state: state.session.account_key, self._on_account)
        store.subscribe(lambda state: _wanted(state.settings), self._on_settings)
        self._on_settings(store.state)

    def look(self, wish: HistoryWish | None) -> None:
        """Read what the window wishes to show; None: nobody looks any more."""
        self._reading.stop()
        if wish is None:
            self._store.update(history_view=None)
            return
        from app.history.view import HistoryView  # noqa: PLC0415 - loaded with the window

        before, key = self._store.state.history_view, self._store.state.session.account_key
        if before is None or before.account_key != key:
            before = HistoryView(account_key=key)
        view = replace(before, wish=wish, is_loading=True)
        self._store.update(history_view=view)
        self._reading.start(lambda: self._read(wish, key))

    def save(self, path: str, form: str) -> None:
        """Export what is kept of the account as "csv" or "json"."""
        key = self._store.state.session.account_key
        self._saving.start(lambda: self._save(key, Path(path), form))

    def forget(self, account_key: str) -> None:
        """Delete everything kept of an account; while that is not possible, with each reading."""
        self._history.forget_soon(account_key)

    # --- what comes in -----------------------------------------------------------------------

    def _on_usage(self, state: AppState) -> None:
        if state.usage is None or not state.settings.keep_history:
            return
        self._history.record(state.session.account_key, state.usage)
        self._look_again()

    def _on_account(self, _state: AppState) -> None:
        self._look_again()

    def _on_settings(self, state: AppState) -> None:
        self._history.retention_days = state.settings.history_days
        self._on_status(self._history.status)
        self._look_again()

    def _on_status(self, status: HistoryStatus) -> None:
        if not self._store.state.settings.keep_history:
            status = replace(status, condition=Condition.OFF)
        self._store.update(history=status)

    # --- what goes out -----------------------------------------------------------------------

    def _look_again(self) -> None:
        view = self._store.state.history_view
        if view is not None:
            self.look(view.wish)

    async def _read(self, wish: HistoryWish, key: str) -> None:
        state, now = self._store.state, self._now()
        until = (state.usage.server_now(now) if state.usage else now) + _DATE_STEP
        gap_s = max(STALE_FLOOR_S, STALE_INTERVALS * state.settings.poll_idle_s)
        found = await _found(self._history, wish, key, until, gap_s)
        self._show(**found, is_loading=False, gap_s=gap_s, read_at=round(until.timestamp()))

    async def _save(self, key: str, path: Path, form: str) -> None:
        from app.history.view import Saving  # noqa: PLC0415 - loaded with the window

        self._show(saving=Saving.UNDER_WAY, saved_to="")
        is_saved = await self._history.save(key, path, form)
        self._show(saving=Saving.DONE if is_saved else Saving.FAILED, saved_to=path.name)

    def _show(self, **changes: Any) -> None:
        view = self._store.state.history_view
        if view is not None:
            self._store.update(history_view=replace(view, **changes))


async def _found(
    history: History, wish: HistoryWish, key: str, until: datetime, gap_s: float
) -> dict[str, Any]:
    """What is on file for `wish`, as fields of a `HistoryView`."""
    from app.history.chart_axis import beginning  # noqa: PLC0415 - loaded with the window
    from app.history.view import PAST_CYCLES, usual_window  # noqa: PLC0415 - as above

    windows = await history.windows(key) if key else ()
    names = {window.window_id for window in windows}
    window_id = wish.window_id if wish.window_id in names else usual_window(windows)
    found: dict[str, Any] = {"windows": windows, "window_id": window_id}
    if window_id and wish.is_cycle:
        found["cycles"] = await history.cycles(
            key, window_id, PAST_CYCLES + 1, pixels=wish.pixels, gap_s=gap_s
        )
    elif window_id:
        since = beginning(wish.span, until, local_zone(os.environ))
        found["series"] = await history.series(
            key, window_id, since, until, pixels=wish.pixels, gap_s=gap_s
        )
    return found


def _wanted(settings: Settings) -> tuple[bool, int]:
    return settings.keep_history, settings.history_days
