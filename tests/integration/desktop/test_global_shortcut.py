"""A key that works in every program, asked of a portal on a real session bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from support.bus_connection import bus_connection
from support.desktop_session import DesktopSession, desktop_session
from support.person import settled, until
from support.shortcut_portal import PATH, shortcut_portal

from app import APP_ID
from app.desktop.global_shortcut import GlobalShortcut
from app.state import Shortcut, ShortcutStatus
from app.tasks import GuardedTasks


@pytest.fixture(scope="module")
def session() -> Iterator[DesktopSession]:
    with desktop_session("none") as session:
        yield session


class Desk:
    """A client on the session's bus and what it heard."""

    def __init__(self, tasks: GuardedTasks, bus: str) -> None:
        self.pressed: list[str] = []
        self.told: list[Shortcut] = []
        self.key = GlobalShortcut(
            tasks.spawn, self.pressed.append, self.told.append, bus=bus, patience_s=30
        )

    def is_bound(self) -> bool:
        return self.told[-1:] == [Shortcut(ShortcutStatus.BOUND, "Ctrl+Alt+T")]

    async def until(self, status: ShortcutStatus) -> None:
        await until(lambda: self.told and self.told[-1].status is status, lambda: self.told)


@pytest.fixture
async def make_desk(session: DesktopSession) -> AsyncIterator[Callable[..., Desk]]:
    async with asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, lambda fault: pytest.fail(str(fault)))
        yield lambda bus=session.bus_address: Desk(tasks, bus)
        tasks.cancel_all()


MakeDesk = Callable[..., Desk]


async def test_the_key_is_bound_and_heard(session: DesktopSession, make_desk: MakeDesk) -> None:
    with shortcut_portal(session.bus_address) as portal:
        desk = make_desk()
        desk.key.bind("Open the chat")
        await until(desk.is_bound, lambda: desk.told)
        assert desk.told[0].status is ShortcutStatus.ASKING
        assert portal.members() == ["Register", "CreateSession", "BindShortcuts"]
        assert portal.calls[0][1][0] == APP_ID
        _session, wanted, parent, _options = portal.calls[2][1]
        assert parent == ""
        assert wanted[0][0] == "chat"
        assert wanted[0][1]["description"] == ("s", "Open the chat")
        portal.press("token-1")
        portal.press()
        await until(lambda: len(desk.pressed) == 2)
        assert desk.pressed == ["token-1", ""]


async def test_a_portal_that_registers_nobody_will_do(
    session: DesktopSession, make_desk: MakeDesk
) -> None:
    with shortcut_portal(session.bus_address, knows_registry=False):
        desk = make_desk()
        desk.key.bind("Open the chat")
        await until(desk.is_bound, lambda: desk.told)


async def test_who_does_not_want_it_is_not_asked_again(
    session: DesktopSession, make_desk: MakeDesk
) -> None:
    with shortcut_portal(session.bus_address, decision=1) as portal:
        desk = make_desk()
        desk.key.bind("Open the chat")
        await desk.until(ShortcutStatus.REFUSED)
        await settled()
        assert portal.members().count("BindShortcuts") == 1


async def test_where_there_is_no_portal_that_is_said(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.key.bind("Open the chat")
    await desk.until(ShortcutStatus.MISSING)


async def test_where_there_is_no_bus_that_is_said(make_desk: MakeDesk) -> None:
    """F-D01's kin"""
    desk = make_desk("unix:path=/nowhere")
    desk.key.bind("Open the chat")
    await desk.until(ShortcutStatus.MISSING)


async def test_a_portal_that_ends_is_found_again(
    session: DesktopSession, make_desk: MakeDesk
) -> None:
    with shortcut_portal(session.bus_address) as portal:
        desk = make_desk()
        desk.key.bind("Open the chat")
        await until(desk.is_bound)
        await asyncio.to_thread(portal.end)
        await desk.until(ShortcutStatus.MISSING)
    with shortcut_portal(session.bus_address) as portal:
        await until(desk.is_bound, lambda: desk.told)
        portal.press()
        await until(lambda: desk.pressed)


async def test_given_up_it_is_closed_and_no_longer_heard(
    session: DesktopSession, make_desk: MakeDesk
) -> None:
    with shortcut_portal(session.bus_address) as portal:
        desk = make_desk()
        desk.key.bind("Open the chat")
        await until(desk.is_bound)
        await desk.key.release()
        assert desk.told[-1] == Shortcut()
        assert portal.members()[-1] == "Close"
        portal.press()
        await settled()
        await asyncio.to_thread(portal.end)
        await settled()
        assert desk.pressed == []
        assert desk.told[-1] == Shortcut()


async def test_nobody_else_can_press_the_key(session: DesktopSession, make_desk: MakeDesk) -> None:
    """T-04's kin: any program of the person may send a signal; only the portal's counts."""
    with shortcut_portal(session.bus_address) as portal:
        desk = make_desk()
        desk.key.bind("Open the chat")
        await until(desk.is_bound)
        with bus_connection(session.bus_address) as stranger:
            place = DBusAddress(PATH, interface="org.freedesktop.portal.GlobalShortcuts")
            body: Any = (portal.session, "chat", 1, {})
            forged = new_signal(place, "Activated", "osta{sv}", body)
            forged.header.fields[HeaderFields.destination] = portal._client
            stranger.send(forged)
        portal.press("", session=f"{PATH}/session/of/another")
        portal.press("real")
        await until(lambda: desk.pressed)
        assert desk.pressed == ["real"]
