"""What is shown of the sign-in: what holds, and laid over it a sign-in under way.

A sign-in does not touch the session that holds meanwhile (F-L02, F-L14), so the two are kept
apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.auth.tokens import is_somebody_else
from app.auth.ways import SignInProgress, Way
from app.chat.conversation import Conversation
from app.errors import Fault
from app.program import Program
from app.state import PollState, SessionState, SessionStatus, Store


class ShownSession:
    """`settled` is what holds; `on_settled` is called whenever that was said anew."""

    def __init__(self, program: Program, store: Store) -> None:
        self._program = program
        self._store = store
        self.settled = store.state.session
        self.progress: SignInProgress | None = None  # of a sign-in under way
        self.on_settled: Callable[[], None] = lambda: None

    def settle_front(self, fault: Fault | None = None) -> bool:
        """Show who is in front now; whether it is somebody else than before."""
        accounts, session = self._program.accounts, self._program.session
        account, before = accounts.front.account, self.settled.account
        refusal = session.refusal
        if account is None:
            self.settle(status=SessionStatus.SIGNED_OUT, fault=fault)
            return before is not None
        self.settle(
            status=SessionStatus.SIGNED_IN if refusal is None else SessionStatus.EXPIRED,
            account=account,
            account_key=accounts.key,
            is_borrowed=accounts.front.login is not None,
            fault=refusal or fault,
        )
        return before is not None and is_somebody_else(before, account)

    def settle(self, status: SessionStatus, **fields: Any) -> None:
        """Show this, and the accounts there are.

        What belonged to somebody else goes in the same moment: never do the numbers of one stand
        under the name of another.
        """
        before = self.settled
        self.settled = SessionState(
            status, can_borrow=before.can_borrow, **self._accounts(), **fields
        )
        account, is_other = self.settled.account, before.account is not None
        if before.account is not None and account is not None:
            is_other = is_somebody_else(before.account, account)
        if is_other:
            self._show(usage=None, poll=PollState(), conversation=Conversation())
        else:
            self._show()
        self.on_settled()

    def change(self, **fields: Any) -> None:
        """What holds, with these fields changed."""
        self.settled = replace(self.settled, **self._accounts(), **fields)
        self._show()
        self.on_settled()

    def _accounts(self) -> dict[str, Any]:
        accounts = self._program.accounts
        return {
            "accounts": accounts.known,
            "unsaved": accounts.backlog.unsaved,
            "unremoved": accounts.backlog.unremoved,
        }

    def show_progress(self, progress: SignInProgress | None) -> None:
        """How far a sign-in has come; None: there is none any more."""
        self.progress = progress
        self._show()

    def _show(self, **cleared: Any) -> None:
        shown, progress = self.settled, self.progress
        if progress is not None:
            address = progress.address if progress.way is Way.BROWSER else ""
            shown = replace(
                shown,
                status=SessionStatus.SIGNING_IN,
                fault=None,
                sign_in_url=address,
                progress=progress,
            )
        self._store.update(session=shown, **cleared)
