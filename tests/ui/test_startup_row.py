"""The switch that is the system's: what it shows, and what it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.autostart.state import Autostart, AutostartStatus
from app.settings import Settings
from app.ui.settings_dialog import SettingsDialog
from app.ui.startup_row import StartupRow


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    made = SettingsDialog(Settings())
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_is_not_there_before_the_system_has_told(dialog: SettingsDialog) -> None:
    assert not dialog.startup.isVisible()
    dialog.startup.render(Autostart(AutostartStatus.OFF))
    assert dialog.startup.isVisible()
    dialog.startup.render(None)
    assert not dialog.startup.isVisible()


@pytest.mark.parametrize("status", AutostartStatus)
def test_it_shows_what_holds_and_asks_nothing_by_itself(
    dialog: SettingsDialog, status: AutostartStatus
) -> None:
    asked: list[bool] = []
    row: StartupRow = dialog.startup
    row.switched.connect(asked.append)
    row.render(Autostart(status, "/opt/other/tidegauge"))
    assert row.switch.isChecked() is (status is AutostartStatus.ON)
    assert asked == []
    assert row.switch.accessibleName() == "Start with the system"
    assert ("/opt/other" in row.description.text()) is (
        status in (AutostartStatus.OTHER, AutostartStatus.UNKNOWN)
    )


def test_a_press_asks_and_the_answer_decides(dialog: SettingsDialog) -> None:
    asked: list[bool] = []
    dialog.startup.switched.connect(asked.append)
    dialog.startup.render(Autostart(AutostartStatus.OFF))
    dialog.startup.switch.click()
    assert asked == [True]
    assert not dialog.startup.switch.isChecked()  # not before the system says so
    dialog.startup.render(Autostart(AutostartStatus.BLOCKED))  # it refused
    dialog.startup.switch.click()
    assert asked == [True, True]
    assert not dialog.startup.switch.isChecked()  # also if its answer is the same again


def test_a_refusal_is_told_and_the_switch_shows_what_holds(dialog: SettingsDialog) -> None:
    row = dialog.startup
    row.render(Autostart(AutostartStatus.ON))
    row.switch.click()
    row.render(Autostart(AutostartStatus.ON, refusal="/srv/ann/x: Read-only file system"))
    assert row.switch.isChecked()
    assert "Read-only file system" in row.description.text()
    assert "stays as it was" in row.switch.accessibleDescription()


def test_it_says_when_somebody_else_may_have_switched_it(
    qtbot: QtBot, dialog: SettingsDialog, tmp_path: Path
) -> None:
    file = tmp_path / "autostart" / "entry"
    row = dialog.startup
    row.render(Autostart(AutostartStatus.OFF, file=str(file)))
    with qtbot.waitSignal(row.changed):
        file.parent.mkdir()
    dialog.hide()
    with qtbot.assertNotEmitted(row.changed, wait=100):
        file.write_text("nobody looks")


def test_it_is_asked_anew_whenever_somebody_comes_to_the_window(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    with qtbot.waitSignal(dialog.looked_at):
        dialog.activateWindow()
