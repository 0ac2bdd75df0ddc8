"""The settings window: one form, made from the declarations; every change takes effect at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from app.settings import DECLARATIONS, DEFAULTS, Settings
from app.state import AppState
from app.ui import icons, theme
from app.ui.account_row import AccountRow
from app.ui.labels import explain, plain, push_button, rule
from app.ui.question_dialog import QuestionDialog
from app.ui.section_list import SectionList
from app.ui.setting_row import SettingRow
from app.ui.settings_form import SettingsForm
from app.ui.startup_row import StartupRow
from app.ui.tab_walk import TabWalkWindow
from app.wording import about, diagnosis, erasure, labels, language, network_settings
from app.wording import settings as words
from app.wording.alerts import test_action
from app.wording.setting_remarks import refused_in, remarks_of

_SIZE = QSize(680, 640)


class SettingsDialog(TabWalkWindow):
    """`setting_changed` carries key and value; what holds comes back through `show_state`."""

    setting_changed = Signal(str, object)
    test_requested = Signal()  # of a warning
    diagnosis_requested = Signal()
    about_requested = Signal()
    erasing_requested = Signal()  # of everything, after a question
    closed = Signal()
    looked_at = Signal()  # somebody came to this window: what others keep may have changed

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale = language.locale()
        self._settings = settings
        self.startup = StartupRow()
        self.account = AccountRow()
        self.form = SettingsForm()
        self.sections = SectionList(tuple(self.form.sections))
        self.search = QLineEdit()
        self._question: QuestionDialog | None = None
        self._make_buttons()
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(QSize(560, 320))
        self.resize(_SIZE)
        self._lay_out()
        self.form.edited.connect(self._on_edited)
        self.form.reached.connect(self.sections.mark)
        self.sections.wanted.connect(self.form.show_section)
        self.search.textChanged.connect(self._look_for)
        self._retranslate()
        self.render(settings)
        self.sections.mark(next(iter(self.form.sections)))

    @property
    def rows(self) -> dict[str, SettingRow]:
        """By the settings' keys."""
        return self.form.rows

    def _make_buttons(self) -> None:
        self.defaults_button = push_button("")
        self.close_button = push_button("", primary=True)
        self.test_button = push_button("")
        self.diagnosis_button = push_button("")
        self.about_button = push_button("")
        self.erase_button = push_button("")
        self.ca_button = push_button("")
        self.ca_button.clicked.connect(self._choose_ca_file)
        self.test_button.clicked.connect(self.test_requested)
        self.erase_button.clicked.connect(self.erasing_requested)
        self.diagnosis_button.clicked.connect(self.diagnosis_requested)
        self.about_button.clicked.connect(self.about_requested)
        self.defaults_button.clicked.connect(self._ask_for_defaults)
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        self.form.add("account", self.account, first=True)
        self.form.add("startup", self.startup)
        self.form.add("warnings", self.test_button)
        self.form.add("network", self.ca_button)
        self.form.add("privacy", self.erase_button)
        help_row = QWidget()
        help_box = QHBoxLayout(help_row)
        help_box.setContentsMargins(0, theme.UNIT, 0, 0)
        help_box.setSpacing(theme.GAP)
        help_box.addWidget(self.diagnosis_button)
        help_box.addWidget(self.about_button)
        help_box.addStretch(1)
        self.form.add("help", help_row)
        self.search.setFont(theme.text_font())
        head = QHBoxLayout()
        head.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        head.addWidget(self.search)
        middle = QHBoxLayout()
        middle.setContentsMargins(theme.GAP, theme.GAP, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.sections)
        middle.addWidget(self.form, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(rule())
        box.addLayout(middle, 1)
        box.addWidget(rule())
        box.addLayout(self._foot())

    def _foot(self) -> QLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.PADDING, theme.WIDE_GAP, theme.PADDING, theme.WIDE_GAP)
        foot.addWidget(self.defaults_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        return foot

    # --- what holds ------------------------------------------------------------------------------

    def show_state(self, state: AppState) -> None:
        """Show all of it: settings, what became of them, who is signed in, what starts."""
        self.render(state.settings)
        self.startup.render(state.autostart)
        self.account.render(state.session)
        remarks, refused = remarks_of(state), refused_in(state)
        for key, row in self.rows.items():
            row.show_remark(remarks.get(key, ""), is_refusal=key in refused)
        self.sections.show_only(self.form.look_for(self.search.text()))

    def render(self, settings: Settings) -> None:  # type: ignore[override]
        """Show `settings`; a field being typed in keeps what is typed."""
        self._settings = settings
        for key, row in self.rows.items():
            row.show_value(getattr(settings, key))
        self.defaults_button.setEnabled(settings != DEFAULTS)
        if language.locale() != self._locale:
            self._locale = language.locale()
            self._retranslate()

    def _on_edited(self, key: str, value: object) -> None:
        if getattr(self._settings, key) != value:
            self.setting_changed.emit(key, value)

    def _choose_ca_file(self) -> None:
        from app.ui.file_dialog import ask_for_file  # noqa: PLC0415 - seldom, and large

        ask_for_file(
            self,
            network_settings.ca_file_title,
            "*.pem *.crt *.cer",
            lambda path: self._on_edited("ca_file", path),
        )

    def _ask_for_defaults(self) -> None:
        if self._question is None:
            self._question = QuestionDialog(parent=self)
            self._question.agreed.connect(self._restore_defaults)
        self._question.put(words.restore_question(), words.restore_text(), words.restore_agree())
        self._question.show()

    def _restore_defaults(self) -> None:
        for declaration in DECLARATIONS:
            self._on_edited(declaration.key, declaration.default)

    # --- looking for something -------------------------------------------------------------------

    def _look_for(self, query: str) -> None:
        held = self.form.look_for(query)
        self.sections.show_only(held)
        self.form.verticalScrollBar().setValue(0)
        if held:
            self.sections.mark(next(name for name in self.form.sections if name in held))

    def _retranslate(self) -> None:
        self.setWindowTitle(labels.settings_title())
        self.search.setPlaceholderText(words.search())
        self.search.setAccessibleName(words.search())
        self.sections.setAccessibleName(words.sections_name())
        names = {section: words.section_label(section) for section in self.form.sections}
        self.sections.show_labels(names)
        self.defaults_button.setText(plain(words.restore_defaults()))
        self.close_button.setText(plain(labels.close()))
        self.test_button.setText(plain(test_action()))
        self.ca_button.setText(plain(network_settings.choose_ca_file()))
        self.erase_button.setText(plain(erasure.open_erasing()))
        explain(self.erase_button, erasure.button_description())
        self.diagnosis_button.setText(plain(diagnosis.open_diagnosis()))
        self.about_button.setText(plain(about.open_about()))
        self.form.retranslate()
        self.startup.retranslate()
        self.account.retranslate()
        if self.search.text():
            self._look_for(self.search.text())

    # --- events ----------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.looked_at.emit()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Into the form from its foot: the area shows by itself only what is left within it."""
        moved = super().focusNextPrevChild(following)
        focused = self.focusWidget()
        if moved and focused is not None and self.form.isAncestorOf(focused):
            self.form.ensureWidgetVisible(focused)
        return moved

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.search.setFocus()
            self.search.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return _SIZE
