"""The list of conversations in the chat window, by keyboard and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gallery.conversation_states import KEY, conversation_states, entries
from gallery.states import NOW, ZONE
from PySide6.QtCore import QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.conversations.view import ConversationList as Listed
from app.state import AppState
from app.ui import theme
from app.ui.chat_window import ChatWindow
from app.ui.conversation_list import ConversationList, file_stem
from app.ui.conversation_page import ConversationPage
from app.ui.conversation_rows import ConversationModel
from app.ui.question_dialog import QuestionDialog
from app.ui.theme import Theme


class Shown:
    """A chat window with the list in front; `wishes` in order."""

    def __init__(self, qtbot: QtBot) -> None:
        self.wishes: list[tuple[object, ...]] = []
        self.chat = ChatWindow(clock=lambda: NOW, zone=ZONE)
        self.page = ConversationPage(clock=lambda: NOW, zone=ZONE)
        self.chat.mount_list(self.page)
        page = self.page
        page.wished.connect(lambda search: self.wishes.append(("look", search)))
        page.opened.connect(lambda one: self.wishes.append(("open", one)))
        page.renamed.connect(lambda one, title: self.wishes.append(("rename", one, title)))
        page.deleted.connect(lambda one: self.wishes.append(("delete", one)))
        page.all_deleted.connect(lambda: self.wishes.append(("delete all",)))
        page.exported.connect(lambda *what: self.wishes.append(("export", *what)))
        page.settings_requested.connect(lambda: self.wishes.append(("settings",)))
        qtbot.addWidget(self.chat)
        self.chat.resize(400, 520)
        self.chat.render(conversation_states()["list"])
        self.chat.show()
        self.chat.heading.list.click()
        self.render(conversation_states()["list"])

    @property
    def page_list(self) -> ConversationList:
        assert self.page.list is not None
        return self.page.list

    def render(self, state: AppState) -> None:
        self.chat.render(state)
        self.page.render(state)
        QApplication.processEvents()

    def take(self) -> list[tuple[object, ...]]:
        taken, self.wishes = self.wishes, []
        return taken

    def titles(self) -> list[str]:
        model = self.page_list.view.rows
        return [model.index(n).data() for n in range(model.rowCount())]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    made = Shown(qtbot)
    yield made
    made.chat.close()


def the_question() -> QuestionDialog:
    (dialog,) = (
        one
        for one in QApplication.topLevelWidgets()
        if isinstance(one, QuestionDialog) and one.isVisible()
    )
    return dialog


def test_it_is_built_when_it_is_first_looked_at(qtbot: QtBot) -> None:
    """Memory: most openings of the chat never look at it."""
    page = ConversationPage(clock=lambda: NOW, zone=ZONE)
    qtbot.addWidget(page)
    page.render(conversation_states()["list"])

    assert page.list is None


def test_it_asks_while_it_is_seen_and_gives_back_what_was_read(shown: Shown) -> None:
    assert shown.take() == [("look", "")]
    assert len(shown.titles()) == len(entries())
    shown.chat.hide()
    assert shown.take() == [("look", None)]
    assert shown.titles() == []


def test_the_keyboard_begins_in_the_search(shown: Shown, qtbot: QtBot) -> None:
    assert shown.chat.focusWidget() is shown.page_list.search
    shown.take()
    qtbot.keyClicks(shown.page_list.search, "clob")
    qtbot.waitUntil(lambda: shown.take() == [("look", "clob")])


def test_its_button_shows_that_the_list_is_in_front(shown: Shown, qtbot: QtBot) -> None:
    button = shown.chat.heading.list
    assert button.isChecked()
    qtbot.keyClick(shown.page_list.search, Qt.Key.Key_Escape)
    assert not button.isChecked()
    button.click()
    assert button.isChecked()
    button.click()
    assert not button.isChecked()


def test_the_next_look_begins_with_everything(shown: Shown) -> None:
    shown.page_list.search.setText("clob")
    shown.chat.heading.list.click()
    shown.take()
    shown.chat.heading.list.click()
    assert shown.take() == [("look", "")]
    assert shown.page_list.search.text() == ""


def test_a_row_is_opened_by_keyboard(shown: Shown, qtbot: QtBot) -> None:
    shown.take()
    qtbot.keyClick(shown.page_list.search, Qt.Key.Key_Down)
    assert shown.chat.focusWidget() is shown.page_list.view
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Down)
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Return)
    assert shown.take() == [("open", "c1")]
    for _ in range(2):
        qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Up)
    assert shown.chat.focusWidget() is shown.page_list.search
    qtbot.keyClick(shown.page_list.search, Qt.Key.Key_Return)
    assert shown.take() == [("open", "c0")]


def place_in(shown: Shown, row: int, *, from_right: int = 60) -> QPoint:
    view = shown.page_list.view
    rect = view.visualRect(view.rows.index(row))
    return QPoint(rect.right() - from_right, rect.center().y())


def test_a_row_is_opened_by_mouse(shown: Shown, qtbot: QtBot) -> None:
    shown.take()
    qtbot.mouseClick(
        shown.page_list.view.viewport(), Qt.MouseButton.LeftButton, pos=place_in(shown, 2)
    )
    assert shown.take() == [("open", "c2")]
    below = QPoint(20, shown.page_list.view.viewport().height() * 3)
    qtbot.mouseClick(shown.page_list.view.viewport(), Qt.MouseButton.LeftButton, pos=below)
    assert shown.take() == []


def test_the_button_of_a_row_shows_what_can_be_done(shown: Shown, qtbot: QtBot) -> None:
    shown.take()
    at = place_in(shown, 1, from_right=16)
    qtbot.mouseClick(shown.page_list.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    names = [action.text() for action in menu.actions()]
    assert names == ["Open", "Rename", "As Markdown…", "As JSON…", "Delete"]
    menu.actions()[0].trigger()
    menu.close()
    assert shown.take() == [("open", "c1")]


def test_the_menu_key_does_the_same(shown: Shown, qtbot: QtBot) -> None:
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Menu)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    shown.page_list.view.customContextMenuRequested.emit(place_in(shown, 1))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


def test_the_keys_of_the_menu_stand_apart_from_its_words(shown: Shown) -> None:
    menu = shown.page_list.view.show_menu(QPersistentModelIndex(shown.page_list.view.rows.index(0)))
    assert menu is not None
    width_of = menu.fontMetrics().horizontalAdvance
    words = max(width_of(action.text()) for action in menu.actions())
    keys = max(width_of(action.shortcut().toString()) for action in menu.actions())
    paddings = 24 + 20  # of the style sheet
    row = menu.actionGeometry(menu.actions()[0])
    assert row.width() >= words + theme.PADDING + keys + paddings
    menu.close()


def test_without_a_row_there_is_no_menu(shown: Shown) -> None:
    shown.render(conversation_states()["list-empty"])

    assert shown.page_list.view.show_menu(QPersistentModelIndex()) is None


def editor_of(shown: Shown) -> QLineEdit:
    (editor,) = shown.page_list.view.viewport().findChildren(QLineEdit)
    return editor


def test_a_title_is_changed_in_place(shown: Shown, qtbot: QtBot) -> None:
    shown.take()
    shown.page_list.view.setFocus()
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_F2)
    editor = editor_of(shown)
    assert editor.text() == "How do I rename *.jpeg to *.jpg here without overwriting anything?"
    assert editor.accessibleName() == "Title of the conversation"
    shown.render(conversation_states()["list-exported"])  # meanwhile something else is told
    assert editor.isVisible()
    editor.setText("Renaming")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.take() == [("rename", "c0", "Renaming")])
    qtbot.waitUntil(lambda: "Crash" in shown.page_list.footer.whole_text)  # it was only put off


def is_in_front(shown: Shown) -> bool:
    return shown.chat.pages.shows_list


def test_escape_leaves_the_title_and_then_the_list(shown: Shown, qtbot: QtBot) -> None:
    shown.take()
    shown.page_list.view.setFocus()
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_F2)
    editor = editor_of(shown)
    editor.setText("No")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert is_in_front(shown)
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Escape)
    assert not is_in_front(shown)
    assert shown.take() == [("look", None)]


def test_deleting_asks_first(shown: Shown, qtbot: QtBot) -> None:
    shown.take()
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Delete)
    question = the_question()
    assert "How do I rename" in question.text.whole_text
    assert question.focusWidget() is question.no
    question.no.click()
    qtbot.keyClick(shown.page_list.view, Qt.Key.Key_Delete)
    the_question().yes.click()
    assert shown.take() == [("delete", "c0")]


def test_deleting_everything_asks_too(shown: Shown) -> None:
    shown.take()
    shown.page_list.delete_all.click()
    the_question().yes.click()
    assert shown.take() == [("delete all",)]


@pytest.mark.parametrize(("form", "suffix"), [("markdown", "md"), ("json", "json")])
def test_an_export_asks_where_to(
    shown: Shown, qtbot: QtBot, tmp_path: Path, form: str, suffix: str
) -> None:
    shown.take()
    row = shown.page_list.view.current
    shown.page_list.view.export_requested.emit(row, form)
    dialog = shown.page_list.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith(f".{suffix}")
    dialog.fileSelected.emit(str(tmp_path / "x"))
    dialog.close()
    assert shown.take() == [("export", "c0", form, str(tmp_path / "x"))]


def test_the_settings_are_at_hand_while_it_is_off(shown: Shown) -> None:
    shown.take()
    shown.render(conversation_states()["list-off"])
    shown.page_list.note.button.click()
    assert shown.take() == [("settings",)]


def test_the_open_row_has_an_edge_where_contrast_is_high(look: Theme, shown: Shown) -> None:
    """WCAG 2.2, 1.4.11: its ground alone is too close to the window's."""
    look.follow("light", "high")
    view = shown.page_list.view
    row = view.visualRect(view.rows.index(1))  # the open one
    picture = view.viewport().grab().toImage()
    line = theme.current().line
    for y in (row.top() + 1, row.bottom() - 1):
        assert picture.pixelColor(row.center().x(), y).name().upper() == line


def test_the_current_row_stays_current_wherever_it_goes(shown: Shown) -> None:
    view = shown.page_list.view
    view.setCurrentIndex(view.rows.index(3))
    moved = Listed(KEY, entries=tuple(reversed(entries())), is_loading=False)
    shown.render(replace(conversation_states()["list"], conversations=moved))

    assert view.current is not None
    assert view.current.conversation_id == "c3"
    fewer = replace(moved, entries=entries()[:1])
    shown.render(replace(conversation_states()["list"], conversations=fewer))
    assert view.currentIndex().row() == 0


def test_an_unchanged_list_is_not_built_again(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(shown.page_list.view.rows.modelReset):
        shown.render(conversation_states()["list"])


def test_what_a_screen_reader_hears(shown: Shown) -> None:
    model = shown.page_list.view.rows
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(2).data(role) == "Crash in the parser, yesterday 21:41 · 9 messages"
    assert shown.page_list.search.accessibleName() == "Search in conversations"
    assert shown.page_list.view.accessibleName() == "Conversations"


def test_a_title_that_stays_as_it_was_is_no_wish(qtbot: QtBot) -> None:
    model = ConversationModel()
    assert model.rowCount(model.index(0)) == 0
    assert not model.show_rows(())


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("How? a/b: *c*", "How a b c"),
        ("改名", "改名"),
        ("///", "conversation"),
        ("../../etc", "etc"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_file_is_named_after_the_conversation(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_a_thousand_rows_are_shown_without_a_widget_each(shown: Shown) -> None:
    """F-C10"""
    many = tuple(replace(entries()[0], conversation_id=f"n{n}") for n in range(1000))
    listed = Listed(KEY, entries=many, is_loading=False)
    before = len(shown.chat.findChildren(QObject))
    shown.render(replace(conversation_states()["list"], conversations=listed))

    assert len(shown.titles()) == 1000
    assert len(shown.chat.findChildren(QObject)) <= before + 5
