"""The chat's desk: the draft that is never lost, the files beside it, the window's place.

What is kept lies in one small private file, read at the first opening of the chat and written a
moment after each change, in a worker thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.chat.desk import (
    LARGEST_FILE,
    Desk,
    Draft,
    Kept,
    Place,
    Refused,
    kept_content,
    kept_from,
)
from app.errors import AppError
from app.private_files import UnusableFileError, read_private, replace_private
from app.state import AppState, Store
from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from app.chat.attachments import Attachment
    from app.chat.conversation import Turn
    from app.chat.models import ModelChoice

FILE_NAME = "chat-desk.json"
_WRITE_AFTER_S = 1.0  # so much of a draft a crash may cost

_LOG = logging.getLogger("tidegauge.chat")


class DeskIntents:
    """One per running program, made with the first opening of the chat."""

    def __init__(
        self,
        store: Store,
        spawn: Spawn,
        path: Path,
        ask_models: Callable[[], Awaitable[tuple[ModelChoice, ...]]],
    ) -> None:
        self._store = store
        self._ask_models = ask_models
        self._looking = SingleTask(spawn, "read the models")
        self._spawn = spawn
        self._path = path
        self._kept = _read(path)
        self._text = ""  # what stands in the field
        self._aside: Draft | None = None  # the draft, while an earlier question is edited
        self._files_aside: tuple[Attachment, ...] = ()
        self._timer: asyncio.TimerHandle | None = None
        self._writing = threading.Lock()
        self._account = ""
        store.update(desk=Desk(places=self._kept.places))
        store.subscribe(lambda state: state.session.account_key, self._on_account)
        self._on_account(store.state)

    @property
    def desk(self) -> Desk:
        desk = self._store.state.desk
        assert desk is not None  # noqa: S101 - set from the start on
        return desk

    # --- the draft ---------------------------------------------------------------------------

    def note_draft(self, text: str) -> None:
        """`text` stands in the field now."""
        self._text = text
        kept = self._aside.text if self._aside is not None else text
        self._keep(self._kept.with_draft(self._account, kept))

    def note_place(self, screens: str, place: Place) -> None:
        """The window stands there, on this set of screens."""
        self._keep(self._kept.with_place(screens, place))
        self._show(replace(self.desk, places=self._kept.places))

    def edit(self, turn_id: str) -> None:
        """Put an earlier question into the field; the draft comes back after it."""
        turns = self._store.state.conversation.turns
        turn = next((one for one in turns if one.turn_id == turn_id and not one.is_open), None)
        if turn is None:
            return
        if self._aside is None:
            self._aside = replace(self.desk.draft, text=self._text)
            self._files_aside = self.desk.attachments
        self._put(turn.question, turn.turn_id, turn.attachments)

    def leave_editing(self) -> None:
        """The earlier question stays as it was."""
        before, files = self._aside, self._files_aside
        self._aside, self._files_aside = None, ()
        if before is None:
            before = Draft()
        self._put(before.text, before.replaces, files)

    def take(self) -> tuple[str, tuple[Attachment, ...]]:
        """What goes with the question that is sent now: the turn it replaces, and its files.

        The desk is cleared; a draft that was set aside comes back.
        """
        taken = self.desk.draft.replaces, self.desk.attachments
        self.leave_editing()
        return taken

    def refill(self, text: str) -> None:
        """The question could not be sent now: it stands in the field as before."""
        self._put(text, self.desk.draft.replaces, self.desk.attachments)

    def put_back(self, turn: Turn) -> None:
        """A question that was not answered stands in the field again, unless a new one does.

        Sending it takes the failed one's place; one whose answer had begun stays (F-C03).
        """
        if not self._text.strip() and self._aside is None and not self.desk.attachments:
            is_shown = any(
                one.turn_id == turn.turn_id for one in self._store.state.conversation.turns
            )
            replaces = turn.turn_id if is_shown and not turn.answer else ""
            self._put(turn.question, replaces, turn.attachments)

    def withdraw(self, turn: Turn) -> None:
        """That question is being asked again as it was: it need not stand in the field as well."""
        if self.desk.draft.replaces == turn.turn_id and self._text == turn.question:
            self.leave_editing()

    def _put(self, text: str, replaces: str, files: tuple[Attachment, ...]) -> None:
        self._show(replace(self.desk.put(text, replaces), attachments=files, refused=()))
        self.note_draft(text)

    def _on_account(self, state: AppState) -> None:
        """Each account has a draft of its own."""
        self._account = state.session.account_key
        self._aside, self._files_aside = None, ()
        self._text = self._kept.drafts.get(self._account, "")
        files = self._kept.files.get(self._account, ())
        self._show(replace(self.desk.put(self._text), attachments=(), refused=(), models=None))
        if files:
            self.attach_files(files)

    def forget(self, account_key: str) -> None:
        """The account was removed, and its draft goes with it."""
        self._keep(self._kept.with_draft(account_key, "").with_files(account_key, ()))

    # --- files -------------------------------------------------------------------------------

    def attach_files(self, paths: Sequence[str]) -> None:
        """Read these files, in a worker thread, and put them beside the draft."""
        from app.intents.attached_files import read_file  # noqa: PLC0415 - seldom

        self._spawn(self._attach([partial(read_file, path) for path in paths]), "attach files")

    def attach_content(self, name: str, content: bytes) -> None:
        """Put a pasted picture beside the draft."""
        from app.intents.attached_files import read_content  # noqa: PLC0415 - seldom

        self._spawn(self._attach([partial(read_content, name, content)]), "attach a picture")

    async def _attach(self, reads: Sequence[Callable[[], Attachment | Refused]]) -> None:
        from app.intents.attached_files import added  # noqa: PLC0415 - seldom

        account = self._account
        results = [await asyncio.to_thread(read) for read in reads]
        if account == self._account:
            attachments, refused = added(self.desk.attachments, results)
            self._show(replace(self.desk, attachments=attachments, refused=refused))

    def detach(self, number: int) -> None:
        """Take one file away again."""
        files = self.desk.attachments
        self._show(replace(self.desk, attachments=files[:number] + files[number + 1 :]))

    def hide_refusals(self) -> None:
        """What could not be attached has been read."""
        self._show(replace(self.desk, refused=()))

    # --- models ------------------------------------------------------------------------------

    def look_at_models(self) -> None:
        """The choice of a model is about to be shown: what does the service list?"""
        self._looking.start(self._look_at_models)

    async def _look_at_models(self) -> None:
        account = self._account
        try:
            models = await self._ask_models()
        except AppError as error:
            _LOG.info("no list of models: %s", error)
            models = ()
        if account == self._account:
            self._show(replace(self.desk, models=models or self.desk.models or ()))

    # --- the file ----------------------------------------------------------------------------

    def write_now(self) -> None:
        """Begin to write what has not been written yet: the window closes, or the program ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            asyncio.get_running_loop().run_in_executor(None, self._write_newest)

    def _keep(self, kept: Kept) -> None:
        if kept == self._kept:
            return
        self._kept = kept
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_WRITE_AFTER_S, self.write_now)

    def _write_newest(self) -> None:
        """Of two writes that overlap, both write the newest."""
        with self._writing:
            try:
                replace_private(self._path, kept_content(self._kept))
            except (OSError, AppError) as error:
                _LOG.warning("the draft could not be kept: %s", type(error).__name__)

    def _show(self, desk: Desk) -> None:
        self._store.update(desk=desk)
        files = desk.attachments if self._aside is None else self._files_aside
        self._keep(self._kept.with_files(self._account, [one.path for one in files]))


def _read(path: Path) -> Kept:
    try:
        return kept_from(read_private(path, LARGEST_FILE))
    except FileNotFoundError:
        return Kept()
    except (OSError, UnusableFileError) as error:
        _LOG.warning("the kept draft is not used: %s", error)
        return Kept()
