"""What `tidegauge login` shows on the terminal, and what it reads from it."""

from __future__ import annotations

import os
import sys

from app.auth.daemon_thread import in_daemon_thread
from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.command_line.terminal import Terminal
from app.errors import FaultKind, fail
from app.wording import terminal as words

_LINE_LIMIT = 64 << 10


class SignInPrompts:
    """One sign-in at one terminal. `may_add`: another account needs no question.

    `hides_identity`: who signed in is told on request only (T-41).
    """

    def __init__(self, terminal: Terminal, *, may_add: bool, hides_identity: bool = False) -> None:
        self._terminal = terminal
        self._may_add = may_add
        self._hides_identity = hides_identity
        self._typed = b""

    def show(self, progress: SignInProgress) -> None:
        """Addresses and codes are results, everything around them is not."""
        terminal = self._terminal
        if progress.stage is not Stage.WAITING:
            return
        if progress.is_refused:
            terminal.message(words.not_that_address())
        elif progress.way is Way.DEVICE:
            terminal.message(words.open_on_any_device())
            terminal.line(progress.address)
            terminal.message(words.enter_this_code())
            terminal.line(progress.user_code)
            terminal.message(words.waiting_for_sign_in())
        elif progress.way is Way.PASTE:
            terminal.message(words.open_anywhere())
            terminal.line(progress.address)
            terminal.message(words.paste_last_address())
        else:
            terminal.message(words.open_this_address())
            terminal.line(progress.address)
            terminal.message(words.waiting_for_sign_in())

    async def pasted(self) -> str:
        """The next line; SIGN_IN_CANCELLED once there is none."""
        line = await in_daemon_thread(self._read_line, "read a line")
        if not line:
            raise fail(FaultKind.SIGN_IN_CANCELLED, "the input has ended")
        return line

    async def confirm(self, old: Account | None, new: Account) -> bool:
        """Whether `new` may be stored; beside somebody else, nobody to ask means no (T-16)."""
        is_hidden = self._hides_identity
        told = words.somebody_signed_in() if is_hidden else words.who_signed_in(new, old)
        self._terminal.message(told)
        if old is None or self._may_add:
            return True
        question = words.add_question_hidden() if is_hidden else words.add_question()
        answer = await self._answer(words.how_to_add(), question)
        if is_hidden and answer in words.show():
            self._terminal.message(words.who_signed_in(new, None))
            answer = await self._answer(words.how_to_add(), words.add_question())
        return answer in words.yes()

    async def may_replace(self) -> bool:
        """Whether the sign-in that runs elsewhere shall end; nobody to ask means no (F-L09)."""
        self._terminal.message(words.sign_in_elsewhere())
        return await self._answer("", words.end_other_question()) in words.yes()

    async def _answer(self, otherwise: str, question: str) -> str:
        """A person's word, casefolded; without a person `otherwise` is all that is said."""
        if sys.stdin is None or not sys.stdin.isatty():
            if otherwise:
                self._terminal.message(otherwise)
            return ""
        self._terminal.message(question)
        line = await in_daemon_thread(self._read_line, "read a line")
        return line.strip().casefold()

    def _read_line(self) -> str:
        """Past `sys.stdin`, whose lock a thread that still waits would hold to the very end."""
        while b"\n" not in self._typed and len(self._typed) < _LINE_LIMIT:
            more = os.read(0, 4096)
            if not more:
                break
            self._typed += more
        line, mark, self._typed = self._typed.partition(b"\n")
        return (line + mark).decode("utf-8", "replace")
