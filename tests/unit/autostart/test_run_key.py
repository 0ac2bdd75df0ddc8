"""The Run key and Task Manager's switch, on a registry of plain values (no Windows here)."""

from __future__ import annotations

import pytest

from app import APP_ID
from app.autostart.run_key import APPROVED, RUN, RunKey, is_switched_off, program_of
from app.autostart.state import Autostart, AutostartStatus
from app.errors import AppError

PROGRAM = r"C:\Users\Ann B\AppData\Local\Programs\Tidegauge\tidegauge-tray.exe"
COMMAND = (PROGRAM, "--autostarted")


class Values:
    """A registry in memory; `fault` is raised by every call."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.fault: OSError | None = None

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault

    def get(self, key: str, name: str) -> str | bytes | None:
        self._check()
        return self.values.get((key, name))

    def put(self, key: str, name: str, text: str) -> None:
        self._check()
        self.values[key, name] = text

    def drop(self, key: str, name: str) -> None:
        self._check()
        self.values.pop((key, name), None)


def test_on_and_off_again() -> None:
    registry = Values()
    run_key = RunKey(registry, COMMAND)
    assert run_key.read() == Autostart(AutostartStatus.OFF)
    assert run_key.switch(on=True) == Autostart(AutostartStatus.ON)
    assert registry.values == {(RUN, APP_ID): f'"{PROGRAM}" --autostarted'}
    assert run_key.switch(on=False) == Autostart(AutostartStatus.OFF)
    assert registry.values == {}


def test_what_task_manager_switched_off_is_told_and_only_a_wish_undoes_it() -> None:
    registry = Values()
    run_key = RunKey(registry, COMMAND)
    run_key.switch(on=True)
    registry.values[APPROVED, APP_ID] = b"\x03" + b"\x00" * 11
    assert run_key.read().status is AutostartStatus.BLOCKED
    assert not run_key.heal()
    assert run_key.read().status is AutostartStatus.BLOCKED
    assert run_key.switch(on=True).status is AutostartStatus.ON


def test_another_installation_is_told_and_left() -> None:
    registry = Values()
    other = __file__
    registry.values[RUN, APP_ID] = f'"{other}" --autostarted'
    run_key = RunKey(registry, COMMAND)
    assert run_key.read() == Autostart(AutostartStatus.OTHER, other)
    assert not run_key.heal()


def test_a_program_that_moved_is_found_again() -> None:
    registry = Values()
    registry.values[RUN, APP_ID] = r"C:\Old\tidegauge-tray.exe --autostarted"
    run_key = RunKey(registry, COMMAND)
    assert run_key.heal()
    assert run_key.read().status is AutostartStatus.ON
    assert not run_key.heal()


def test_a_registry_that_refuses() -> None:
    registry = Values()
    registry.values[RUN, APP_ID] = r"C:\Old\tidegauge-tray.exe"
    run_key = RunKey(registry, COMMAND)
    registry.fault = PermissionError("not allowed")
    assert run_key.read() == Autostart(AutostartStatus.UNKNOWN, "not allowed")
    assert not run_key.heal()
    with pytest.raises(AppError):
        run_key.switch(on=True)


def test_a_path_too_long_for_the_key_is_refused() -> None:
    with pytest.raises(AppError):
        RunKey(Values(), ("C:\\" + "x" * 300, "--autostarted")).switch(on=True)


@pytest.mark.parametrize(
    ("approval", "is_off"),
    [
        (None, False),
        (b"", False),
        ("text", False),
        (b"\x02" + b"\x00" * 11, False),
        (b"\x03" + b"\x00" * 11, True),
        (b"\x06\x00", False),
        (b"\x07\x00", True),
    ],
)
def test_task_managers_twelve_bytes(approval: str | bytes | None, is_off: bool) -> None:
    assert is_switched_off(approval) is is_off


@pytest.mark.parametrize(
    ("line", "program"),
    [('"C:\\a b\\x.exe" --y', "C:\\a b\\x.exe"), ("C:\\x.exe --y", "C:\\x.exe"), ("", "")],
)
def test_the_program_of_a_command_line(line: str, program: str) -> None:
    assert program_of(line) == program


def test_forgotten_nothing_is_left_of_any_installation() -> None:
    registry = Values()
    registry.values = {(RUN, APP_ID): r"C:\old\tidegauge.exe", (APPROVED, APP_ID): b"\x03"}
    RunKey(registry, COMMAND).forget()
    assert registry.values == {}
    registry.fault = OSError("refused")
    with pytest.raises(AppError):
        RunKey(registry, COMMAND).forget()
