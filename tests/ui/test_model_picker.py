"""The choice of model and effort, by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from support.chat_windows import NOW, signed_in

from app.chat.desk import Desk
from app.chat.models import Effort, ModelChoice
from app.settings import Settings
from app.state import AppState
from app.ui.chat_window import ChatWindow
from app.ui.model_picker import ModelPicker
from app.wording import composing

MODELS = (
    ModelChoice("sol", "Sol", "For hard problems.", (Effort("low", "Fast"), Effort("high"))),
    ModelChoice("luna", "Luna", "Small and quick."),
)


@pytest.fixture
def window(qtbot: QtBot) -> ChatWindow:
    made = ChatWindow(clock=lambda: NOW, zone=UTC)
    qtbot.addWidget(made)
    made.render(state())
    made.show()
    return made


def state(models: tuple[ModelChoice, ...] | None = MODELS, **changes: object) -> AppState:
    settings = Settings(**changes)  # type: ignore[arg-type]
    return replace(signed_in(NOW), desk=replace(Desk(), models=models), settings=settings)


def opened(qtbot: QtBot, window: ChatWindow) -> ModelPicker:
    with qtbot.waitSignal(window.models_wanted):
        window.heading.model.click()
    picker = window.findChild(ModelPicker)
    assert picker is not None
    assert picker.isVisible()
    return picker


def names(picker: ModelPicker) -> list[str]:
    return [picker.models.item(row).text() for row in range(picker.models.count())]


def test_the_models_stand_there_in_the_services_words(qtbot: QtBot, window: ChatWindow) -> None:
    picker = opened(qtbot, window)
    assert names(picker) == [composing.service_chooses(), "Sol", "Luna"]
    described = picker.models.item(1).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described == "For hard problems."
    assert picker.models.accessibleName() == composing.model_heading()
    assert not picker.grab().isNull()


def test_a_choice_is_made_with_the_arrow_keys(qtbot: QtBot, window: ChatWindow) -> None:
    picker = opened(qtbot, window)
    with qtbot.waitSignal(window.setting_changed) as caught:
        qtbot.keyClick(picker.models, Qt.Key.Key_Down)
        qtbot.keyClick(picker.models, Qt.Key.Key_Return)
    assert caught.args == ["chat_model", "sol"]
    window.render(state(chat_model="sol"))
    assert picker.models.item(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Sol, chosen"
    with qtbot.waitSignal(window.setting_changed) as caught:
        qtbot.keyClick(picker.efforts, Qt.Key.Key_End)
        qtbot.keyClick(picker.efforts, Qt.Key.Key_Space)
    assert caught.args == ["chat_effort", "high"]
    qtbot.keyClick(picker.models, Qt.Key.Key_Escape)
    assert not picker.isVisible()


def test_a_choice_is_made_with_a_click(qtbot: QtBot, window: ChatWindow) -> None:
    picker = opened(qtbot, window)
    place = picker.models.visualItemRect(picker.models.item(2)).center()
    with qtbot.waitSignal(window.setting_changed) as caught:
        qtbot.mouseClick(picker.models.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == ["chat_model", "luna"]


def test_until_the_list_is_there_and_where_it_cannot_be_had_it_is_said(
    qtbot: QtBot, window: ChatWindow
) -> None:
    window.render(state(None))
    picker = opened(qtbot, window)
    assert picker.note.text() == composing.reading_models()
    window.render(state(()))
    assert picker.note.text() == composing.no_models()
    window.render(state())
    assert picker.note.isHidden()


def test_all_of_it_is_inside_the_window(qtbot: QtBot, window: ChatWindow) -> None:
    many = tuple(ModelChoice(f"m{n}", f"Model {n}", "About it.") for n in range(60))
    window.render(state(many))
    for height in (360, 900):
        window.resize(window.minimumWidth(), height)
        picker = opened(qtbot, window)
        assert window.rect().contains(picker.geometry())
        assert picker.efforts.height() >= picker.efforts.height_of(2)
        qtbot.keyClick(picker.models, Qt.Key.Key_Escape)


def test_it_closes_when_the_keyboard_goes_elsewhere(qtbot: QtBot, window: ChatWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    picker = opened(qtbot, window)
    picker.efforts.setFocus()
    assert picker.isVisible()
    window.composer.field.setFocus()
    assert not picker.isVisible()
    picker = opened(qtbot, window)
    picker.show_below(window.heading.model)  # the button once more
    assert not picker.isVisible()
