"""The chat window: heading, transcript or conversations, and the foot with the composer.

Signals are wishes of the user; everything shown comes back through `render`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.conversation import Turn
from app.chat.links import Link
from app.clocks import wall
from app.local_zone import local_zone
from app.state import AppState
from app.ui import icons, theme
from app.ui.chat_content import ChatContent, chat_content, turn_words
from app.ui.chat_foot import ChatFoot
from app.ui.chat_heading import ChatHeading
from app.ui.chat_pages import ChatPages
from app.ui.labels import rule
from app.ui.question_field import local_files
from app.ui.remembered_window import RememberedWindow
from app.ui.tab_walk import TabWalkWindow
from app.ui.transcript import Transcript
from app.wording import composing, labels, language
from app.wording.fault_words import FaultWords

if TYPE_CHECKING:  # imported with the first choice of a model
    from app.ui.model_picker import ModelPicker

_HEIGHT = 560
_SHORTCUTS = {
    "Ctrl+N": "_on_new_chat",
    "Ctrl+O": "choose_files",
    "Ctrl+M": "show_models",
    "Ctrl+.": "_on_stop",
    "Ctrl+L": "focus_start",
    "Ctrl+K": "_toggle_list",
}


class ChatWindow(RememberedWindow, TabWalkWindow):
    """One conversation, and the way to the others."""

    message_submitted = Signal(str)
    stop_requested = Signal()
    retry_requested = Signal()
    continue_requested = Signal()
    edit_requested = Signal(str)  # the id of a turn
    editing_left = Signal()
    new_chat_requested = Signal()
    list_shown = Signal(bool)  # the conversations came to the front, or went
    settings_requested = Signal()
    setting_changed = Signal(str, object)
    sign_in_requested = Signal()
    unlock_requested = Signal()
    safe_mode_left = Signal()
    link_open_requested = Signal(str)  # confirmed by the user; http, https or mailto
    draft_changed = Signal(str)
    files_offered = Signal(list)  # of paths
    picture_pasted = Signal(str, bytes)  # a name, and PNG
    file_removed = Signal(int)
    refusals_read = Signal()
    models_wanted = Signal()

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = wall,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self._content: ChatContent | None = None
        self._locale = language.locale()
        self._draft_number = 0
        self._asked: tuple[int, str] = (0, "")
        self._picker: ModelPicker | None = None
        self.setMinimumSize(QSize(theme.scaled(theme.CHAT_MIN_WIDTH), theme.scaled(360)))
        self.resize(QSize(theme.scaled(theme.CHAT_MIN_WIDTH) + 40, _HEIGHT))
        self.setWindowIcon(icons.application_icon())
        self.setAcceptDrops(True)
        can_pin = not QGuiApplication.platformName().startswith("wayland")
        self.heading = ChatHeading(can_pin=can_pin)
        self.transcript = Transcript(self._explain, clock)
        self.pages = ChatPages(self.transcript)
        self.foot = ChatFoot()
        self.composer = self.foot.composer
        self._connect()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.heading)
        box.addWidget(rule())
        box.addWidget(self.pages, 1)
        box.addWidget(rule())
        box.addWidget(self.foot)
        self.render(self._state)

    # --- parts -------------------------------------------------------------------------------

    def _connect(self) -> None:
        heading, composer, transcript = self.heading, self.composer, self.transcript
        heading.new_chat_requested.connect(self._on_new_chat)
        heading.settings_requested.connect(self.settings_requested)
        heading.pin_requested.connect(self._on_pin)
        heading.model_requested.connect(self.show_models)
        heading.list_requested.connect(self._toggle_list)
        self.foot.sign_in_requested.connect(self.sign_in_requested)
        self.foot.unlock_requested.connect(self.unlock_requested)
        self.foot.safe_mode_left.connect(self.safe_mode_left)
        composer.message_submitted.connect(self.message_submitted)
        composer.stop_requested.connect(self.stop_requested)
        composer.draft_changed.connect(self.draft_changed)
        composer.editing_left.connect(self.editing_left)
        composer.attach_requested.connect(self.choose_files)
        composer.files_offered.connect(self.files_offered)
        composer.picture_encoded.connect(self._on_picture)
        composer.file_removed.connect(self.file_removed)
        composer.refusals_read.connect(self.refusals_read)
        self.pages.list_shown.connect(self.list_shown)
        self.pages.list_shown.connect(heading.list.setChecked)
        transcript.retry_requested.connect(self.retry_requested)
        transcript.continue_requested.connect(self.continue_requested)
        transcript.edit_requested.connect(self._on_edit)
        transcript.link_activated.connect(self._ask_to_open)
        for keys, name in _SHORTCUTS.items():
            QShortcut(QKeySequence(keys), self).activated.connect(getattr(self, name))

    def mount_list(self, conversations: QWidget) -> None:
        """Put the list of conversations behind its button."""
        self.pages.mount_list(conversations)
        self.heading.list.show()

    # --- showing the state -------------------------------------------------------------------

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show `state`; a stream event costs one comparison and a note for the next frame."""
        self._state = state
        if language.locale() != self._locale:
            self._locale = language.locale()
            self._restyle()
        content = chat_content(state, self._clock(), self._zone)
        if content != self._content:
            self._content = content
            self._show(content)
        self._show_desk(state)
        self.transcript.render_turns(state.conversation.turns)

    def _show(self, content: ChatContent) -> None:
        self.setWindowTitle(labels.chat_title())
        self.heading.title.show_text(content.title)
        self.heading.show_model(content.model)
        self.heading.new_chat.setEnabled(not content.is_empty)
        self.pages.show_conversation(is_empty=content.is_empty)
        self.foot.show_content(content)

    def _show_desk(self, state: AppState) -> None:
        settings, desk, turns = state.settings, state.desk, state.conversation.turns
        self.composer.show_send_key(with_shift=settings.chat_send_key == "shift_enter")
        self.heading.pin.setChecked(settings.chat_on_top)
        self.show_on_top(on_top=settings.chat_on_top)
        asked = (len(turns), turns[-1].turn_id if turns else "")
        if asked != self._asked:
            self._asked = asked
            self.composer.field.show_earlier(tuple(turn.question for turn in turns))
        if desk is None:
            return
        self.composer.show_files(desk.attachments, desk.refused)
        if desk.draft.number != self._draft_number:
            self._draft_number = desk.draft.number
            self.composer.field.fill(desk.draft.text)
            self.foot.show_draft_room()
        if self._picker is not None:
            self._picker.render(desk.models, settings)

    def _explain(self, turn: Turn) -> FaultWords | None:
        return turn_words(turn, self._state, self._clock(), self._zone)

    def _restyle(self) -> None:
        """The language changed: say everything anew."""
        self.heading.restyle()
        self.composer.restyle()
        self.transcript.restyle()
        self._content = None

    # --- wishes ------------------------------------------------------------------------------

    def focus_start(self) -> None:
        """Show the conversation, and give the keyboard to the field."""
        self.pages.leave_list()
        self.foot.focus_start()

    def _on_new_chat(self) -> None:
        self.pages.leave_list()
        self.new_chat_requested.emit()
        self.foot.focus_start()

    def _on_stop(self) -> None:
        if self._content is not None and self._content.is_answering:
            self.stop_requested.emit()

    def _on_edit(self, turn_id: str) -> None:
        self.edit_requested.emit(turn_id)
        self.foot.focus_start()

    def _on_pin(self, on_top: bool) -> None:
        self.setting_changed.emit("chat_on_top", on_top)

    def _on_picture(self, content: bytes) -> None:
        self.picture_pasted.emit(f"{composing.pasted_picture()}.png", content)

    def choose_files(self) -> None:
        """Let files be chosen."""
        from app.ui.file_dialog import FileDialog  # noqa: PLC0415 - seldom, and large

        dialog = FileDialog(self, composing.files_title)
        dialog.setFileMode(FileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.files_offered.emit(list(paths)))
        dialog.open()

    def show_models(self) -> None:
        """Open the choice of model and effort below its button."""
        from app.ui.model_picker import ModelPicker  # noqa: PLC0415 - with the first choice

        if self._picker is None:
            self._picker = ModelPicker(self)
            self._picker.chosen.connect(self.setting_changed)
        self.models_wanted.emit()
        desk = self._state.desk
        self._picker.render(desk.models if desk is not None else None, self._state.settings)
        self._picker.show_below(self.heading.model)

    def _toggle_list(self) -> None:
        self.pages.toggle_list()
        if not self.pages.shows_list:
            self.foot.focus_start()

    def _ask_to_open(self, link: Link) -> None:
        from app.ui.link_dialog import LinkDialog  # noqa: PLC0415 - with the first link

        dialog = LinkDialog(link, self)
        dialog.confirmed.connect(self.link_open_requested)
        dialog.open()

    # --- files dropped anywhere on the window --------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()) and self.composer.field.isEnabled():
            event.acceptProposedAction()
            self.composer.show_drop(is_near=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.composer.show_drop(is_near=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.composer.show_drop(is_near=False)
        self.files_offered.emit(local_files(event.mimeData()))
        event.acceptProposedAction()

    # --- events ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.pages.shows_list:
            self.focus_start()
        elif self._content is not None and self._content.editing:
            self.editing_left.emit()
        else:
            self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.foot.focus_start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # comes with each switch of the theme
            self.composer.restyle()
