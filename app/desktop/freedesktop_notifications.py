"""Notifications over the freedesktop interface (Linux): shown, replaced, closed, acted upon.

https://specifications.freedesktop.org/notification-spec/ version 1.2, and its property
`Inhibited` as KDE offers it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app import APP_ID, COMMAND, NAME
from app.alerts.alert import Urgency
from app.assets import resource
from app.desktop.bus_client import BusClient, BusError
from app.desktop.notification import DEFAULT, Notification, OnAction, Outcome
from app.tasks import Spawn

if TYPE_CHECKING:
    from jeepney import DBusAddress, Message

_LOG = logging.getLogger("tidegauge.notifications")
_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_RULES = (
    f"type='signal',interface='{_SERVICE}',path='{_PATH}'",
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
    f"member='NameOwnerChanged',arg0='{_SERVICE}'",
)
_URGENCY = {Urgency.LOW: 0, Urgency.NORMAL: 1, Urgency.CRITICAL: 2}
_BODY_LIMIT = 200  # characters (T-56)
_REMEMBERED = 32  # notifications whose buttons still work after they went to a history
_SERVER_DECIDES = -1  # how long it stays


class FreedesktopNotifications:
    """`on_action` hears of clicks and buttons; `on_gone` that what was shown is lost, because
    the daemon ended or another one took over."""

    def __init__(
        self,
        spawn: Spawn,
        on_action: OnAction,
        on_gone: Callable[[], None] = lambda: None,
        *,
        bus: str = "SESSION",
        patience_s: float = 3.0,
    ) -> None:
        self._on_action = on_action
        self._on_gone = on_gone
        self._client = BusClient(
            spawn, _RULES, self._heard, self._forget, bus=bus, patience_s=patience_s
        )
        self._capabilities: frozenset[str] | None = None
        self._owner = ""  # the unique name of the daemon that took the last notification
        self._shown: dict[str, int] = {}  # by topic
        self._topics: dict[int, str] = {}
        self._tokens: dict[int, str] = {}

    async def show(self, notification: Notification, *, insists: bool = False) -> Outcome:
        try:
            if not insists and await self._is_inhibited():
                return Outcome.HELD
            if self._capabilities is None:
                self._capabilities = await self._ask_capabilities()
            await self._notify(notification)
        except BusError as error:
            _LOG.warning("a notification was not taken: %s", error)
            self._capabilities = None
            return Outcome.FAILED
        return Outcome.SHOWN

    async def say_anew(self, notification: Notification) -> None:
        if notification.topic not in self._shown:
            return
        try:
            await self._notify(notification)
        except BusError as error:
            _LOG.info("a notification kept its words: %s", error)

    async def close(self, topic: str) -> None:
        number = self._shown.pop(topic, None)
        if number is None:
            return
        try:
            await self._client.call(_address(), "CloseNotification", "u", (number,))
        except BusError as error:
            _LOG.info("a notification was not closed: %s", error)

    async def _notify(self, notification: Notification) -> None:
        arguments = self._arguments(notification)
        reply = await self._client.call(_address(), "Notify", "susssasa{sv}i", arguments)
        self._note_shown(notification.topic, reply)

    async def _is_inhibited(self) -> bool:
        """Whether the person wants quiet; a daemon that cannot tell keeps its own counsel."""
        from jeepney import DBusAddress  # noqa: PLC0415 - with the first warning

        properties = DBusAddress(_PATH, _SERVICE, "org.freedesktop.DBus.Properties")
        try:
            reply = await self._client.call(properties, "Get", "ss", (_SERVICE, "Inhibited"))
        except BusError as error:
            if "no answer" in str(error):
                raise
            return False
        kind, is_inhibited = reply.body[0]
        return kind == "b" and is_inhibited is True

    async def _ask_capabilities(self) -> frozenset[str]:
        reply = await self._client.call(_address(), "GetCapabilities")
        return frozenset(str(name) for name in reply.body[0])

    def _arguments(self, notification: Notification) -> tuple[Any, ...]:
        can = self._capabilities or frozenset()
        title, body = notification.title, notification.body[:_BODY_LIMIT]
        if "body" not in can and body:
            title, body = f"{title} · {' '.join(body.split())}", ""
        if "body-markup" in can:
            body = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        actions: list[str] = []
        if "actions" in can:
            first = notification.actions[:1]
            named = [(DEFAULT, label) for _action, label in first]
            actions = [part for pair in (*named, *notification.actions) for part in pair]
        hints = {
            "urgency": ("y", _URGENCY[notification.urgency]),
            "desktop-entry": ("s", APP_ID),
        }
        icon = resource("icons", f"{COMMAND}.svg").as_uri()
        replaced = self._shown.get(notification.topic, 0)
        return (NAME, replaced, icon, title, body, actions, hints, _SERVER_DECIDES)

    def _note_shown(self, topic: str, reply: Message) -> None:
        from jeepney import HeaderFields  # noqa: PLC0415 - loaded long since

        self._owner = str(reply.header.fields.get(HeaderFields.sender, ""))
        number = int(reply.body[0])
        self._shown[topic] = number
        self._topics.pop(number, None)
        self._topics[number] = topic
        while len(self._topics) > _REMEMBERED:
            del self._topics[next(iter(self._topics))]

    # --- what the daemon says ------------------------------------------------------------------

    def _heard(self, sender: str, member: str, arguments: Sequence[Any]) -> None:
        if member == "NameOwnerChanged":
            if arguments[1]:
                self._forget()
            return
        if sender != self._owner or not arguments or arguments[0] not in self._topics:
            return  # somebody else's notification, or nobody's
        number = arguments[0]
        topic = self._topics[number]
        if member == "ActivationToken":
            self._tokens[number] = str(arguments[1])
        elif member == "ActionInvoked":
            self._on_action(topic, str(arguments[1]), self._tokens.pop(number, ""))
        elif member == "NotificationClosed" and self._shown.get(topic) == number:
            del self._shown[topic]

    def _forget(self) -> None:
        """The daemon has gone: its numbers mean nothing to the next one."""
        self._capabilities = None
        self._owner = ""
        self._tokens.clear()
        self._topics.clear()
        self._shown.clear()
        self._on_gone()


def _address() -> DBusAddress:
    from jeepney import DBusAddress  # noqa: PLC0415 - with the first warning

    return DBusAddress(_PATH, _SERVICE, _SERVICE)
