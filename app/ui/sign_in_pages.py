"""The pages of the sign-in window: the ways to choose from, what each way shows, the account."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.auth.ways import SignInProgress, Stage, Way
from app.embedded_window import Obstacle
from app.ui import theme
from app.ui.labels import TextLabel, plain, push_button
from app.ui.qr_picture import QrPicture
from app.wording import labels
from app.wording import sign_in as words
from app.wording.sign_in_window import obstacle as obstacle_words

WAY_WIDTH = 152


class Page(QWidget):
    """A heading and a sentence; below them whatever the page is for."""

    def __init__(self) -> None:
        super().__init__()
        self.title = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", wrap=True)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(theme.GAP)
        self.box.addWidget(self.title)
        self.box.addWidget(self.text)

    def say(self, title: str, text: str = "") -> None:
        self.title.show_text(title)
        self.text.show_text(text)
        self.text.setVisible(bool(text))


class ProgressPage(Page):
    """A sign-in is on its way; time left and a way out stand at the foot."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.left = TextLabel(colour="faint", pixels=theme.CAPTION_PX, tabular=True)
        self.cancel = push_button("")
        self.cancel.clicked.connect(self.cancel_requested)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(theme.GAP)
        self.foot.addWidget(self.left, 1)
        self.foot.addWidget(self.cancel)
        self.fill()
        self.box.addStretch(1)
        self.box.addSpacing(theme.GAP)
        self.box.addLayout(self.foot)

    def fill(self) -> None:
        """Add what stands between the sentence and the foot."""

    def show_progress(self, progress: SignInProgress) -> None:
        self.cancel.setText(plain(labels.cancel()))
        self.say(_progress_words(progress))


class ChoicePage(Page):
    """What can be done: one row per way, the usual one first; above them, what went wrong."""

    way_requested = Signal(object)

    def __init__(self, ways: Sequence[Way], obstacle: Obstacle) -> None:
        super().__init__()
        self._obstacle = obstacle
        self.ways: dict[Way, QPushButton] = {}
        self._texts: dict[Way, TextLabel] = {}
        self.box.addSpacing(theme.GAP)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.WIDE_GAP)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(1, 1)
        for row, way in enumerate((*ways, Way.CODEX)):
            button = push_button("", primary=row == 0)
            button.setMinimumWidth(WAY_WIDTH)
            button.clicked.connect(lambda _checked, way=way: self.way_requested.emit(way))
            text = TextLabel(colour="secondary", wrap=True)
            text.setAlignment(Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(button, row, 0)
            grid.addWidget(text, row, 1)
            self.ways[way], self._texts[way] = button, text
        self.primary = self.ways[ways[0]]
        self.primary.setDefault(True)
        if self._is_barred(Way.HERE):
            self.ways[Way.HERE].setEnabled(False)
        self.offer_codex_login(False)
        self.box.addLayout(grid)
        self.box.addStretch(1)

    def offer_codex_login(self, is_there: bool) -> None:
        """The last row is there only if the Codex CLI has a login to lend (F-T27)."""
        for widget in (self.ways[Way.CODEX], self._texts[Way.CODEX]):
            widget.setVisible(is_there)

    def show_words(self, title: str, text: str, *, is_fault: bool) -> None:
        """Show why one should sign in, or why it did not work."""
        self.say(title, text)
        self.title.show_text(title, "over" if is_fault else "ink")
        for way, button in self.ways.items():
            is_barred = self._is_barred(way)
            sentence = obstacle_words(self._obstacle) if is_barred else words.way_text(way)
            button.setText(plain(words.way_name(way)))
            button.setAccessibleDescription(sentence)
            self._texts[way].show_text(sentence)

    def _is_barred(self, way: Way) -> bool:
        return way is Way.HERE and way in self.ways and self._obstacle is not Obstacle.NONE


class BrowserPage(ProgressPage):
    """The browser was opened; its address, for a person whose browser did not open."""

    copy_requested = Signal(str)

    def fill(self) -> None:
        self.address, self.copy, row = _address_row()
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.address.text()))
        self.box.addLayout(row)

    def show_progress(self, progress: SignInProgress) -> None:
        super().show_progress(progress)
        self.say(labels.waiting_for_browser(), labels.browser_address_text())
        _show_address(self.address, self.copy, progress.address)


class DevicePage(ProgressPage):
    """A code, large, and where to type it; the address as a picture for a telephone's camera."""

    secret_copy_requested = Signal(str)

    def fill(self) -> None:
        self.picture = QrPicture()
        self.address = TextLabel(colour="calm", wrap=True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code = TextLabel(pixels=theme.NUMBER_PX, weight=QFont.Weight.DemiBold, tabular=True)
        self.copy = push_button("")
        self.copy.clicked.connect(lambda: self.secret_copy_requested.emit(self.code.whole_text))
        self.hint = TextLabel(colour="faint", pixels=theme.CAPTION_PX, wrap=True)
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        column.addWidget(self.address)
        column.addWidget(self.code)
        column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.PADDING)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.box.addSpacing(theme.UNIT)
        self.box.addLayout(row)
        self.box.addWidget(self.hint)

    def show_progress(self, progress: SignInProgress) -> None:
        super().show_progress(progress)
        self.say(words.code_title(), words.code_text())
        self.picture.show_text(progress.address)
        self.picture.setAccessibleName(words.qr_name())
        self.address.show_text(progress.address)
        self.code.show_text(progress.user_code)
        self.code.setAccessibleName(words.spelled(progress.user_code))
        self.copy.setText(plain(words.copy_code()))
        self.hint.show_text(words.code_hint())


class PastePage(ProgressPage):
    """Two steps: an address to open elsewhere, and the one it ended on to bring back."""

    copy_requested = Signal(str)
    pasted = Signal(str)

    def fill(self) -> None:
        self.address, self.copy, row = _address_row()
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.address.text()))
        self.back = TextLabel(colour="secondary", wrap=True)
        self.field = QLineEdit()
        self.field.setFont(theme.text_font())
        self.hint = TextLabel(colour="over", pixels=theme.CAPTION_PX, wrap=True)
        self.go_on = push_button("", primary=True)
        self.go_on.setEnabled(False)
        self.go_on.clicked.connect(self._submit)
        self.field.textChanged.connect(lambda text: self.go_on.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self._submit)
        self.box.addLayout(row)
        self.box.addSpacing(theme.UNIT)
        for widget in (self.back, self.field, self.hint):
            self.box.addWidget(widget)
        self.foot.addWidget(self.go_on)

    def show_progress(self, progress: SignInProgress) -> None:
        super().show_progress(progress)
        self.say(words.paste_title(), words.paste_open())
        if progress.address != self.address.text():
            self.field.clear()
        _show_address(self.address, self.copy, progress.address)
        self.back.show_text(words.paste_back())
        self.field.setAccessibleName(words.pasted_name())
        self.go_on.setText(plain(words.go_on()))
        self.hint.show_text(words.not_that_address() if progress.is_refused else "")
        self.hint.setVisible(progress.is_refused)
        self.field.setAccessibleDescription(self.hint.whole_text)

    def _submit(self) -> None:
        text = self.field.text()
        if text.strip():
            self.field.selectAll()
            self.pasted.emit(text)


def _progress_words(progress: SignInProgress) -> str:
    if progress.way is Way.HERE and progress.stage is Stage.WAITING:
        return words.window_opened()
    if progress.stage is Stage.STARTING and progress.way is Way.HERE:
        return words.opening_window()
    if progress.stage is Stage.STARTING and progress.way is Way.DEVICE:
        return words.asking_for_code()
    return labels.checking_sign_in()


def _address_row() -> tuple[QLineEdit, QPushButton, QHBoxLayout]:
    address = QLineEdit()
    address.setReadOnly(True)
    address.setFont(theme.text_font())
    copy = push_button("")
    row = QHBoxLayout()
    row.setSpacing(theme.GAP)
    row.addWidget(address, 1)
    row.addWidget(copy)
    return address, copy, row


def _show_address(address: QLineEdit, copy: QPushButton, text: str) -> None:
    address.setAccessibleName(labels.sign_in_address_name())
    copy.setText(plain(labels.copy()))
    if address.text() != text:
        address.setText(text)
        address.setCursorPosition(0)
