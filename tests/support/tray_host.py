"""A StatusNotifier tray host without a screen, and a client that looks at what it holds.

Run as a program it owns `org.kde.StatusNotifierWatcher` on the session bus; `TrayReader` reads
the registered items (pixels, tooltip, menu) and presses them, as a panel would. It speaks
StatusNotifier only: packaged panels also speak XEmbed and would hide an icon that registered
too early (F-D01).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

if __name__ != "__main__":
    from support.bus_connection import REPLY_S, bus_connection
    from support.stalls import Patience

WATCHER = "org.kde.StatusNotifierWatcher"
_PATH = "/StatusNotifierWatcher"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_T = TypeVar("_T")
_EMITTER = DBusAddress(_PATH, interface=WATCHER)


class Watcher:
    """The service side: keeps the list of items, tells about changes."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._items: list[str] = []

    def run(self) -> None:
        """Serve until the process is ended."""
        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        self._connection.send_and_get_reply(message_bus.AddMatch(rule))
        self._connection.send_and_get_reply(message_bus.RequestName(WATCHER))
        self._connection.send(new_signal(_EMITTER, "StatusNotifierHostRegistered"))
        while True:
            message = self._connection.receive()
            if message.header.message_type is MessageType.method_call:
                self._connection.send(self._answer(message))
            elif message.header.fields.get(HeaderFields.member) == "NameOwnerChanged":
                self._forget(*message.body)

    def _answer(self, message: Message) -> Message:
        fields = message.header.fields
        member = fields.get(HeaderFields.member)
        if fields.get(HeaderFields.interface) == _PROPERTIES:
            return self._answer_property(message, member)
        if member == "RegisterStatusNotifierItem":
            self._add(fields[HeaderFields.sender], message.body[0])
            return new_method_return(message)
        if member == "RegisterStatusNotifierHost":
            return new_method_return(message)
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

    def _answer_property(self, message: Message, member: str) -> Message:
        values: dict[str, tuple[str, Any]] = {
            "RegisteredStatusNotifierItems": ("as", list(self._items)),
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
        }
        if member == "GetAll":
            return new_method_return(message, "a{sv}", (values,))
        if member == "Get" and message.body[1] in values:
            return new_method_return(message, "v", (values[message.body[1]],))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownProperty")

    def _add(self, sender: str, name: str) -> None:
        item = f"{sender}{name}" if name.startswith("/") else f"{name}/StatusNotifierItem"
        if item not in self._items:
            self._items.append(item)
            self._connection.send(
                new_signal(_EMITTER, "StatusNotifierItemRegistered", "s", (item,))
            )

    def _forget(self, name: str, _before: str, after: str) -> None:
        gone = [item for item in self._items if not after and item.split("/")[0] == name]
        for item in gone:
            self._items.remove(item)
            self._connection.send(
                new_signal(_EMITTER, "StatusNotifierItemUnregistered", "s", (item,))
            )


@dataclass(frozen=True, slots=True)
class Pixmap:
    """One size of an icon: ARGB32 words in network byte order."""

    width: int
    height: int
    data: bytes

    def pixel(self, x: int, y: int) -> tuple[int, int, int, int]:
        """(alpha, red, green, blue) at a place."""
        at = 4 * (y * self.width + x)
        alpha, red, green, blue = self.data[at : at + 4]
        return alpha, red, green, blue


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry; `label` with mnemonics as sent, "" for a separator."""

    entry_id: int
    label: str
    enabled: bool
    separator: bool
    checked: bool = False


class TrayReader:
    """Looks at the one tray item of a session over D-Bus and presses it."""

    def __init__(self, bus_address: str) -> None:
        self._address = bus_address
        self._connection = bus_connection(bus_address)

    def close(self) -> None:
        self._connection.close()

    def items(self) -> list[str]:
        """The registered items as `bus name/path`; [] while there is no host."""
        watcher = DBusAddress(_PATH, bus_name=WATCHER, interface=WATCHER)
        reply = self._connection.send_and_get_reply(
            Properties(watcher).get("RegisteredStatusNotifierItems"), timeout=REPLY_S
        )
        if reply.header.message_type is MessageType.error:
            return []
        return list(reply.body[0][1])

    def wait_for_item(self, seconds: float = 15.0) -> str:
        """The first item, as soon as there is one."""
        return self.wait_for(lambda: next(iter(self.items()), ""), seconds, "a tray item")

    def wait_for(self, read: Callable[[], _T], seconds: float = 10.0, what: str = "") -> _T:
        """The first true value of `read()`; fails after `seconds`."""
        patience = Patience(seconds)
        while not (value := read()):
            if patience.is_over():
                message = f"not within {seconds} s: {what or read}"
                raise AssertionError(message)
            time.sleep(0.02)
        return value

    def read(self, name: str) -> Any:
        """A property of the item: "Id", "Title", "Status", "ToolTip", "IconPixmap", "Menu"."""
        reply = self._call(Properties(self._item()).get(name))
        return reply.body[0][1]

    def tooltip(self) -> str:
        """The tooltip's title and text."""
        _icon, _pixmaps, title, text = self.read("ToolTip")
        return "\n".join(part for part in (title, text) if part)

    def pixmaps(self) -> dict[int, Pixmap]:
        """The icon's pictures by width."""
        return {w: Pixmap(w, h, bytes(data)) for w, h, data in self.read("IconPixmap")}

    @contextmanager
    def signals(self, member: str) -> Iterator[Callable[[], int]]:
        """Counts the item's signals of this name from now on."""
        rule = MatchRule(type="signal", interface="org.kde.StatusNotifierItem", member=member)
        with bus_connection(self._address) as listener:
            listener.send_and_get_reply(message_bus.AddMatch(rule), timeout=REPLY_S)
            count = 0

            def so_far() -> int:
                nonlocal count
                # A reply to us comes after everything that was sent to us before it.
                with listener.filter(rule) as heard:
                    listener.send_and_get_reply(message_bus.GetId(), timeout=REPLY_S)
                    count += len(heard)
                    heard.clear()
                return count

            yield so_far

    def activate(self, x: int = 0, y: int = 0) -> None:
        """A left click."""
        self._call(new_method_call(self._item(), "Activate", "ii", (x, y)))

    def menu(self, under: str = "") -> list[MenuEntry]:
        """The entries of the menu, in order, or of the submenu of that label."""
        parent = self._entry(under).entry_id if under else 0
        self._call(new_method_call(self._menu(), "AboutToShow", "i", (parent,)))
        reply = self._call(new_method_call(self._menu(), "GetLayout", "iias", (parent, -1, [])))
        _revision, (_id, _root, children) = reply.body
        entries = []
        for _signature, (entry_id, values, _children) in children:
            told = {key: value for key, (_type, value) in values.items()}
            if told.get("visible", True):
                entries.append(
                    MenuEntry(
                        entry_id,
                        told.get("label", ""),
                        told.get("enabled", True),
                        told.get("type") == "separator",
                        told.get("toggle-state") == 1,
                    )
                )
        return entries

    def labels(self, under: str = "") -> list[str]:
        """The menu's words, separators left out."""
        return [entry.label for entry in self.menu(under) if not entry.separator]

    def click(self, label: str, under: str = "") -> None:
        """Choose the menu entry with this label."""
        event = (self._entry(label, under).entry_id, "clicked", ("i", 0), 0)
        self._call(new_method_call(self._menu(), "Event", "isvu", event))

    def _entry(self, label: str, under: str = "") -> MenuEntry:
        found = next((one for one in self.menu(under) if one.label == label), None)
        assert found is not None, f"no {label!r} in {self.labels(under)}"
        return found

    def _item(self) -> DBusAddress:
        bus_name, _, path = self.wait_for_item().partition("/")
        return DBusAddress(f"/{path}", bus_name=bus_name, interface="org.kde.StatusNotifierItem")

    def _menu(self) -> DBusAddress:
        path = self.read("Menu")
        bus_name = self._item().bus_name
        return DBusAddress(path, bus_name=bus_name, interface="com.canonical.dbusmenu")

    def _call(self, message: Message) -> Message:
        reply = self._connection.send_and_get_reply(message, timeout=REPLY_S)
        assert reply.header.message_type is not MessageType.error, reply.body
        return reply


if __name__ == "__main__":
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    Watcher(open_dbus_connection(bus=address, auth_timeout=30)).run()
