"""The gnome-keyring of a desktop session from outside: what it holds, locking, unlocking."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from support.bus_connection import REPLY_S, bus_connection
from support.desktop_session import KEYRING_PASSWORD, DesktopSession
from support.signed_in import tokens_from

from app.auth.accounts import newly_known
from app.auth.safe import KeyringSafe
from app.auth.tokens import TokenSet
from app.auth.vault import KeyringVault
from app.simulator.accounts import ANN, SimulatedAccount
from app.simulator.server import Simulator

_NAME, _PATH = "org.freedesktop.secrets", "/org/freedesktop/secrets"
_SERVICE = DBusAddress(_PATH, _NAME, "org.freedesktop.Secret.Service")
_LOGIN = _PATH + "/collection/login"
_READ = """\
import json, secretstorage
bus = secretstorage.dbus_init()
print(json.dumps([
    {"label": item.get_label(), "attributes": item.get_attributes(),
     "secret": item.get_secret().decode()}
    for collection in secretstorage.get_all_collections(bus) if not collection.is_locked()
    for item in collection.get_all_items()
]))
bus.close()
"""


def stored_secrets(session: DesktopSession) -> list[dict[str, Any]]:
    """All that the unlocked collections hold, as another program of the user reads it:
    "label", "attributes", "secret"."""
    found = subprocess.run(
        [sys.executable, "-c", _READ],
        env=session.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    secrets: list[dict[str, Any]] = json.loads(found.stdout)
    return secrets


def store_sign_in(
    session: DesktopSession, simulator: Simulator, account: SimulatedAccount = ANN
) -> TokenSet:
    """Leave the keyring as a sign-in of yesterday would have left it."""
    tokens = tokens_from(simulator, datetime.now(UTC), account)
    with mock.patch.dict(os.environ, session.env, clear=True):
        asyncio.run(KeyringVault(simulator.url).store(tokens))
    return tokens


def store_accounts(
    session: DesktopSession, simulator: Simulator, *accounts: SimulatedAccount
) -> list[TokenSet]:
    """Leave the keyring as several sign-ins would have left it, in this order."""
    issued = []
    for account in accounts:
        tokens = tokens_from(simulator, datetime.now(UTC), account)
        with mock.patch.dict(os.environ, session.env, clear=True):
            vault = KeyringSafe(simulator.url).vault(newly_known(tokens.account))
            asyncio.run(vault.store(tokens))
        issued.append(tokens)
    return issued


def lock(session: DesktopSession) -> None:
    """Lock the login collection, as a screen locker or a person would."""
    _call(session, new_method_call(_SERVICE, "Lock", "ao", ([_LOGIN],)))


def is_locked(session: DesktopSession) -> bool:
    place = DBusAddress(_LOGIN, _NAME, "org.freedesktop.Secret.Collection")
    return bool(_call(session, Properties(place).get("Locked"))[0][1])


def unlock(session: DesktopSession) -> None:
    """Unlock it without a prompt, as a login manager does."""
    interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
    internal = DBusAddress(_PATH, _NAME, interface)
    with bus_connection(session.bus_address) as bus:
        opening = new_method_call(_SERVICE, "OpenSession", "sv", ("plain", ("s", "")))
        channel = bus.send_and_get_reply(opening, timeout=REPLY_S).body[1]
        secret = (channel, b"", KEYRING_PASSWORD.encode(), "text/plain")
        call = new_method_call(internal, "UnlockWithMasterPassword", "o(oayays)", (_LOGIN, secret))
        reply = bus.send_and_get_reply(call, timeout=REPLY_S)
        assert reply.header.message_type is not MessageType.error, reply.body


def _call(session: DesktopSession, message: Any) -> Any:
    with bus_connection(session.bus_address) as bus:
        reply = bus.send_and_get_reply(message, timeout=REPLY_S)
        assert reply.header.message_type is not MessageType.error, reply.body
        return reply.body
