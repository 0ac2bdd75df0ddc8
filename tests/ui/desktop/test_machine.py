"""What the system's services tell, over a real bus: they come, speak, hang, go and come back."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot
from support.system_services import (
    BATTERY,
    LOCKER,
    LOGIN,
    LOGIN_SESSION,
    NETWORK,
    NEW_PROFILES,
    PROFILES,
    SESSION_PATH,
    FakeService,
    Kind,
    private_bus,
)

from app.desktop.machine import MachineWatch
from app.usage.schedule import MachineState

_numbers = itertools.count()


class Machine:
    """A watched machine; one bus stands for both of its buses."""

    def __init__(self, address: str, qtbot: QtBot, stack: ExitStack) -> None:
        self.address = address
        self.states = [MachineState()]
        self.wakings = 0
        self._qtbot = qtbot
        self._stack = stack
        self._name = f"machine-{next(_numbers)}"
        self._bus = QDBusConnection.connectToBus(address, self._name)
        self.watch = MachineWatch(self.states.append, self._note_wake)

    def service(self, kind: Kind) -> FakeService:
        return self._stack.enter_context(FakeService(self.address, kind))

    def start(self) -> None:
        assert self._bus.isConnected()
        self.watch.start(self._bus, self._bus)

    def until(self, is_met: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_met)

    def until_state(self, state: MachineState) -> None:
        self.until(lambda: self.states[-1] == state)

    def close(self) -> None:
        del self.watch
        QDBusConnection.disconnectFromBus(self._name)

    def _note_wake(self) -> None:
        self.wakings += 1


@pytest.fixture
def machine(short_folder: Path, qtbot: QtBot) -> Iterator[Machine]:
    with ExitStack() as stack, private_bus(short_folder) as address:
        made = Machine(address, qtbot, stack)
        yield made
        made.close()
        stack.close()


def test_a_machine_without_any_service_is_an_ordinary_one(machine: Machine) -> None:
    machine.start()
    login = machine.service(LOGIN)  # something to wait for
    login.tell("LockedHint", True)
    machine.until_state(MachineState(is_locked=True))
    assert machine.states == [MachineState(), MachineState(is_locked=True)]


@pytest.mark.parametrize("is_early", [True, False])
@pytest.mark.parametrize(
    ("kind", "name", "value", "expected"),
    [
        (NETWORK, "State", 70, MachineState(is_online=True)),
        (BATTERY, "OnBattery", True, MachineState(on_battery=True)),
        (PROFILES, "ActiveProfile", "power-saver", MachineState(saves_power=True)),
        (NEW_PROFILES, "ActiveProfile", "power-saver", MachineState(saves_power=True)),
        (LOGIN, "LockedHint", True, MachineState(is_locked=True)),
    ],
)
def test_a_service_is_read_at_first_goes_and_comes_back(
    machine: Machine, kind: Kind, name: str, value: object, expected: MachineState, is_early: bool
) -> None:
    service = FakeService(machine.address, kind)
    service.values[name] = value
    if not is_early:
        machine.start()
    with service:
        if is_early:
            machine.start()
        machine.until_state(expected)
    machine.until_state(MachineState())
    with service:
        machine.until_state(expected)
        if name != "State":
            service.tell(name, kind.properties[name][1])
            machine.until_state(MachineState())


def test_a_signal_of_other_types_is_not_theirs(machine: Machine) -> None:
    login = machine.service(LOGIN)
    machine.start()
    machine.until_state(MachineState())
    login.emit("PrepareForSleep")
    login.emit("PrepareForSleep", "s", "no")
    login.emit("PrepareForSleep", "b", False)
    machine.until(lambda: machine.wakings > 0)
    assert machine.wakings == 1


def test_a_network_that_was_there_can_be_gone(machine: Machine) -> None:
    network = machine.service(NETWORK)
    machine.start()
    machine.until_state(MachineState(is_online=True))
    network.tell("State", 20)
    machine.until_state(MachineState(is_online=False))
    network.tell("State", 60)  # a portal
    machine.until_state(MachineState())
    network.tell("State", 40)
    machine.until_state(MachineState(is_online=False))
    network.emit("StateChanged", "u", 70)  # what older versions tell
    machine.until_state(MachineState(is_online=True))


def test_a_network_that_was_never_there_may_be_one_nobody_manages(machine: Machine) -> None:
    network = machine.service(NETWORK)
    network.values["State"] = 20
    machine.start()
    machine.until(lambda: network.reads > 0)
    battery = machine.service(BATTERY)
    battery.tell("OnBattery", True)
    machine.until_state(MachineState(on_battery=True))
    network.tell("State", 30)
    network.emit("StateChanged", "u", 10)
    network.tell("State", 70)
    machine.until_state(MachineState(is_online=True, on_battery=True))
    assert all(state.is_online is not False for state in machine.states)


def test_waking_is_told_falling_asleep_is_not(machine: Machine) -> None:
    """F-M01."""
    login = machine.service(LOGIN)
    machine.start()
    machine.until(lambda: login.reads > 0)
    login.emit("PrepareForSleep", "b", True)
    login.emit("PrepareForSleep", "b", False)
    machine.until(lambda: machine.wakings == 1)
    login.__exit__(None, None, None)
    login.__enter__()
    login.emit("PrepareForSleep", "b", False)
    machine.until(lambda: machine.wakings == 2)


def test_a_screen_is_locked_as_long_as_anybody_says_so(machine: Machine) -> None:
    login, locker = machine.service(LOGIN), FakeService(machine.address, LOCKER)
    machine.start()
    machine.until(lambda: login.reads > 0)
    locked = MachineState(is_locked=True)
    with locker:
        locker.emit("ActiveChanged", "b", True, path="/ScreenSaver")
        machine.until_state(locked)
        login.emit("Lock", interface=LOGIN_SESSION, path=SESSION_PATH)
        locker.emit("ActiveChanged", "b", False)
        login.emit("PrepareForSleep", "b", False)
        machine.until(lambda: machine.wakings == 1)
        login.emit("Unlock", interface=LOGIN_SESSION, path=SESSION_PATH)
        machine.until_state(MachineState())
        locker.emit("ActiveChanged", "b", True)
        machine.until_state(locked)
    machine.until_state(MachineState())  # a locker that died locks nothing
    assert machine.states.count(locked) == 2


def test_a_service_that_hangs_holds_nothing_up(machine: Machine) -> None:
    network = machine.service(NETWORK)
    network.is_hung = True
    battery = FakeService(machine.address, BATTERY)
    battery.values["OnBattery"] = True
    with battery:
        machine.start()
        machine.until_state(MachineState(on_battery=True))


def test_without_a_bus_nothing_is_told_and_nothing_fails(short_folder: Path) -> None:
    nowhere = QDBusConnection.connectToBus(f"unix:path={short_folder}/none", "nowhere")
    states: list[MachineState] = []
    MachineWatch(states.append, lambda: None).start(nowhere, nowhere)
    assert states == []
    QDBusConnection.disconnectFromBus("nowhere")
