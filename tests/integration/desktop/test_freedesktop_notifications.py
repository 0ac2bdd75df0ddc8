"""Notifications on a real session bus: dunst, doubles, and nobody at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.notifications import (
    PlainDaemon,
    control,
    displayed,
    end_dunst,
    history,
    pretend_action,
    silent_daemon,
    start_dunst,
)
from support.person import settled

from app.alerts.alert import Urgency
from app.desktop.bus_client import BusClient
from app.desktop.freedesktop_notifications import FreedesktopNotifications
from app.desktop.notification import Notification, Outcome
from app.desktop.notifications import DesktopNotifications
from app.tasks import GuardedTasks, Work

HOSTILE = '<b>x</b> & <a href="file:///etc/passwd">y</a><img src="file:///x"/>'
ONE = Notification("week", "Weekly limit", "90 %", Urgency.NORMAL, (("open", "Open"),))


@pytest.fixture(scope="module")
def session() -> Iterator[DesktopSession]:
    with desktop_session("none") as session:
        yield session


class Desk:
    """A client on the session's bus and what it heard."""

    def __init__(self, tasks: GuardedTasks, bus: str, patience_s: float) -> None:
        self.acts: list[tuple[str, str, str]] = []
        self.losses = 0
        self.client = FreedesktopNotifications(
            tasks.spawn, self._act, self._lose, bus=bus, patience_s=patience_s
        )

    def _act(self, *told: str) -> None:
        self.acts.append((told[0], told[1], told[2]))

    def _lose(self) -> None:
        self.losses += 1


@pytest.fixture
async def make_desk(session: DesktopSession) -> AsyncIterator[Callable[..., Desk]]:
    async with asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, lambda fault: pytest.fail(str(fault)))
        yield lambda bus=session.bus_address, patience_s=30: Desk(tasks, bus, patience_s)
        tasks.cancel_all()


async def until(holds: Callable[[], object]) -> None:
    await asyncio.to_thread(wait_until, holds)


async def test_dunst_shows_the_body_as_it_is_written(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    """T-56: no markup of a stranger is rendered."""
    dunst, desk = start_dunst(session), make_desk()
    assert await desk.client.show(Notification("x", "Title", HOSTILE + "y" * 500)) is Outcome.SHOWN
    await asyncio.to_thread(control, session, "close-all")
    (told,) = history(session)
    assert told.body.replace("&lt;", "<").replace("&gt;", ">").startswith("<b>x</b> &")
    assert "<b>" not in told.body
    assert "<img" not in told.body
    end_dunst(session, dunst)


@pytest.mark.expected_log("WARNING tidegauge.notifications: a notification was not taken")
async def test_replaced_closed_and_acted_upon(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    dunst, desk = start_dunst(session), make_desk()
    assert await desk.client.show(ONE) is Outcome.SHOWN
    assert await desk.client.show(ONE) is Outcome.SHOWN
    assert displayed(session) == 1
    pretend_action(session, 1)  # from somebody else: not heard
    await asyncio.to_thread(control, session, "action", "0")
    await until(lambda: desk.acts)
    assert desk.acts == [("week", "default", "")]
    await desk.client.show(Notification("other", "Title"))
    await desk.client.close("other")
    await desk.client.close("unknown")
    await until(lambda: displayed(session) <= 1)
    end_dunst(session, dunst)
    await until(lambda: desk.losses)
    assert await desk.client.show(ONE) is Outcome.FAILED  # F-D03: it has gone
    dunst = start_dunst(session)
    assert await desk.client.show(ONE) is Outcome.SHOWN
    assert displayed(session) == 1
    end_dunst(session, dunst)


async def test_only_what_is_still_shown_is_said_anew(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    dunst, desk = start_dunst(session), make_desk()
    anew = Notification("week", "每周限额", "90 %", Urgency.NORMAL, (("open", "打开"),))
    await desk.client.say_anew(anew)
    assert displayed(session) == 0
    await desk.client.show(ONE)
    await desk.client.say_anew(anew)
    assert displayed(session) == 1
    await asyncio.to_thread(control, session, "close-all")
    assert [told.title for told in history(session)] == ["每周限额"]
    await until(lambda: displayed(session) == 0)
    await desk.client.close("week")  # heard that it was closed by then
    await desk.client.say_anew(anew)
    assert displayed(session) == 0
    end_dunst(session, dunst)
    await until(lambda: desk.losses)


async def test_do_not_disturb_holds_back_what_nobody_waits_for(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    daemon, desk = PlainDaemon(session, "body", "actions"), make_desk()
    daemon.is_inhibited = True
    assert await desk.client.show(ONE) is Outcome.HELD
    assert not daemon.notified
    assert await desk.client.show(ONE, insists=True) is Outcome.SHOWN
    daemon.is_inhibited = False
    assert await desk.client.show(ONE) is Outcome.SHOWN
    daemon.close()
    await until(lambda: desk.losses)


async def test_a_plain_daemon_gets_plain_words(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    daemon, desk = PlainDaemon(session), make_desk()
    await desk.client.show(Notification("x", "Title", "a <b>\nc", Urgency.CRITICAL, ONE.actions))
    _app, replaces, icon, title, body, actions, hints, expires = daemon.notified[0]
    assert (replaces, title, body, actions, expires) == (0, "Title · a <b> c", "", [], -1)
    assert icon.endswith("/icons/tidegauge.svg")
    assert hints["urgency"] == ("y", 2)
    daemon.capabilities = ["body"]
    daemon.close()
    await until(lambda: desk.losses)
    daemon = PlainDaemon(session, "body")
    await desk.client.show(Notification("x", "Title", "a <b>"))
    assert daemon.notified[0][4] == "a <b>"
    daemon.close()
    await until(lambda: desk.losses == 2)


async def test_the_token_of_wayland_comes_with_the_action(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    daemon, desk = PlainDaemon(session, "body", "actions"), make_desk()
    await desk.client.show(ONE)
    daemon.signal("ActivationToken", "us", 9, "of-another")
    daemon.signal("ActivationToken", "us", 1, "token")
    daemon.signal("ActionInvoked", "us", 1, "open")
    await until(lambda: desk.acts)
    assert desk.acts == [("week", "open", "token")]
    daemon.signal("NotificationClosed", "uu", 1, 2)
    daemon.signal("ActionInvoked", "us", 1, "open")  # out of its history
    await until(lambda: len(desk.acts) == 2)
    await desk.client.show(ONE)
    assert daemon.notified[-1][1] == 0  # nothing is there to be replaced
    for number in range(40):
        await desk.client.show(Notification(f"{number}", "Title"))
    daemon.close()
    await until(lambda: desk.losses)


@pytest.mark.expected_log("WARNING tidegauge.notifications: a notification was not taken")
async def test_a_daemon_that_never_answers_costs_its_deadline_only(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    """F-D03."""
    desk = make_desk(patience_s=0.5)
    with silent_daemon(session):
        assert await desk.client.show(ONE) is Outcome.FAILED
        assert await desk.client.show(ONE, insists=True) is Outcome.FAILED


async def test_an_end_before_it_listens_leaves_no_connection(session: DesktopSession) -> None:
    """F-D24: cancelled before its first step, the task that would close it never runs."""

    def spawn(work: Work, _name: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        task.cancel()
        return task

    client = BusClient(spawn, (), lambda *_: None, lambda: None, bus=session.bus_address)
    connection = await client._open()
    await settled()
    assert connection.writer.is_closing()


@pytest.mark.expected_log("WARNING tidegauge.notifications: a notification was not taken")
async def test_without_a_bus_or_a_daemon_it_fails_at_once(
    session: DesktopSession, make_desk: Callable[..., Desk]
) -> None:
    """F-D04."""
    assert await make_desk("unix:path=/nowhere").client.show(ONE) is Outcome.FAILED
    assert await make_desk().client.show(ONE) is Outcome.FAILED


@pytest.mark.expected_log(
    "WARNING tidegauge.notifications: a notification was not taken",
    "WARNING tidegauge.bus: the session bus has ended",
)
async def test_a_bus_that_ends_takes_nothing_with_it(make_desk: Callable[..., Desk]) -> None:
    """F-D04: the connection is made anew once there is a bus."""
    with desktop_session("none") as short:
        daemon, desk = PlainDaemon(short, "body"), make_desk(short.bus_address)
        assert await desk.client.show(ONE) is Outcome.SHOWN
        daemon.close()
        await until(lambda: desk.losses == 1)
    await until(lambda: desk.losses == 2)
    assert await desk.client.show(ONE) is Outcome.FAILED
    await desk.client.close("week")


@pytest.mark.expected_log("WARNING tidegauge.notifications: a notification was not taken")
async def test_the_balloon_comes_where_the_desktop_fails(
    make_desk: Callable[..., Desk],
) -> None:
    balloons: list[tuple[str, str]] = []

    def balloon(title: str, text: str) -> bool:
        balloons.append((title, text))
        return len(balloons) == 1

    ways = DesktopNotifications(lambda: make_desk("unix:path=/nowhere").client, balloon)
    await ways.close("week")
    assert await ways.show(ONE) is Outcome.SHOWN
    assert balloons == [("Weekly limit", "90 %")]
    assert await ways.show(ONE) is Outcome.FAILED
    await ways.close("week")
    only = DesktopNotifications(None, lambda _title, _text: True)
    assert await only.show(ONE) is Outcome.SHOWN
    await only.close("week")
