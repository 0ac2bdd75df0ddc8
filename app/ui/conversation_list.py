"""The list of conversations: found by words, opened, renamed in place, taken out, deleted.

It renders `conversation_list_content(state, now)`. Ctrl+F goes to the search, and from there the
arrow key down into the list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.state import AppState
from app.ui import theme
from app.ui.conversation_list_content import ListContent, Row, conversation_list_content
from app.ui.conversation_view import ConversationView
from app.ui.labels import TextLabel, plain, push_button
from app.ui.notice_card import NoticeCard
from app.ui.panel_content import Action, Button, Notice
from app.ui.question_dialog import QuestionDialog
from app.wording import conversations as words
from app.wording import labels

_SEARCH_AFTER_MS = 150


class ConversationList(QWidget):
    """Signals are wishes of the user; the state comes back through `render`."""

    wished = Signal(str)  # what to search for, empty: everything
    opened = Signal(str)  # the id of a conversation
    renamed = Signal(str, str)  # id, title
    deleted = Signal(str)
    all_deleted = Signal()
    exported = Signal(str, str, str)  # id, "markdown" or "json", path
    settings_requested = Signal()

    def __init__(
        self, *, clock: Callable[[], datetime], zone: tzinfo, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone
        self._state = AppState()
        self._content = ListContent()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_SEARCH_AFTER_MS)
        self._typing.timeout.connect(self._wish)
        self.search: QLineEdit = QLineEdit()
        self.search.setFont(theme.text_font())
        self.search.textChanged.connect(self._on_typed)
        self.search.installEventFilter(self)
        self.view = self._make_view()
        self.note = NoticeCard()
        self.note.button.setProperty("kind", "plain")  # the primary button is the composer's
        self.note.pressed.connect(self._on_action)
        self.footer = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, wrap=True)
        self.delete_all = push_button("")
        self.delete_all.setProperty("kind", "quiet")
        self.delete_all.clicked.connect(self._ask_to_delete_all)
        self._lay_out()
        self.setFocusProxy(self.search)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)
        self.restyle()

    # --- parts -------------------------------------------------------------------------------

    def _make_view(self) -> ConversationView:
        view = ConversationView()
        view.opened.connect(self.opened)
        view.renamed.connect(self.renamed)
        view.delete_requested.connect(self._ask_to_delete)
        view.export_requested.connect(self._choose_file)
        view.edited.connect(self._on_edited)
        view.left.connect(self.search.setFocus)
        return view

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._make_blank())
        head, foot = QVBoxLayout(), QHBoxLayout()
        head.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, 0)
        head.setSpacing(theme.GAP)
        head.addWidget(self.search)
        head.addWidget(self.note)
        room = theme.PADDING - 6  # a quiet button has room of its own around its words
        foot.setContentsMargins(theme.PADDING, 0, room, theme.GAP)
        foot.addWidget(self.footer, 1)
        foot.addWidget(self.delete_all)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        box.addLayout(foot)

    def _make_blank(self) -> QWidget:
        page = QWidget()
        self.blank_title = TextLabel(
            colour="secondary", pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True
        )
        self.blank_text = TextLabel(colour="faint", wrap=True)
        box = QVBoxLayout(page)
        box.setContentsMargins(32, 32, 32, 32)
        box.setSpacing(theme.GAP)
        box.addStretch(1)
        for label in (self.blank_title, self.blank_text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(label)
        box.addStretch(1)
        return page

    def restyle(self) -> None:
        """The language changed: say everything anew."""
        self.setAccessibleName(words.list_name())
        self.search.setPlaceholderText(words.search())
        self.search.setAccessibleName(words.search())
        self.view.setAccessibleName(words.list_name())
        self.delete_all.setText(plain(words.delete_all()))

    # --- showing the state -------------------------------------------------------------------

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show `state`; a title that is being edited is not taken away."""
        self._state = state
        if self.view.is_editing:
            return
        content = conversation_list_content(state, self._clock(), self._zone)
        if content == self._content:
            return
        self._content = content
        self.view.show_rows(content.rows)
        self._pages.setCurrentIndex(0 if content.blank is None else 1)
        title, text = content.blank or ("", "")
        self.blank_title.show_text(title)
        self.blank_text.show_text(text)
        self.note.setVisible(content.note is not None)
        if content.note is not None:
            button = Button(labels.settings(), Action.SETTINGS) if content.offers_settings else None
            self.note.show_notice(Notice(*content.note, button=button))
        self.footer.show_text(content.footer, "over" if content.has_failed_export else "secondary")
        self.delete_all.setVisible(content.can_delete_all)

    def _on_edited(self) -> None:
        self.render(self._state)

    def clear(self) -> None:
        """Nobody looks any more: give the rows back, and begin with all of them next time."""
        self.search.clear()
        self._typing.stop()
        self._state = AppState()
        self._content = ListContent()
        self.view.show_rows(())

    # --- wishes ------------------------------------------------------------------------------

    def _on_typed(self, _text: str) -> None:
        self._typing.start()

    def _wish(self) -> None:
        self.wished.emit(self.search.text())

    def _ask_to_delete(self, row: Row) -> None:
        dialog = self._question(
            lambda: (words.delete_title(), words.delete_text(row.title), words.delete())
        )
        dialog.agreed.connect(lambda: self.deleted.emit(row.conversation_id))

    def _ask_to_delete_all(self) -> None:
        dialog = self._question(
            lambda: (words.delete_all_title(), words.delete_all_text(), words.delete())
        )
        dialog.agreed.connect(self.all_deleted)

    def _question(self, question: Callable[[], tuple[str, str, str]]) -> QuestionDialog:
        dialog = QuestionDialog(parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.ask_in(question)
        dialog.show()
        return dialog

    def _choose_file(self, row: Row, form: str) -> None:
        from app.ui.file_dialog import ask_where_to_save  # noqa: PLC0415 - rarely asked for

        suffix = "md" if form == "markdown" else "json"
        ask_where_to_save(
            self,
            words.export,
            f"{file_stem(row.title)}.{suffix}",
            lambda path: self.exported.emit(row.conversation_id, form, path),
        )

    def _on_action(self, action: str) -> None:
        if action == Action.SETTINGS:
            self.settings_requested.emit()

    # --- events ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search straight into the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
                self.view.setFocus()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.view.open_current()
                return True
        return super().eventFilter(watched, event)


def file_stem(title: str) -> str:
    """A name for a file, from a title: what no system takes is left out."""
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in title)
    return " ".join(kept.split())[:60].strip() or "conversation"
