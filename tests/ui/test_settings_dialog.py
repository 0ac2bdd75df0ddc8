"""The settings window: one row per declaration, every change at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import catalogues
from app.auth.tokens import Account
from app.autostart.state import Autostart, AutostartStatus
from app.settings import DECLARATIONS, DEFAULTS, SECTIONS, Note, NoteKind, Settings
from app.state import AppState, SessionState, SessionStatus
from app.ui import theme
from app.ui.question_dialog import QuestionDialog
from app.ui.settings_dialog import SettingsDialog
from app.ui.theme import Theme
from app.updates.status import Updates
from app.wording import settings as words
from app.wording.setting_choices import choice_label
from app.wording.settings_notes import note_words


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


def test_a_list_of_choices_opens_with_all_of_them(
    look: Theme, dialog: SettingsDialog, qtbot: QtBot
) -> None:
    look.dress()
    for field in [row.field for row in dialog.rows.values()]:
        if not isinstance(field, QComboBox):
            continue
        field.showPopup()
        view = field.view()
        qtbot.waitUntil(view.isVisible)
        last = view.visualRect(field.model().index(field.count() - 1, 0))
        assert view.viewport().rect().contains(last), field.accessibleName()
        field.hidePopup()


def test_fields_of_every_kind_are_of_one_height(look: Theme, dialog: SettingsDialog) -> None:
    look.dress()
    QApplication.processEvents()
    fields = [row.field for row in dialog.rows.values()]
    one_line = [one for one in fields if isinstance(one, QComboBox | QSpinBox | QLineEdit)]
    assert len({one.sizeHint().height() for one in (*one_line, dialog.search)}) == 1


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


@pytest.mark.parametrize(("typed", "value"), [("5", 60), ("99999", 999)])
def test_a_number_outside_its_bounds_is_explained_in_place(
    qtbot: QtBot, dialog: SettingsDialog, typed: str, value: int
) -> None:
    row = dialog.rows["poll_active_s"]
    field = row.field
    assert isinstance(field, QSpinBox)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert row.remark.text() == words.bounds(row.declaration)
    assert field.value() == value
    dialog.show_state(AppState())  # polls go on meanwhile
    assert row.remark.isVisible()
    field.selectAll()
    qtbot.keyClicks(field, "120")
    assert not row.remark.isVisible()


def test_a_number_may_be_typed_while_polls_go_on(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = dialog.rows["poll_active_s"].field
    assert isinstance(field, QSpinBox)
    dialog.show_state(AppState())
    field.setFocus()
    field.selectAll()
    for digit in "120":
        qtbot.keyClicks(field, digit)
        dialog.show_state(AppState())
    with qtbot.waitSignal(dialog.setting_changed) as caught:
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


@pytest.mark.parametrize("key", ["chat_model", "chat_instructions"])
def test_leaving_a_field_does_not_undo_what_others_changed_meanwhile(
    qtbot: QtBot, dialog: SettingsDialog, key: str
) -> None:
    """By the command line or in the file, while the keyboard only stood there."""
    field = dialog.rows[key].field
    field.setFocus()
    qtbot.keyClicks(field, "typed")
    dialog.close_button.setFocus()
    typed: dict[str, Any] = {key: "typed"}
    dialog.render(Settings(**typed))
    field.setFocus()
    theirs: dict[str, Any] = {key: "theirs"}
    dialog.render(Settings(**theirs))
    with qtbot.assertNotEmitted(dialog.setting_changed):
        dialog.close_button.setFocus()
    assert shown(field) == "theirs"


def shown(field: QWidget) -> str:
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else str(field.property("text"))


def test_a_password_goes_from_sight_once_it_is_taken(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """The keyring has it: the field shows the address in force, though it is still in focus."""
    field = dialog.rows["proxy"].field
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.setText("http://ann:hidden@p:1")
    with qtbot.waitSignal(dialog.setting_changed) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["proxy", "http://ann:hidden@p:1"]
    dialog.render(Settings(proxy="http://ann@p:1"))
    assert field.text() == "http://ann@p:1"
    field.setText("http://bob:other@p:1")  # not taken yet: nobody's business
    dialog.render(Settings(proxy="http://ann@p:1", close_percent=50))
    assert field.text() == "http://bob:other@p:1"


def test_what_became_of_a_value_stands_below_it(dialog: SettingsDialog) -> None:
    row = dialog.rows["ca_file"]
    described = row.description.text()
    row.show_remark("Not taken: there is no such file.")
    assert not row.remark.isHidden()
    told = row.field.accessibleDescription()
    assert told == f"{described}\nNot taken: there is no such file."
    row.show_remark("")
    assert row.remark.isHidden()
    assert row.field.accessibleDescription() == described


def test_a_file_of_certificates_can_be_chosen(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.ca_button.click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    assert chooser.fileMode() is QFileDialog.FileMode.ExistingFile
    with qtbot.waitSignal(dialog.setting_changed) as caught:
        chooser.fileSelected.emit("/somewhere/own.pem")
    assert caught.args == ["ca_file", "/somewhere/own.pem"]
    chooser.close()


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


def changes_of(dialog: SettingsDialog) -> list[tuple[str, object]]:
    changes: list[tuple[str, object]] = []
    dialog.setting_changed.connect(lambda key, value: changes.append((key, value)))
    return changes


def test_all_defaults_come_back_after_a_question(qtbot: QtBot, dialog: SettingsDialog) -> None:
    assert not dialog.defaults_button.isEnabled()
    dialog.render(Settings(language="en", close_percent=50))
    changes = changes_of(dialog)
    qtbot.mouseClick(dialog.defaults_button, Qt.MouseButton.LeftButton)
    (question,) = dialog.findChildren(QuestionDialog)
    question.no.click()
    assert changes == []
    qtbot.mouseClick(dialog.defaults_button, Qt.MouseButton.LeftButton)
    question.yes.click()
    assert dict(changes) == {
        "language": DEFAULTS.language,
        "close_percent": DEFAULTS.close_percent,
    }


def test_each_changed_setting_has_its_own_way_back(qtbot: QtBot, dialog: SettingsDialog) -> None:
    row = dialog.rows["close_percent"]
    assert not row.back.isVisible()
    dialog.render(Settings(close_percent=50))
    assert row.back.isVisible()
    assert not dialog.rows["over_percent"].back.isVisible()
    assert words.setting_label("close_percent") in row.back.accessibleName()
    changes = changes_of(dialog)
    row.back.click()
    assert changes == [("close_percent", DEFAULTS.close_percent)]
    dialog.render(Settings())
    assert not row.back.isVisible()


def seen(dialog: SettingsDialog) -> set[str]:
    return {key for key, row in dialog.rows.items() if row.isVisible()}


def listed(dialog: SettingsDialog) -> list[str]:
    items = [dialog.sections.item(number) for number in range(dialog.sections.count())]
    return [item.text() for item in items if not item.isHidden()]


def test_every_section_is_there_in_order(dialog: SettingsDialog) -> None:
    expected = [words.section_label(section) for section in (*SECTIONS, "help")]
    dialog.show_state(AppState(autostart=Autostart(AutostartStatus.OFF)))
    assert listed(dialog) == expected
    headings = [one.heading for one in dialog.form.sections.values()]
    assert [heading.text() for heading in headings] == expected
    assert len({heading.mapTo(dialog, QPoint(0, 0)).y() for heading in headings}) == len(expected)


def test_where_nothing_starts_programs_there_is_no_such_section(dialog: SettingsDialog) -> None:
    dialog.show_state(AppState())
    assert words.section_label("startup") not in listed(dialog)
    assert not dialog.form.sections["startup"].isVisible()


def test_settings_are_found_by_their_words(qtbot: QtBot, dialog: SettingsDialog) -> None:
    qtbot.keyClicks(dialog.search, "HISTORY keep")
    assert seen(dialog) == {"keep_history", "history_days"}
    assert listed(dialog) == [words.section_label("privacy")]
    dialog.search.setText("quiet_from")  # as the file calls it
    assert seen(dialog) == {"quiet_from_hour"}
    dialog.search.setText(words.section_label("network"))
    assert {"proxy", "ca_file"} <= seen(dialog)
    dialog.search.setText("no such thing")
    assert seen(dialog) == set()
    assert dialog.form.nothing.isVisible()
    assert "no such thing" in dialog.form.nothing.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)  # takes back the search first
    assert dialog.isVisible()
    assert seen(dialog) == set(dialog.rows)


def test_what_is_no_setting_is_found_by_its_section(dialog: SettingsDialog) -> None:
    for section, button in (("account", dialog.account), ("help", dialog.about_button)):
        dialog.search.setText(words.section_label(section))
        assert button.isVisible()


def test_a_search_holds_while_settings_change(dialog: SettingsDialog) -> None:
    dialog.search.setText("quiet_from")
    dialog.show_state(AppState(settings=Settings(quiet_from_hour=20)))
    assert seen(dialog) == {"quiet_from_hour"}
    catalogues.activate("zh_CN", {}, [])
    dialog.show_state(AppState(settings=Settings(quiet_from_hour=20)))
    assert seen(dialog) == {"quiet_from_hour"}
    assert listed(dialog) == [words.section_label("warnings")]


def test_a_section_leads_to_its_place_and_the_place_to_its_section(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    def top(section: str) -> int:
        return dialog.form.sections[section].mapTo(dialog.form, QPoint(0, 0)).y()

    dialog.sections.setFocus()
    for section in ("polling", "gauges", "icon", "warnings"):
        qtbot.keyClick(dialog.sections, Qt.Key.Key_Down)
        assert dialog.sections.currentItem().text() == words.section_label(section)
        assert 0 <= top(section) <= 1
    bar = dialog.form.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert dialog.sections.currentItem().text() == words.section_label("help")
    bar.setValue(0)
    assert dialog.sections.currentItem().text() == words.section_label("account")


def test_find_leads_to_the_search(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.close_button.setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is dialog.search


def test_who_is_signed_in_and_out(qtbot: QtBot, dialog: SettingsDialog) -> None:
    row = dialog.account
    assert row.name.text() == words.not_signed_in()
    assert not row.sign_out.isVisible()
    with qtbot.waitSignal(row.sign_in_requested):
        row.sign_in.click()
    ann = Account("acct-4711", "user-1", "ann@example.com", "plus")
    dialog.show_state(AppState(session=SessionState(SessionStatus.SIGNED_IN, ann)))
    assert row.name.text() == words.signed_in_as()
    assert "ann@example.com" in row.who.text()
    with qtbot.waitSignal(row.sign_out_requested):
        row.sign_out.click()


def test_a_value_that_had_to_be_reset_is_told_beside_it(dialog: SettingsDialog) -> None:
    """F-D21"""
    note = Note(NoteKind.VALUE_RESET, "close_percent")
    dialog.show_state(AppState(notes=(note, Note(NoteKind.NOT_SAVED))))
    remark = dialog.rows["close_percent"].remark
    assert remark.text() == note_words(note)
    amber = theme.current().colour("close")
    assert remark.palette().color(remark.foregroundRole()) == amber
    dialog.show_state(AppState(updates=Updates(has_address=False)))
    told = dialog.rows["check_updates"].remark
    assert told.isVisible()
    assert told.palette().color(told.foregroundRole()) != amber
    dialog.show_state(AppState(notes=(note,)))
    assert [key for key, row in dialog.rows.items() if row.remark.isVisible()] == ["close_percent"]


def test_the_language_can_change_while_the_window_is_open(dialog: SettingsDialog) -> None:
    catalogues.activate("zh_CN", {}, [])
    dialog.render(replace(Settings(), language="zh_CN"))
    row = dialog.rows["colour_scheme"]
    assert row.name.text() == words.setting_label("colour_scheme") != "Colours"
    assert isinstance(row.field, QComboBox)
    assert row.field.itemText(1) == choice_label("colour_scheme", "light") != "Light"


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
    dialog.rows["redirect_host"].field.setFocus()
    for _ in range(len(dialog.rows) + 12):  # and the buttons below them
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
