"""The ways to show a notification, best first: the desktop's own, then the tray's balloon.

On Linux the freedesktop interface; on Windows and macOS the tray icon's message, which is what
the system itself shows there. Where neither works, the caller has the panel.
"""

from __future__ import annotations

from collections.abc import Callable

from app.desktop.notification import Notification, Notifier, Outcome

Balloon = Callable[[str, str], bool]  # title, text; whether it can be seen


class DesktopNotifications:
    """`native` is None where the system has no interface of its own but the tray's."""

    def __init__(self, native: Notifier | None, balloon: Balloon) -> None:
        self._native = native
        self._balloon = balloon
        self.last_balloon = ""  # the topic of the message that a click would be about

    async def show(self, notification: Notification, *, insists: bool = False) -> Outcome:
        if self._native is not None:
            outcome = await self._native.show(notification, insists=insists)
            if outcome is not Outcome.FAILED:
                return outcome
        if self._balloon(notification.title, notification.body):
            self.last_balloon = notification.topic
            return Outcome.SHOWN
        return Outcome.FAILED

    async def close(self, topic: str) -> None:
        if self._native is not None:
            await self._native.close(topic)
