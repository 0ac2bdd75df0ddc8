"""How the service is reached: a changed proxy or authority is judged, in force at once, and the
proxy's password goes to the keyring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.errors import AppError
from app.program import Program
from app.proxies import is_usable, without_password
from app.settings import DEFAULTS, Note, NoteKind, Remark, RemarkKind, Settings
from app.state import Store
from app.tasks import Spawn

KEYS = ("proxy", "ca_file")
_OF_FILES = (NoteKind.PASSWORD_MOVED, NoteKind.PASSWORD_IN_FILE)


class NetworkIntents:
    """`set_` changes one setting and saves it, `save` writes them as they are.

    `on_unsaved` is called when the keyring has something to do that it would not do now,
    `on_way` when requests go another way: a poll tells whether it leads anywhere.
    """

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        *,
        set_: Callable[[str, object], None],
        save: Callable[[Settings], asyncio.Future[bool]],
        on_unsaved: Callable[[], None],
        on_way: Callable[[], None],
    ) -> None:
        self._program = program
        self._password = program.surroundings.proxy_password
        self._store = store
        self._spawn = spawn
        self._set = set_
        self._save = save
        self._on_unsaved = on_unsaved
        self._on_way = on_way
        self._proxy = store.state.settings.proxy
        self._password.on_settled = self._tell_password
        store.subscribe(lambda state: _way(state.settings), lambda _: self._follow())

    def change(self, key: str, value: str) -> None:
        """Another proxy or another file of authorities, as it was typed."""
        if key == "proxy":
            self._change_proxy(value or DEFAULTS.proxy)
        else:
            self._spawn(self._change_ca_file(value), "look at the certificates")

    def settle_typed(self) -> None:
        """A password that somebody wrote into the settings file goes to the keyring."""
        if self._password.is_from_file and not self._password.is_settled:
            self._go_by_new_password()

    # --- proxy ---------------------------------------------------------------------------------

    def _change_proxy(self, typed: str) -> None:
        if not is_usable(typed):
            self._remark(Remark("proxy", RemarkKind.ADDRESS_REFUSED))
            return
        address, password = without_password(typed)
        self._remark(None, key="proxy")
        if password is not None:
            self._password.hold(address, password)
        if address != self._store.state.settings.proxy:
            self._set("proxy", address)
        elif password is not None:
            self._go_by_new_password()

    def _go_by_new_password(self) -> None:
        self._spawn(self._go(), "another password for the proxy")
        self._spawn(self._settle(), "keep the proxy's password")

    def _follow(self) -> None:
        """Whoever changed it: requests go the new way."""
        before, self._proxy = self._proxy, self._store.state.settings.proxy
        self._spawn(self._go(), "another way to the service")
        if before != self._proxy and "@" in before + self._proxy:
            self._spawn(self._settle(), "keep the proxy's password")

    async def _go(self) -> None:
        await self._program.accounts.clients.go_by(*_way(self._store.state.settings))
        self._on_way()

    async def _settle(self) -> None:
        try:
            await self._password.settle(self._store.state.settings.proxy)
        except AppError:
            self._on_unsaved()  # what there is to tell was told by `_tell_password`

    def _tell_password(self) -> None:
        """The keyring has taken the password, or has not; or gave up the one before, or did not."""
        trouble, is_held = self._password.trouble, self._password.is_held
        if self._password.is_from_file:
            self._spawn(self._tell_of_file(), "a password in the settings file")
        elif trouble is not None:
            kind = RemarkKind.PASSWORD_HELD if is_held else RemarkKind.PASSWORD_LEFT
            self._remark(Remark("proxy", kind, str(trouble)))
        else:
            is_kept = self._password.is_kept
            self._remark(Remark("proxy", RemarkKind.PASSWORD_KEPT) if is_kept else None, "proxy")

    async def _tell_of_file(self) -> None:
        """Once the password is safe, the file is written without it."""
        is_safe = self._password.trouble is None
        if is_safe:
            self._password.is_from_file = False
            await self._save(self._store.state.settings)
        note = Note(NoteKind.PASSWORD_MOVED if is_safe else NoteKind.PASSWORD_IN_FILE, "proxy")
        others = (one for one in self._store.state.notes if one.kind not in _OF_FILES)
        self._store.update(notes=(*others, note))

    # --- authorities ---------------------------------------------------------------------------

    async def _change_ca_file(self, typed: str) -> None:
        from app.ca_file import UnusableCaFileError, full_path, read_ca_file  # noqa: PLC0415

        path = full_path(typed)
        try:
            if path:
                await asyncio.to_thread(read_ca_file, path)
        except UnusableCaFileError as error:
            self._remark(Remark("ca_file", RemarkKind.FILE_REFUSED, error.problem))
            return
        self._remark(None, key="ca_file")
        self._set("ca_file", path)

    def _remark(self, remark: Remark | None, key: str = "") -> None:
        key = remark.key if remark else key
        others = tuple(one for one in self._store.state.remarks if one.key != key)
        self._store.update(remarks=(*others, remark) if remark else others)


def _way(settings: Settings) -> tuple[str, str]:
    return settings.proxy, settings.ca_file
