"""The ways to show a notification, best first: the desktop's own, then the tray's balloon.

On Linux the freedesktop interface; on Windows and macOS the tray icon's message, which is what
the system itself shows there. Where neither works, the caller has the panel.
"""

from __future__ import annotations

from collections.abc import Callable

from app.desktop.notification import Notification, Notifier, Outcome

Balloon = Callable[[str, str], bool]  # title, text; whether it can be seen


class DesktopNotifications:
    """`make_native` makes what speaks the system's own interface, with the first notification;
    None where it has none but the tray's."""

    def __init__(self, make_native: Callable[[], Notifier] | None, balloon: Balloon) -> None:
        self._make_native = make_native
        self._native: Notifier | None = None
        self._balloon = balloon

    async def show(self, notification: Notification, *, insists: bool = False) -> Outcome:
        if self._native is None and self._make_native is not None:
            self._native = self._make_native()
        if self._native is not None:
            outcome = await self._native.show(notification, insists=insists)
            if outcome is not Outcome.FAILED:
                return outcome
        is_seen = self._balloon(notification.title, notification.body)
        return Outcome.SHOWN if is_seen else Outcome.FAILED

    async def say_anew(self, notification: Notification) -> None:
        """A balloon cannot be changed, and is gone in seconds."""
        if self._native is not None:
            await self._native.say_anew(notification)

    async def close(self, topic: str) -> None:
        if self._native is not None:
            await self._native.close(topic)
