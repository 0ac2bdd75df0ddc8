"""The wish to start with the system, through a real entry in a real folder."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from app.autostart.state import Autostart, AutostartStatus
from app.autostart.xdg import XdgAutostart
from app.intents.autostart import AutostartIntents
from app.state import Store
from app.tasks import GuardedTasks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="an entry in a folder")


async def settled(store: Store, wish: object) -> Autostart | None:
    """What is shown once the work begun by `wish` is done."""
    told: asyncio.Queue[Autostart | None] = asyncio.Queue()
    unsubscribe = store.subscribe(
        lambda state: state.autostart, lambda state: told.put_nowait(state.autostart)
    )
    assert callable(wish)
    wish()
    try:
        return await asyncio.wait_for(told.get(), 10)
    finally:
        unsubscribe()


async def test_the_switch_shows_the_truth(tmp_path: Path) -> None:
    store = Store()
    entry = XdgAutostart({"HOME": str(tmp_path)}, (sys.executable, "--autostarted"), {})
    async with asyncio.TaskGroup() as group:
        intents = AutostartIntents(store, GuardedTasks(group, print).spawn, lambda: entry)
        assert await settled(store, intents.look) == Autostart(AutostartStatus.OFF)
        shown = await settled(store, lambda: intents.switch(True))
        assert shown == Autostart(AutostartStatus.ON)
        entry.own.write_text(entry.own.read_text() + "Hidden=true\n")  # changed outside
        assert await settled(store, intents.look) == Autostart(AutostartStatus.OFF)


class SlowMechanism:
    """Waits to be let on, and does what it is told."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.status = AutostartStatus.OFF

    def read(self) -> Autostart:
        self.may_go.wait(10)
        return Autostart(self.status)

    def switch(self, *, on: bool) -> Autostart:
        self.status = AutostartStatus.ON if on else AutostartStatus.OFF
        return self.read()

    def heal(self) -> bool:
        return False

    def forget(self) -> None: ...


async def test_a_wish_during_a_look_is_not_lost_and_the_newest_counts() -> None:
    store, mechanism = Store(), SlowMechanism()
    async with asyncio.TaskGroup() as group:
        intents = AutostartIntents(store, GuardedTasks(group, print).spawn, lambda: mechanism)
        intents.look()
        for on in (False, True, True, False, True):
            intents.switch(on)
            intents.look()
        mechanism.may_go.set()
    assert store.state.autostart == Autostart(AutostartStatus.ON)


async def test_a_refusal_is_shown_with_its_reason(tmp_path: Path) -> None:
    """F-D09"""
    (tmp_path / ".config").write_text("a file where the folder should be")
    store = Store()
    entry = XdgAutostart({"HOME": str(tmp_path)}, (sys.executable,), {})
    async with asyncio.TaskGroup() as group:
        intents = AutostartIntents(store, GuardedTasks(group, print).spawn, lambda: entry)
        shown = await settled(store, lambda: intents.switch(True))
    assert shown is not None
    assert shown.status is AutostartStatus.OFF
    assert str(entry.own) in shown.refusal


async def test_what_could_not_be_switched_off_is_shown_as_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D09: the switch shows what holds, not what was wished."""
    store = Store()
    entry = XdgAutostart({"HOME": str(tmp_path)}, (sys.executable,), {})
    entry.switch(on=True)

    def refuse(_path: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    async with asyncio.TaskGroup() as group:
        intents = AutostartIntents(store, GuardedTasks(group, print).spawn, lambda: entry)
        shown = await settled(store, lambda: intents.switch(False))
        assert shown == Autostart(AutostartStatus.ON, refusal=f"{entry.own}: Read-only file system")
        assert await settled(store, intents.look) == Autostart(AutostartStatus.ON)


async def test_the_demo_leaves_the_system_alone() -> None:
    store = Store()
    async with asyncio.TaskGroup() as group:
        intents = AutostartIntents(store, GuardedTasks(group, print).spawn, None)
        intents.look()
        intents.switch(True)
    assert store.state.autostart is None
