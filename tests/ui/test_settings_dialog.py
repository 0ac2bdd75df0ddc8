"""The settings window: one row per declaration, every change at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from app import catalogues
from app.settings import DECLARATIONS, DEFAULTS, Settings
from app.ui.settings_dialog import SettingsDialog
from app.wording import settings as words


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    made = SettingsDialog(Settings())
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_declared_setting_has_a_named_row(dialog: SettingsDialog) -> None:
    assert set(dialog.rows) == {declaration.key for declaration in DECLARATIONS}
    for key, row in dialog.rows.items():
        assert row.name.text() == words.setting_label(key)
        assert row.field.accessibleName() == words.setting_label(key)
        assert row.field.accessibleDescription()


def test_the_field_fits_the_kind(dialog: SettingsDialog) -> None:
    rows = dialog.rows
    assert isinstance(rows["language"].field, QComboBox)
    assert isinstance(rows["close_percent"].field, QSpinBox)
    assert isinstance(rows["proxy"].field, QLineEdit)
    assert isinstance(rows["quiet_hours"].field, QCheckBox)
    assert isinstance(rows["chat_instructions"].field, QPlainTextEdit)


def test_the_values_shown_are_those_of_the_settings(qtbot: QtBot) -> None:
    shown = Settings(
        language="zh_CN", close_percent=60, proxy="none", chat_instructions="Be brief."
    )
    dialog = SettingsDialog(shown)
    qtbot.addWidget(dialog)
    language_field, number = dialog.rows["language"].field, dialog.rows["close_percent"].field
    line, text = dialog.rows["proxy"].field, dialog.rows["chat_instructions"].field
    assert isinstance(language_field, QComboBox)
    assert isinstance(number, QSpinBox)
    assert isinstance(line, QLineEdit)
    assert isinstance(text, QPlainTextEdit)
    assert language_field.currentData() == "zh_CN"
    assert number.value() == 60
    assert line.text() == "none"
    assert text.toPlainText() == "Be brief."


def test_a_choice_takes_effect_at_once(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = dialog.rows["gauge_shows"].field
    with qtbot.waitSignal(dialog.setting_changed) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Down)
    assert caught.args == ["gauge_shows", "remaining"]


def test_a_number_stays_within_its_bounds(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = dialog.rows["poll_active_s"].field
    assert isinstance(field, QSpinBox)
    assert (field.minimum(), field.maximum()) == (30, 3600)
    with qtbot.waitSignal(dialog.setting_changed) as caught:
        field.selectAll()
        qtbot.keyClicks(field, "120")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["poll_active_s", 120]


def test_a_line_counts_when_it_is_finished(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = dialog.rows["chat_model"].field
    with qtbot.assertNotEmitted(dialog.setting_changed):
        qtbot.keyClicks(field, " gpt-x ")
    with qtbot.waitSignal(dialog.setting_changed) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["chat_model", "gpt-x"]


def test_a_text_counts_when_it_is_left(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = dialog.rows["chat_instructions"].field
    field.setFocus()
    qtbot.keyClicks(field, "Be brief.")
    with qtbot.waitSignal(dialog.setting_changed) as caught:
        dialog.close_button.setFocus()
    assert caught.args == ["chat_instructions", "Be brief."]


def test_what_is_being_typed_is_not_overwritten(qtbot: QtBot, dialog: SettingsDialog) -> None:
    line, text = dialog.rows["chat_model"].field, dialog.rows["chat_instructions"].field
    for field in (line, text):
        field.setFocus()
        qtbot.keyClicks(field, "half")
        dialog.render(Settings(close_percent=50))
    assert isinstance(text, QPlainTextEdit)
    assert text.toPlainText() == "half"


def test_showing_settings_changes_none(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.assertNotEmitted(dialog.setting_changed):
        dialog.render(Settings(language="en", close_percent=50, proxy="none"))
        for row in dialog.rows.values():
            row.field.show_value(getattr(Settings(), row.declaration.key))


def test_the_wheel_scrolls_the_window_and_changes_nothing(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    with qtbot.assertNotEmitted(dialog.setting_changed):
        for key in ("gauge_shows", "close_percent"):
            event = QWheelEvent(
                QPointF(5, 5),
                QPointF(5, 5),
                QPoint(),
                QPoint(0, -120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(dialog.rows[key].field, event)


def test_defaults_come_back_setting_by_setting(qtbot: QtBot, dialog: SettingsDialog) -> None:
    assert not dialog.defaults_button.isEnabled()
    dialog.render(Settings(language="en", close_percent=50))
    changes: list[tuple[str, object]] = []
    dialog.setting_changed.connect(lambda key, value: changes.append((key, value)))
    qtbot.mouseClick(dialog.defaults_button, Qt.MouseButton.LeftButton)
    assert dict(changes) == {
        "language": DEFAULTS.language,
        "close_percent": DEFAULTS.close_percent,
    }


def test_the_language_can_change_while_the_window_is_open(dialog: SettingsDialog) -> None:
    catalogues.activate("zh_CN", {}, [])
    dialog.render(replace(Settings(), language="zh_CN"))
    row = dialog.rows["colour_scheme"]
    assert row.name.text() == words.setting_label("colour_scheme") != "Colours"
    assert isinstance(row.field, QComboBox)
    assert row.field.itemText(1) == words.choice_label("colour_scheme", "light") != "Light"


def test_escape_closes(qtbot: QtBot, dialog: SettingsDialog) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_A)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog.show()
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_the_keyboard_reaches_every_field(dialog: SettingsDialog) -> None:
    reached = set()
    dialog.rows["language"].field.setFocus()
    for _ in range(len(dialog.rows) + 8):  # and the buttons below them
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus.accessibleName())
        dialog.focusNextChild()
    assert {words.setting_label(key) for key in dialog.rows} <= reached


def test_a_switch_changes_its_setting_by_click_and_key(
    dialog: SettingsDialog, qtbot: QtBot
) -> None:
    heard: list[tuple[str, object]] = []
    dialog.setting_changed.connect(lambda key, value: heard.append((key, value)))
    switch = dialog.rows["quiet_hours"].field
    assert isinstance(switch, QCheckBox)

    qtbot.keyClick(switch, Qt.Key.Key_Space)
    dialog.render(replace(DEFAULTS, quiet_hours=True))

    assert heard == [("quiet_hours", True)]
    assert switch.isChecked()
