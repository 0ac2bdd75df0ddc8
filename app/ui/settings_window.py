"""The settings window as the program has it: made when it is wanted, and gone when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.state import AppState
from app.ui.bringing_up import bring_up
from app.ui.help_windows import HelpWindows
from app.ui.question_windows import QuestionWindows
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.settings_dialog import SettingsDialog
    from app.ui.wishes import Wishes


class SettingsWindow:
    """`show_sign_in` is what its account section leads to."""

    def __init__(
        self,
        theme: Theme,
        wishes: Wishes,
        help_: HelpWindows,
        questions: QuestionWindows,
        show_sign_in: Callable[[], None],
    ) -> None:
        self._theme = theme
        self._wishes = wishes
        self._help = help_
        self._questions = questions
        self._show_sign_in = show_sign_in
        self._dialog: SettingsDialog | None = None

    def show(self, state: AppState) -> None:
        """Bring it up, with what holds now."""
        if self._dialog is None:
            self._dialog = self._new_dialog(state)
        self._dialog.show_state(state)
        bring_up(self._dialog)

    def render(self, state: AppState) -> None:
        """Show `state`, if there is a window."""
        if self._dialog is not None:
            self._dialog.show_state(state)

    def close(self) -> None:
        """It gives its memory back: a row for each setting is much."""
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None

    def _new_dialog(self, state: AppState) -> SettingsDialog:
        from app.ui.settings_dialog import SettingsDialog  # noqa: PLC0415 - it costs memory

        self._theme.dress()
        wishes, questions = self._wishes, self._questions
        dialog = SettingsDialog(state.settings)
        dialog.setting_changed.connect(wishes.change_setting)
        dialog.test_requested.connect(wishes.warnings.send_test)
        dialog.diagnosis_requested.connect(self._help.show_diagnosis)
        dialog.about_requested.connect(self._help.show_about)
        dialog.looked_at.connect(wishes.autostart.look)
        dialog.looked_at.connect(wishes.updates.note_look)
        dialog.startup.switched.connect(wishes.autostart.switch)
        dialog.startup.changed.connect(wishes.autostart.look)
        dialog.erasing_requested.connect(questions.ask_to_erase)
        dialog.account.sign_in_requested.connect(self._show_sign_in)
        dialog.account.sign_out_requested.connect(questions.ask_to_remove)
        dialog.closed.connect(self.close)
        return dialog
