"""Reads and presses a program's windows as a screen reader does: AT-SPI over its own bus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import (
    DBusAddress,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection
from support.bus_connection import REPLY_S, bus_connection
from support.stalls import Patience

_ROOT = "/org/a11y/atspi/accessible/root"
_REGISTRY = "org.a11y.atspi.Registry"
_PREFIX = "org.a11y.atspi."

# Numbers of org.a11y.atspi states.
ACTIVE, CHECKED, ENABLED, FOCUSABLE, FOCUSED, SHOWING = 1, 4, 8, 11, 12, 25


_LABELLED_BY = 2  # of org.a11y.atspi relations


class GoneError(Exception):
    """The object, or the whole program, is no longer there."""


@dataclass(frozen=True, slots=True)
class Node:
    """One accessible object as it was when read. `text` is what a text field or browser holds."""

    bus_name: str
    path: str
    role: str
    name: str
    description: str
    text: str
    states: frozenset[int]

    @property
    def words(self) -> str:
        """Everything it says."""
        return "\n".join(part for part in (self.name, self.description, self.text) if part)


class AccessibleProgram:
    """The windows of the program with this process id."""

    def __init__(self, session_bus: str, pid: int) -> None:
        with bus_connection(session_bus) as session:
            launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            call = new_method_call(launcher, "GetAddress")
            address = _body(session.send_and_get_reply(call, timeout=REPLY_S))[0]
        self._bus: DBusConnection = bus_connection(address)
        self._pid = pid

    def close(self) -> None:
        self._bus.close()

    def nodes(self) -> list[Node]:
        """Every object on the screen, parents first; [] while the program shows none."""
        try:
            return list(self._walk(*self._application()))
        except GoneError:
            return []

    def words(self) -> str:
        """Everything to be read in all windows."""
        return "\n".join(node.words for node in self.nodes())

    def windows(self) -> list[str]:
        """The titles of the windows on the screen."""
        try:
            children = self._children(*self._application())
            nodes = [self._node(*child) for child in children]
        except GoneError:
            return []
        return [node.name for node in nodes if SHOWING in node.states]

    def find(self, name: str, role: str = "") -> Node | None:
        """The first object called `name`, and of this role if one is given."""
        wanted = (node for node in self.nodes() if node.name == name)
        return next((node for node in wanted if role in {"", node.role}), None)

    def wait_for(self, name: str, role: str = "", seconds: float = 20.0) -> Node:
        """The object, as soon as it is there."""
        patience = Patience(seconds)
        while (node := self.find(name, role)) is None:
            if patience.is_over():
                message = f"no {role} {name!r} within {seconds} s in:\n{self.words()}"
                raise AssertionError(message)
            time.sleep(0.05)
        return node

    def wait_for_words(self, text: str, seconds: float = 20.0) -> str:
        """All words, as soon as `text` is among them."""
        patience = Patience(seconds)
        while text not in (words := self.words()):
            if patience.is_over():
                message = f"no {text!r} within {seconds} s in:\n{words}"
                raise AssertionError(message)
            time.sleep(0.05)
        return words

    def value(self, node: Node) -> float:
        """What a progress bar stands at."""
        number: float = self._property(node.bus_name, node.path, "Value", "CurrentValue")
        return number

    def extents(self, node: Node) -> tuple[int, int, int, int]:
        """Where it is on the screen: left, top, width, height."""
        place = DBusAddress(node.path, node.bus_name, _PREFIX + "Component")
        left, top, width, height = self._call(new_method_call(place, "GetExtents", "u", (0,)))
        return left, top, width, height

    def labels(self, node: Node) -> list[Node]:
        """What says its name in its place: Qt gives the name of a choice as what is chosen."""
        place = DBusAddress(node.path, node.bus_name, _PREFIX + "Accessible")
        relations = self._call(new_method_call(place, "GetRelationSet"))
        targets = [one for kind, found in relations if kind == _LABELLED_BY for one in found]
        return [self._node(*target) for target in targets]

    def children(self, node: Node) -> list[Node]:
        """What it holds, on the screen or not."""
        return [self._node(*child) for child in self._children(node.bus_name, node.path)]

    def press(self, node: Node, action: str = "Press") -> None:
        """Do what a click on a button does; a check box wants "Toggle"."""
        place = DBusAddress(node.path, node.bus_name, _PREFIX + "Action")
        count = self._property(node.bus_name, node.path, "Action", "NActions")
        actions = [self._call(new_method_call(place, "GetName", "i", (i,))) for i in range(count)]
        self._call(new_method_call(place, "DoAction", "i", (actions.index(action),)))

    def press_button(self, name: str, seconds: float = 20.0) -> None:
        """Press the button called `name`, as soon as it is there."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.1, deadline - time.monotonic())
            try:
                self.press(self.wait_for(name, "push button", left))
            except GoneError:  # drawn anew between the reading and the press
                continue
            return

    # --- the tree ------------------------------------------------------------------------------

    def _application(self) -> tuple[str, str]:
        children = self._children(_REGISTRY, _ROOT)
        for bus_name, path in children:
            call = message_bus.GetConnectionUnixProcessID(bus_name)
            try:
                if self._call(call) == self._pid:
                    return bus_name, path
            except GoneError:
                continue
        raise GoneError

    def _walk(self, bus_name: str, path: str) -> Iterator[Node]:
        for child_bus, child in self._children(bus_name, path):
            try:
                node = self._node(child_bus, child)
            except GoneError:
                continue
            if SHOWING in node.states:
                yield node
                yield from self._walk(child_bus, child)

    def _children(self, bus_name: str, path: str) -> list[tuple[str, str]]:
        place = DBusAddress(path, bus_name, _PREFIX + "Accessible")
        found: list[tuple[str, str]] = self._call(new_method_call(place, "GetChildren"))
        return found

    def _node(self, bus_name: str, path: str) -> Node:
        place = DBusAddress(path, bus_name, _PREFIX + "Accessible")
        low, high = self._call(new_method_call(place, "GetState"))
        bits = low | high << 32
        interfaces = self._call(new_method_call(place, "GetInterfaces"))
        return Node(
            bus_name,
            path,
            self._call(new_method_call(place, "GetRoleName")),
            self._property(bus_name, path, "Accessible", "Name"),
            self._property(bus_name, path, "Accessible", "Description"),
            self._text(bus_name, path) if _PREFIX + "Text" in interfaces else "",
            frozenset(number for number in range(64) if bits >> number & 1),
        )

    def _text(self, bus_name: str, path: str) -> str:
        place = DBusAddress(path, bus_name, _PREFIX + "Text")
        text: str = self._call(new_method_call(place, "GetText", "ii", (0, -1)))
        return text

    def _property(self, bus_name: str, path: str, interface: str, name: str) -> Any:
        place = DBusAddress(path, bus_name, _PREFIX + interface)
        return self._call(Properties(place).get(name))[1]

    def _call(self, message: Message) -> Any:
        """The one value of a reply."""
        reply = self._bus.send_and_get_reply(message, timeout=REPLY_S)
        if reply.header.message_type is MessageType.error:
            raise GoneError
        return _body(reply)[0]


def _body(reply: Message) -> tuple[Any, ...]:
    body: tuple[Any, ...] = reply.body
    return body
