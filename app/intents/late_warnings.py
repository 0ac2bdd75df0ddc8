"""The warnings as the wishes know them: later than these, because they need the windows.

Until they come nothing is warned of, and what is wished of them comes to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded with the windows that need them
    from app.alerts.looks import Look
    from app.desktop.notification import Notifier
    from app.intents.alerts import AlertIntents


class LateWarnings:
    """`other_banners`: how those of the panel's banners are dismissed that are no warnings, by
    their keys."""

    def __init__(self, other_banners: Mapping[str, Callable[[], None]]) -> None:
        self._other_banners = other_banners
        self._alerts: AlertIntents | None = None

    def begin(self, alerts: AlertIntents) -> None:
        """From now on `alerts` warns."""
        self._alerts = alerts
        alerts.begin()

    @property
    def notifier(self) -> Notifier | None:
        """What shows notifications, for whoever else has one to show."""
        return self._alerts.notifier if self._alerts else None

    @property
    def looks(self) -> tuple[Look, ...]:
        """The last readings that were judged."""
        return self._alerts.notes.looks if self._alerts else ()

    def forget(self, account_key: str) -> None:
        """The account was removed: nothing of it is kept."""
        if self._alerts is not None:
            self._alerts.forget(account_key)

    # --- what a person does --------------------------------------------------------------------

    def snooze(self, key: str) -> None:
        """No more about the windows of this banner until their resets."""
        if self._alerts is not None:
            self._alerts.snooze(key)

    def dismiss(self, key: str) -> None:
        """Take this banner out of the panel."""
        if (other := self._other_banners.get(key)) is not None:
            other()
        elif self._alerts is not None:
            self._alerts.dismiss(key)

    def note_seen(self) -> None:
        """The panel is visible: what its banners say counts as told."""
        if self._alerts is not None:
            self._alerts.note_seen()

    def send_test(self) -> None:
        """Show how a warning looks, by the best way there is."""
        if self._alerts is not None:
            self._alerts.send_test()
