"""The windows that help: the diagnosis and the about window. Each is made when it is wanted, and
gives its memory back when it is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from app.state import AppState, Store
from app.ui import clipboard
from app.ui.bringing_up import bring_up
from app.ui.theme import Theme

if TYPE_CHECKING:  # imported with the first opening
    from app.components import Component
    from app.ui.about_window import AboutWindow
    from app.ui.diagnosis_window import DiagnosisWindow


class HelpWishes(Protocol):
    """What these windows ask for; `app.intents.help.HelpIntents` grants it."""

    def diagnose(self, qt: Mapping[str, str], *, with_identity: bool) -> None: ...
    def save_diagnosis(self, path: str) -> None: ...
    def drop_diagnosis(self) -> None: ...
    def open_project(self) -> None: ...
    def read_components(self, then: Callable[[Sequence[Component], str], None]) -> None: ...


class HelpWindows:
    """`wishes` gives who grants them; `tray` says how the icon fares, in a word or two."""

    def __init__(
        self,
        theme: Theme,
        store: Store,
        wishes: Callable[[], HelpWishes],
        tray: Callable[[], str],
    ) -> None:
        self._theme = theme
        self._store = store
        self._wishes = wishes
        self._tray = tray
        self._diagnosis: DiagnosisWindow | None = None
        self._about: AboutWindow | None = None

    def show_diagnosis(self) -> None:
        """How the program fares, collected anew."""
        if self._diagnosis is None:
            from app.ui.diagnosis_window import DiagnosisWindow  # noqa: PLC0415

            self._theme.dress()
            window = self._diagnosis = DiagnosisWindow()
            window.wished.connect(self._diagnose)
            window.copy_requested.connect(clipboard.copy)
            window.save_requested.connect(self._wishes().save_diagnosis)
            window.closed.connect(self._drop_diagnosis)
            self._diagnose(False)
        bring_up(self._diagnosis)

    def show_about(self) -> None:
        """What this is and what it is made of."""
        if self._about is None:
            from app.ui.about_window import AboutWindow  # noqa: PLC0415

            self._theme.dress()
            window = self._about = AboutWindow()
            window.closed.connect(self._drop_about)
            window.project_requested.connect(self._wishes().open_project)
            window.render(self._store.state)
            self._wishes().read_components(self._show_components)
        bring_up(self._about)

    def render(self, state: AppState) -> None:
        """Show the diagnosis that came, and the language in force."""
        if self._diagnosis is not None:
            self._diagnosis.render(state.diagnosis)
        if self._about is not None:
            self._about.render(state)

    def close(self) -> None:
        """Take both away."""
        for window in (self._diagnosis, self._about):
            if window is not None:
                window.hide()
                window.deleteLater()
        self._diagnosis = self._about = None

    def _diagnose(self, with_identity: bool) -> None:
        from app.ui.qt_facts import qt_facts  # noqa: PLC0415 - only when asked

        facts = {**qt_facts(), "tray": self._tray()}
        self._wishes().diagnose(facts, with_identity=with_identity)

    def _show_components(self, made_of: Sequence[Component], bill: str) -> None:
        if self._about is not None:  # it may be closed by now
            self._about.show_components(made_of, bill)

    def _drop_diagnosis(self) -> None:
        if self._diagnosis is not None:
            self._diagnosis.deleteLater()
            self._diagnosis = None
            self._wishes().drop_diagnosis()

    def _drop_about(self) -> None:
        if self._about is not None:
            self._about.deleteLater()
            self._about = None
