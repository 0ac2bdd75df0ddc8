"""Warnings that only the panel can show: kept until somebody saw them, and dismissed them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.alerts.banners import Banner
from app.state import Store

if TYPE_CHECKING:  # loaded with the first reading
    from app.alerts.alert import Alert


@dataclass(slots=True)
class _Waiting:
    alerts: tuple[Alert, ...]
    banner: Banner
    is_seen: bool = False


class PanelWarnings:
    """What stands in `AppState.banners`, by the banners' keys, the newest last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, _Waiting] = {}

    def put(self, alerts: tuple[Alert, ...], banner: Banner) -> None:
        """Show `banner` for `alerts`, in place of an earlier one with its key."""
        self._waiting.pop(banner.key, None)
        self._waiting[banner.key] = _Waiting(alerts, banner)
        self._show()

    def tell_anew(self, banner_of: Callable[[tuple[Alert, ...]], Banner]) -> None:
        """What is on show was worded under other settings."""
        for one in self._waiting.values():
            one.banner = banner_of(one.alerts)
        if self._waiting:
            self._show()

    def alerts_of(self, key: str) -> tuple[Alert, ...]:
        """What the banner of that key tells; nothing if there is none."""
        return self._waiting[key].alerts if key in self._waiting else ()

    def drop(self, key: str) -> None:
        if self._waiting.pop(key, None) is not None:
            self._show()

    def drop_told(self, told: set[str]) -> None:
        """Drop what nobody saw here and a notification has told now, by the alerts' keys."""
        self._keep(lambda one: one.is_seen or not {a.key for a in one.alerts} <= told)

    def drop_unless(self, holds: Callable[[Sequence[Alert]], bool]) -> None:
        """Drop what is over."""
        self._keep(lambda one: holds(one.alerts))

    def unseen(self) -> set[str]:
        """The keys of the alerts that nobody saw yet."""
        return {a.key for one in self._waiting.values() if not one.is_seen for a in one.alerts}

    def see_all(self) -> list[tuple[Alert, ...]]:
        """The panel is visible; what was seen just now for the first time."""
        fresh = [one for one in self._waiting.values() if not one.is_seen]
        for one in fresh:
            one.is_seen = True
        return [one.alerts for one in fresh]

    def _keep(self, wanted: Callable[[_Waiting], bool]) -> None:
        kept = {key: one for key, one in self._waiting.items() if wanted(one)}
        if len(kept) < len(self._waiting):
            self._waiting = kept
            self._show()

    def _show(self) -> None:
        newest_first = tuple(one.banner for one in reversed(self._waiting.values()))
        self._store.update(banners=newest_first)
