"""The chat's window as the program has it: made on first use, put where it stood, connected.

Whoever opens the chat (tray, panel, a later start, a global shortcut) comes through `show`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication

from app.state import AppState
from app.ui.bringing_up import bring_up
from app.ui.theme import Theme

if TYPE_CHECKING:  # imported with the first opening
    from app.chat.desk import Place
    from app.ui.chat_window import ChatWindow
    from app.ui.conversation_page import ConversationPage


class DeskWishes(Protocol):
    """What is kept around the field; `app.intents.desk.DeskIntents` grants it."""

    def note_draft(self, text: str) -> None: ...
    def note_place(self, screens: str, place: Place) -> None: ...
    def edit(self, turn_id: str) -> None: ...
    def leave_editing(self) -> None: ...
    def attach_files(self, paths: list[str]) -> None: ...
    def attach_content(self, name: str, content: bytes) -> None: ...
    def detach(self, number: int) -> None: ...
    def hide_refusals(self) -> None: ...
    def look_at_models(self) -> None: ...
    def write_now(self) -> None: ...


class ConversationWishes(Protocol):
    """What is kept of the conversations; `app.intents.conversations` grants it."""

    def resume(self) -> None: ...
    def show_list(self, search: str | None) -> None: ...
    def open(self, conversation_id: str) -> None: ...
    def rename(self, conversation_id: str, title: str) -> None: ...
    def delete(self, conversation_id: str) -> None: ...
    def delete_all(self) -> None: ...
    def export(self, conversation_id: str, form: str, path: str) -> None: ...


class CrashWishes(Protocol):
    """What follows from crashes; `app.intents.crashes.CrashIntents` grants it."""

    def dismiss(self) -> None: ...


class ChatWishes(Protocol):
    """What the chat's window may ask for; `app.intents.chat_pane.PaneIntents` grants it."""

    @property
    def desk(self) -> DeskWishes: ...
    @property
    def conversations(self) -> ConversationWishes: ...
    def send_question(self, question: str) -> None: ...
    def ask_again(self) -> None: ...
    def continue_answer(self) -> None: ...
    def stop(self) -> None: ...
    def new_chat(self) -> None: ...
    def open_link(self, address: str) -> None: ...


class PaneWishes(Protocol):
    """The chat's wishes, and those of the program's that it needs."""

    @property
    def chat(self) -> ChatWishes: ...
    @property
    def crashes(self) -> CrashWishes: ...
    def unlock(self) -> None: ...
    def change_setting(self, key: str, value: object) -> None: ...


class ChatPane:
    """Owns the window; it exists from the first opening on."""

    def __init__(
        self,
        theme: Theme,
        wishes: PaneWishes,
        *,
        show_settings: Callable[[], None],
        show_sign_in: Callable[[], None],
    ) -> None:
        self._theme = theme
        self._wishes = wishes
        self._show_settings = show_settings
        self._show_sign_in = show_sign_in
        self._window: ChatWindow | None = None
        self._page: ConversationPage | None = None

    def show(self, state: Callable[[], AppState]) -> None:
        """Bring the window up with the keyboard in its field; `state` is asked once it is made."""
        self._theme.dress()
        window = self._window
        if window is None:
            window = self._window = self._new_window()
        self.render(state())
        if not window.isVisible():
            self._put_in_place(window, state())
        bring_up(window)
        window.focus_start()

    def render(self, state: AppState) -> None:
        """Show `state`, if there is a window."""
        if self._window is not None:
            self._window.render(state)
        if self._page is not None:
            self._page.render(state)

    def close(self) -> None:
        """Take the window away."""
        if self._window is not None:
            self._window.hide()
            self._window.deleteLater()
            self._window = self._page = None

    def _new_window(self) -> ChatWindow:
        from app.ui.chat_window import ChatWindow  # noqa: PLC0415 - it costs memory

        window, wishes = ChatWindow(), self._wishes.chat
        desk = wishes.desk
        window.message_submitted.connect(wishes.send_question)
        window.stop_requested.connect(wishes.stop)
        window.retry_requested.connect(wishes.ask_again)
        window.continue_requested.connect(wishes.continue_answer)
        window.new_chat_requested.connect(wishes.new_chat)
        window.setting_changed.connect(self._wishes.change_setting)
        window.settings_requested.connect(self._show_settings)
        window.sign_in_requested.connect(self._show_sign_in)
        window.unlock_requested.connect(self._wishes.unlock)
        window.safe_mode_left.connect(self._wishes.crashes.dismiss)
        window.link_open_requested.connect(wishes.open_link)
        window.draft_changed.connect(desk.note_draft)
        window.edit_requested.connect(desk.edit)
        window.editing_left.connect(desk.leave_editing)
        window.files_offered.connect(desk.attach_files)
        window.picture_pasted.connect(desk.attach_content)
        window.file_removed.connect(desk.detach)
        window.refusals_read.connect(desk.hide_refusals)
        window.models_wanted.connect(desk.look_at_models)
        window.moved.connect(self._note_place)
        window.hidden.connect(desk.write_now)
        self._mount_conversations(window)
        return window

    def _mount_conversations(self, window: ChatWindow) -> None:
        from app.ui.conversation_page import ConversationPage  # noqa: PLC0415 - as above

        page, kept = ConversationPage(), self._wishes.chat.conversations
        page.wished.connect(kept.show_list)
        page.opened.connect(kept.open)
        page.opened.connect(lambda _id: window.focus_start())
        page.renamed.connect(kept.rename)
        page.deleted.connect(kept.delete)
        page.all_deleted.connect(kept.delete_all)
        page.exported.connect(kept.export)
        page.settings_requested.connect(self._show_settings)
        window.mount_list(page)
        self._page = page
        kept.resume()

    # --- where it stands ---------------------------------------------------------------------

    def _put_in_place(self, window: ChatWindow, state: AppState) -> None:
        """Where it stood on this set of screens, wholly on one of them; else where it is put."""
        from app.ui import placement  # noqa: PLC0415 - with the window

        screens = QGuiApplication.screens()
        key = placement.screens_key([screen.geometry() for screen in screens])
        place = state.desk.places.get(key) if state.desk is not None else None
        if place is None:
            return
        wanted = QRect(place.left, place.top, place.width, place.height)
        available = [screen.availableGeometry() for screen in screens]
        fitting = placement.inside(wanted, available, window.minimumSize())
        window.resize(fitting.size())
        if not QGuiApplication.platformName().startswith("wayland"):
            window.move(fitting.topLeft())

    def _note_place(self, corner: QPoint, width: int, height: int) -> None:
        from app.chat.desk import Place  # noqa: PLC0415 - with the window
        from app.ui import placement  # noqa: PLC0415

        key = placement.screens_key([s.geometry() for s in QGuiApplication.screens()])
        self._wishes.chat.desk.note_place(key, Place(corner.x(), corner.y(), width, height))
