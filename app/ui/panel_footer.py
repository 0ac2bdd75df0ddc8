"""The foot of the panel: how old the numbers are and who told them, history, chat."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.labels import TextLabel, explain, plain, push_button, rule
from app.ui.panel_content import PanelContent
from app.wording import labels


class PanelFooter(QWidget):
    """One primary button per window: chat, unless something else is to be done first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.age = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, tabular=True, wrap=True)
        self.history = push_button("")
        self.chat = push_button("", primary=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(rule(self))
        row = QHBoxLayout()
        row.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP + 1)
        row.setSpacing(theme.GAP)
        row.addWidget(self.age, 1)
        row.addWidget(self.history)
        row.addWidget(self.chat)
        box.addLayout(row)

    def show_content(self, content: PanelContent) -> None:
        """Fill in `content`; only what differs is touched."""
        self.age.show_text(content.footer, "close" if content.is_stale else "secondary")
        self.age.show_more(content.source)
        self.history.setText(plain(labels.history()))
        explain(self.history, labels.history_tooltip())
        self.history.setVisible(content.can_show_history)
        self.chat.setText(plain(labels.chat()))
        explain(self.chat, labels.chat_tooltip())
        self.chat.setEnabled(content.can_chat)
        waits = content.notice is not None and content.notice.button is not None
        waits = waits or (content.blank is not None and bool(content.blank.buttons))
        kind = "plain" if waits else "primary"
        if self.chat.property("kind") != kind:
            self.chat.setProperty("kind", kind)
            self.chat.style().unpolish(self.chat)
            self.chat.style().polish(self.chat)
