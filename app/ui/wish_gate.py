"""What may stand before a wish: that everything is being deleted, or that a restart is due.

Nothing is imported here when it is needed: once other files have taken the place of ours, it
could be the other version's.
"""

from __future__ import annotations

from collections.abc import Callable

from app.state import Store
from app.ui.question_windows import QuestionWindows
from app.ui.replacement_notice import ReplacementNotice


class WishGate:
    """`look_at_own_files` sees whether another version has taken their place."""

    def __init__(
        self,
        store: Store,
        questions: QuestionWindows,
        quit_: Callable[[], None],
        look_at_own_files: Callable[[], None],
    ) -> None:
        self._store = store
        self._questions = questions
        self._quit = quit_
        self._look_at_own_files = look_at_own_files
        self._notice = ReplacementNotice(self.restart_asking)

    @property
    def is_erasing(self) -> bool:
        """Whether everything is being deleted, or was."""
        return self._store.state.erasure is not None

    def guarded(self, slot: Callable[..., object]) -> Callable[..., None]:
        """`slot`, but while everything is deleted, and after that, there is one window only."""

        def granted(*arguments: object) -> None:
            if self.is_erasing:
                self._questions.ask_to_erase()
            else:
                self.unless_replaced(lambda: slot(*arguments))

        return granted

    def unless_replaced(self, wish: Callable[[], object]) -> None:
        """Windows are imported when they are wished for: of another version, that may fail."""
        self._look_at_own_files()
        if self._store.state.is_replaced:
            self._notice.put_before(wish)
        else:
            wish()

    def restart_asking(self) -> None:
        """Restart; but not unasked while something would be lost."""
        self._questions.quit_asking(self._restart)

    def close(self) -> None:
        """Nothing is asked any more."""
        self._notice.close()

    def _restart(self) -> None:
        self._store.update(restarts=True)
        self._quit()
