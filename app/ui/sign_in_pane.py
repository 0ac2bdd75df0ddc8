"""The sign-in dialog as the program has it: made on first use, its buttons connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.state import AppState
from app.ui import clipboard
from app.ui.bringing_up import bring_up
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.sign_in_dialog import SignInDialog
    from app.ui.wishes import Wishes


class SignInPane:
    """Owns the dialog; it exists from the first opening on."""

    def __init__(self, theme: Theme, wishes: Wishes) -> None:
        self._theme = theme
        self._wishes = wishes
        self._dialog: SignInDialog | None = None

    def show(self, state: AppState) -> None:
        """Bring it up, with the ways there are now."""
        self._theme.dress()
        if self._dialog is None:
            self._dialog = self._new_dialog()
        self._dialog.render(state)
        bring_up(self._dialog)
        self._wishes.look_for_codex_login()

    def render(self, state: AppState) -> None:
        """Show `state`, if there is a dialog."""
        if self._dialog is not None:
            self._dialog.render(state)

    def close(self) -> None:
        """Take it away."""
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None

    def _new_dialog(self) -> SignInDialog:
        from app.auth.embedded_sign_in import obstacle  # noqa: PLC0415 - seldom
        from app.ui.sign_in_dialog import SignInDialog  # noqa: PLC0415 - it costs memory

        wishes = self._wishes
        dialog = SignInDialog(obstacle=obstacle())
        dialog.way_requested.connect(wishes.sign_in)
        dialog.cancel_requested.connect(wishes.cancel_sign_in)
        dialog.copy_requested.connect(clipboard.copy)
        dialog.secret_copy_requested.connect(clipboard.copy_secret)
        dialog.pasted.connect(wishes.paste_address)
        dialog.account_confirmed.connect(wishes.confirm_account)
        dialog.another_account_requested.connect(wishes.use_another_account)
        dialog.replace_requested.connect(wishes.replace_other_sign_in)
        return dialog
