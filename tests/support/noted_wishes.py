"""Every wish of the windows, noted in the order in which they were wished."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

from app.auth.ways import Way
from app.chat.desk import Place
from app.history.view import HistoryWish


class NotedDesk:
    """Notes what the chat's window keeps; `wishes` holds all but where it stands."""

    def __init__(self) -> None:
        self.drafts: list[str] = []
        self.places: dict[str, Place] = {}
        self.wishes: list[tuple[object, ...]] = []

    def note_draft(self, text: str) -> None:
        self.drafts.append(text)

    def note_place(self, screens: str, place: Place) -> None:
        self.places[screens] = place

    def edit(self, turn_id: str) -> None:
        self.wishes.append(("edit", turn_id))

    def leave_editing(self) -> None:
        self.wishes.append(("leave_editing",))

    def attach_files(self, paths: list[str]) -> None:
        self.wishes.append(("attach_files", paths))

    def attach_content(self, name: str, content: bytes) -> None:
        self.wishes.append(("attach_content", name, content))

    def detach(self, number: int) -> None:
        self.wishes.append(("detach", number))

    def hide_refusals(self) -> None:
        self.wishes.append(("hide_refusals",))

    def look_at_models(self) -> None:
        self.wishes.append(("look_at_models",))

    def write_now(self) -> None:
        self.wishes.append(("write_now",))


class NotedConversations:
    """Notes what is wished of the conversations."""

    def __init__(self) -> None:
        self.wishes: list[tuple[object, ...]] = []

    def resume(self) -> None:
        self.wishes.append(("resume",))

    def show_list(self, search: str | None) -> None:
        self.wishes.append(("show_list", search))

    def open(self, conversation_id: str) -> None:
        self.wishes.append(("open", conversation_id))

    def rename(self, conversation_id: str, title: str) -> None:
        self.wishes.append(("rename", conversation_id, title))

    def delete(self, conversation_id: str) -> None:
        self.wishes.append(("delete", conversation_id))

    def delete_all(self) -> None:
        self.wishes.append(("delete_all",))

    def export(self, conversation_id: str, form: str, path: str) -> None:
        self.wishes.append(("export", conversation_id, form, path))


class NotedHistory:
    """Notes what is wished of the history among all `wishes`, as the next three do."""

    def __init__(self, wishes: list[tuple[object, ...]]) -> None:
        self._wishes = wishes

    def look(self, wish: HistoryWish | None) -> None:
        self._wishes.append(("look at history", wish))

    def save(self, path: str, form: str) -> None:
        self._wishes.append(("save history", path, form))


class NotedWarnings:
    def __init__(self, wishes: list[tuple[object, ...]]) -> None:
        self._wishes = wishes

    def snooze(self, key: str) -> None:
        self._wishes.append(("snooze warning", key))

    def dismiss(self, key: str) -> None:
        self._wishes.append(("dismiss warning", key))

    def note_seen(self) -> None:
        self._wishes.append(("note banners seen",))

    def send_test(self) -> None:
        self._wishes.append(("send test warning",))


class NotedAutostart:
    def __init__(self, wishes: list[tuple[object, ...]]) -> None:
        self._wishes = wishes

    def look(self) -> None:
        """Each time the settings window comes to the front."""

    def switch(self, on: bool) -> None:
        self._wishes.append(("switch autostart", on))


class NotedUpdates:
    def note_look(self) -> None:
        """Each time the settings window comes to the front."""


class Granted:
    """Notes every wish."""

    def __init__(self) -> None:
        self.wishes: list[tuple[object, ...]] = []
        self.watching: list[bool] = []
        self.kept = NotedDesk()
        self.conversations = NotedConversations()
        self.history = NotedHistory(self.wishes)
        self.warnings = NotedWarnings(self.wishes)
        self.autostart = NotedAutostart(self.wishes)
        self.updates = NotedUpdates()
        self.crashes: Any = Mock()  # tested with the windows that wish it
        self.help: Any = Mock()

    def unlock(self) -> None:
        self.wishes.append(("unlock",))

    def sign_in(self, way: Way) -> None:
        self.wishes.append(("sign_in", way))

    def cancel_sign_in(self) -> None:
        self.wishes.append(("cancel_sign_in",))

    def paste_address(self, text: str) -> None:
        self.wishes.append(("paste_address", text))

    def confirm_account(self) -> None:
        self.wishes.append(("confirm_account",))

    def use_another_account(self) -> None:
        self.wishes.append(("use_another_account",))

    def replace_other_sign_in(self) -> None:
        self.wishes.append(("replace_other_sign_in",))

    def look_for_codex_login(self) -> None:
        pass

    def switch_account(self, key: str) -> None:
        self.wishes.append(("switch_account", key))

    def remove_account(self, key: str, *, forgets_history: bool) -> None:
        self.wishes.append(("remove_account", key, forgets_history))

    def refresh_now(self) -> None:
        self.wishes.append(("refresh_now",))

    def note_activity(self) -> None:
        self.wishes.append(("note_activity",))

    def note_watching(self, is_watched: bool) -> None:
        self.watching.append(is_watched)

    def send_question(self, question: str) -> None:
        self.wishes.append(("ask", question))

    def continue_answer(self) -> None:
        self.wishes.append(("continue_answer",))

    @property
    def chat(self) -> Granted:
        return self

    @property
    def desk(self) -> NotedDesk:
        return self.kept

    def ask_again(self) -> None:
        self.wishes.append(("ask_again",))

    def stop(self) -> None:
        self.wishes.append(("stop",))

    def new_chat(self) -> None:
        self.wishes.append(("new_chat",))

    def erase_everything(self, *, keeps_settings: bool) -> None:
        self.wishes.append(("erase_everything", keeps_settings))

    def open_link(self, address: str) -> None:
        self.wishes.append(("open_link", address))

    def change_setting(self, key: str, value: object) -> None:
        self.wishes.append(("change_setting", key, value))

    def quit(self) -> None:
        self.wishes.append(("quit",))

    def take(self) -> list[tuple[object, ...]]:
        """What was wished since the last time, looking at windows apart."""
        taken = self.wishes[:]
        self.wishes.clear()
        return [wish for wish in taken if wish != ("note_activity",)]
