"""What the system tells of itself: sleep, lock, network, power (Linux, over the message buses).

Every source may be missing: then its fact stays the ordinary one, and sleep is noticed by the
clocks alone (`usage.alarm`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtDBus import QDBusConnection, QDBusObjectPath

from app.desktop.bus_watch import BusObject
from app.usage.schedule import MachineState

_LOGIN = "org.freedesktop.login1"
_NETWORK = "org.freedesktop.NetworkManager"
_POWER = "org.freedesktop.UPower"
_PROFILES = {
    "org.freedesktop.UPower.PowerProfiles": "/org/freedesktop/UPower/PowerProfiles",
    "net.hadess.PowerProfiles": "/net/hadess/PowerProfiles",  # its name until 2024
}
_LOCKERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
_ONLINE = 70  # NM_STATE_CONNECTED_GLOBAL
_PARTLY_ONLINE = 60  # NM_STATE_CONNECTED_SITE: a portal, or nobody could tell


class MachineWatch:
    """Follows the buses from `start()` on.

    `on_state` hears every state that differs from the one before, `on_wake` every waking.
    """

    def __init__(
        self, on_state: Callable[[MachineState], None], on_wake: Callable[[], None]
    ) -> None:
        self._on_state = on_state
        self._on_wake = on_wake
        self._state = MachineState()
        self._knows_network = False
        self._locked_by: set[str] = set()
        self._saving_by: set[str] = set()
        self._objects: list[BusObject] = []
        self._session: BusObject | None = None  # the last one, if the login service came back

    def start(
        self, system: QDBusConnection | None = None, session: QDBusConnection | None = None
    ) -> None:
        """Never waits for a service and never fails; None: the buses of this computer."""
        system = system or QDBusConnection.systemBus()
        session = session or QDBusConnection.sessionBus()
        if system.isConnected():
            self._follow_login(system, os.environ.get("XDG_SESSION_ID") or "auto")
            self._follow_network(system)
            self._follow_power(system)
        if session.isConnected():
            for locker in _LOCKERS:
                self._follow_locker(session, locker)

    def _follow_login(self, bus: QDBusConnection, session_id: str) -> None:
        """PrepareForSleep tells of waking; the session it is in, whether it is locked."""
        manager = BusObject(
            bus,
            _LOGIN,
            "/org/freedesktop/login1",
            f"{_LOGIN}.Manager",
            on_there=lambda: manager.ask("GetSession", partial(self._follow_lock, bus), session_id),
            on_gone=partial(self._note_lock, _LOGIN, False),
        )
        manager.on_signal("PrepareForSleep", "b", self._note_sleep)
        self._begin(manager)

    def _follow_lock(self, bus: QDBusConnection, path: object) -> None:
        place = path.path() if isinstance(path, QDBusObjectPath) else str(path)
        session = self._session = BusObject(bus, _LOGIN, place, f"{_LOGIN}.Session")
        session.on_signal("Lock", "", lambda _none: self._note_lock(_LOGIN, True))
        session.on_signal("Unlock", "", lambda _none: self._note_lock(_LOGIN, False))
        session.on_property("LockedHint", partial(self._note_lock, _LOGIN))
        session.start()

    def _follow_locker(self, bus: QDBusConnection, name: str) -> None:
        locker = BusObject(bus, name, "", name, on_gone=partial(self._note_lock, name, False))
        locker.on_signal("ActiveChanged", "b", lambda told: self._note_lock(name, told[0]))
        self._begin(locker)

    def _follow_network(self, bus: QDBusConnection) -> None:
        path = "/org/freedesktop/NetworkManager"
        network = BusObject(
            bus, _NETWORK, path, _NETWORK, on_gone=partial(self._tell, is_online=None)
        )
        network.on_property("State", self._note_network)
        network.on_signal("StateChanged", "u", lambda told: self._note_network(told[0]))
        self._begin(network)

    def _follow_power(self, bus: QDBusConnection) -> None:
        power = BusObject(
            bus,
            _POWER,
            "/org/freedesktop/UPower",
            _POWER,
            on_gone=partial(self._tell, on_battery=False),
        )
        power.on_property("OnBattery", lambda told: self._tell(on_battery=bool(told)))
        self._begin(power)
        for name, path in _PROFILES.items():
            profiles = BusObject(
                bus, name, path, name, on_gone=partial(self._note_profile, name, "")
            )
            profiles.on_property("ActiveProfile", partial(self._note_profile, name))
            self._begin(profiles)

    def _begin(self, one: BusObject) -> None:
        self._objects.append(one)
        one.start()

    # --- what they tell ------------------------------------------------------------------------

    def _note_sleep(self, told: Sequence[object]) -> None:
        if not told[0]:
            self._on_wake()

    def _note_lock(self, source: str, is_locked: object) -> None:
        (self._locked_by.add if is_locked else self._locked_by.discard)(source)
        self._tell(is_locked=bool(self._locked_by))

    def _note_profile(self, source: str, profile: object) -> None:
        saves = profile == "power-saver"
        (self._saving_by.add if saves else self._saving_by.discard)(source)
        self._tell(saves_power=bool(self._saving_by))

    def _note_network(self, state: object) -> None:
        """No network counts only from one that was there: some systems' networks are unknown
        to NetworkManager, which then says "disconnected" for ever."""
        number = state if isinstance(state, int) else 0
        self._knows_network |= number >= _PARTLY_ONLINE
        is_online = None
        if self._knows_network and 0 < number < _PARTLY_ONLINE:
            is_online = False
        elif number >= _ONLINE:
            is_online = True
        self._tell(is_online=is_online)

    def _tell(self, **facts: bool | None) -> None:
        before, self._state = self._state, replace(self._state, **facts)  # type: ignore[arg-type]
        if self._state != before:
            self._on_state(self._state)
