"""A key that works in every program, by the desktop's portal (Linux).

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
The desktop shows the person what is asked for and lets them choose the keys; it remembers the
choice, so later starts get it back without a question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app import APP_ID
from app.desktop.bus_client import BusClient, BusError
from app.state import Shortcut, ShortcutStatus
from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from jeepney import DBusAddress, Message

_LOG = logging.getLogger("tidegauge.shortcut")
_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_RULES = (
    f"type='signal',sender='{_SERVICE}',interface='{_SHORTCUTS}'",
    f"type='signal',sender='{_SERVICE}',interface='org.freedesktop.portal.Request'",
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
    f"member='NameOwnerChanged',arg0='{_SERVICE}'",
)
_ID = "chat"
_PREFERRED = "CTRL+ALT+t"  # only a proposal
_PERSON_S = 600.0  # so long may somebody think about the keys


class GlobalShortcut:
    """`on_pressed(token)` hears of the key; `token` lets the window take the focus (Wayland).

    `on_shortcut` hears what became of it, also when the portal ends and comes back.
    """

    def __init__(
        self,
        spawn: Spawn,
        on_pressed: Callable[[str], None],
        on_shortcut: Callable[[Shortcut], None],
        *,
        bus: str = "SESSION",
        patience_s: float = 3.0,
    ) -> None:
        self._on_pressed = on_pressed
        self._on_shortcut = on_shortcut
        self._client = BusClient(
            spawn, _RULES, self._heard, self._lose, bus=bus, patience_s=patience_s
        )
        self._binding = SingleTask(spawn, "bind the global shortcut")
        self._description = ""
        self._session = ""
        self._owner = ""  # the unique name of the portal that holds the session
        self._response: asyncio.Future[tuple[str, Sequence[Any]]] | None = None
        self._requests = 0

    def bind(self, description: str) -> None:
        """Ask for the key; `description` tells the person what it does."""
        self._description = description
        self._binding.stop()
        self._binding.start(self._bind)

    async def release(self) -> None:
        """The key is not wanted any more."""
        self._description = ""
        self._binding.stop()
        session, self._session = self._session, ""
        if session:
            try:
                await self._client.call(
                    _address("org.freedesktop.portal.Session", session), "Close"
                )
            except BusError as error:
                _LOG.info("the shortcut was not released: %s", error)
        self._on_shortcut(Shortcut())

    async def _bind(self) -> None:
        self._on_shortcut(Shortcut(ShortcutStatus.ASKING))
        self._session = ""
        try:
            shortcut = await self._bound()
        except BusError as error:
            _LOG.info("no global shortcut: %s", error)
            shortcut = Shortcut(ShortcutStatus.MISSING)
        self._on_shortcut(shortcut)

    async def _bound(self) -> Shortcut:
        await self._register()
        made = await self._asked("CreateSession", "", (), {"session_handle_token": ("s", _ID)})
        if made is None:
            return Shortcut(ShortcutStatus.REFUSED)
        self._session = str(_value(made, "session_handle"))
        wanted = [
            (
                _ID,
                {
                    "description": ("s", self._description),
                    "preferred_trigger": ("s", _PREFERRED),
                },
            )
        ]
        bound = await self._asked("BindShortcuts", "oa(sa{sv})s", (self._session, wanted, ""), {})
        given = _value(bound or {}, "shortcuts") or []
        for name, options in given:
            if name == _ID:
                return Shortcut(ShortcutStatus.BOUND, str(_value(options, "trigger_description")))
        return Shortcut(ShortcutStatus.REFUSED)

    async def _register(self) -> None:
        """Say who we are; portals before 1.20 find it out by themselves."""
        registry = _address("org.freedesktop.host.portal.Registry")
        try:
            await self._client.call(registry, "Register", "sa{sv}", (APP_ID, {}))
        except BusError as error:
            if "no answer" in str(error) or "Error" not in str(error):
                raise
            _LOG.info("the portal does not register programs: %s", error)

    async def _asked(
        self, member: str, signature: str, arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Mapping[str, Any] | None:
        """The results of a request, None if it was refused. Raises `BusError`."""
        self._requests += 1
        token = {"handle_token": ("s", f"tidegauge{self._requests}")}
        self._response = asyncio.get_running_loop().create_future()
        try:
            reply = await self._client.call(
                _address(_SHORTCUTS), member, f"{signature}a{{sv}}", (*arguments, options | token)
            )
            self._owner = _sender_of(reply)
            async with asyncio.timeout(_PERSON_S):
                sender, body = await self._response
        except TimeoutError:
            raise BusError(f"{member}: nobody decided") from None
        finally:
            self._response = None
        if sender != self._owner or len(body) != 2:
            raise BusError(f"{member}: a response from somebody else")
        code, results = body
        return results if code == 0 else None

    # --- what the portal says ------------------------------------------------------------------

    def _heard(self, sender: str, member: str, arguments: Sequence[Any]) -> None:
        if member == "NameOwnerChanged":
            self._on_owner(bool(arguments[2]))
        elif member == "Response":
            if self._response is not None and not self._response.done():
                self._response.set_result((sender, arguments))
        elif member == "Activated" and sender == self._owner:
            session, shortcut, _timestamp, options = arguments
            if session == self._session and shortcut == _ID:
                self._on_pressed(str(_value(options, "activation_token")))

    def _on_owner(self, is_there: bool) -> None:
        self._lose()
        if is_there and self._description:
            self.bind(self._description)

    def _lose(self) -> None:
        """The portal, or the bus, has gone, and the key with it."""
        self._session = self._owner = ""
        if self._response is not None and not self._response.done():
            self._response.set_exception(BusError("the portal has gone"))
        if self._description:
            self._on_shortcut(Shortcut(ShortcutStatus.MISSING))


def _value(options: Mapping[str, Any], name: str) -> Any:
    """An entry of a{sv}, without its type; "" if it is not there."""
    entry = options.get(name)
    return entry[1] if entry is not None else ""


def _sender_of(reply: Message) -> str:
    from jeepney import HeaderFields  # noqa: PLC0415 - loaded with the first call

    return str(reply.header.fields.get(HeaderFields.sender, ""))


def _address(interface: str, path: str = _PATH) -> DBusAddress:
    from jeepney import DBusAddress  # noqa: PLC0415 - as above

    return DBusAddress(path, _SERVICE, interface)
