"""The password of a proxy in a real gnome-keyring: bound to its address, never anywhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.secret_service import SecretService

from app.auth.keyring_text import KeyringText
from app.auth.private_names import PrivateNames
from app.auth.proxy_password import ProxyPassword, keyring_entry
from app.errors import AppError, FaultKind

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

PROXY = "socks5://ann@proxy.example:1080"
PASSWORD = "p@ss:w/ö#rd sentinel"
COMPLETE = "socks5://ann:p%40ss%3Aw%2F%C3%B6%23rd%20sentinel@proxy.example:1080"


def another() -> ProxyPassword:
    """As another process or the next start has it."""
    return ProxyPassword(keyring_entry())


async def kind_of(call: object) -> FaultKind:
    with pytest.raises(AppError) as caught:
        await call  # type: ignore[misc]
    assert "sentinel" not in repr(caught.value.fault)
    return caught.value.fault.kind


async def stored() -> str | None:
    return await KeyringText("tidegauge://network", "proxy").read()


async def test_what_was_typed_is_kept_for_its_address_only(service: SecretService) -> None:
    typed = another()
    typed.hold(PROXY, PASSWORD)
    assert await typed.complete(PROXY) == COMPLETE  # before the keyring knows of it
    was_settled = typed.is_settled
    await typed.settle(PROXY)
    assert (was_settled, typed.is_settled) == (False, True)
    assert PASSWORD not in repr(vars(typed))

    assert await another().complete(PROXY) == COMPLETE
    other = PROXY.replace("proxy.example", "other.example")
    assert await another().complete(other) == other.replace("ann@", "ann:@")


@pytest.mark.parametrize(
    "proxy", ["system", "none", "http://p:1", "http://ann:pw@p:1", "socks5://ann:@p:1"]
)
async def test_an_address_that_lacks_nothing_asks_nobody(proxy: str) -> None:
    """There is no keyring here at all."""
    assert await another().complete(proxy) == proxy


async def test_it_goes_with_its_proxy(service: SecretService) -> None:
    """T-43: whether another proxy comes, one without a sign-in, or none."""
    for now in ("none", "http://p:1", "http://bob@p:1"):
        typed = another()
        typed.hold(PROXY, PASSWORD)
        await typed.settle(PROXY)
        assert await stored() is not None

        await another().settle(PROXY)  # the same proxy: it stays
        assert await stored() is not None
        await typed.settle(now)

        assert await stored() is None
        assert not typed.is_held
    assert PASSWORD.encode() not in service.stored_bytes()


async def test_forgetting_it(service: SecretService) -> None:
    typed = another()
    typed.hold(PROXY, PASSWORD)
    await typed.settle(PROXY)
    await typed.forget()
    assert await stored() is None
    assert await typed.complete(PROXY) == PROXY.replace("ann@", "ann:@")


async def test_an_empty_password_takes_the_place_of_another(service: SecretService) -> None:
    typed = another()
    typed.hold(PROXY, PASSWORD)
    await typed.settle(PROXY)
    typed.hold(PROXY, "")
    await typed.settle(PROXY)
    assert await stored() is None
    assert typed.is_settled


async def test_a_locked_keyring_keeps_nobody_waiting(service: SecretService) -> None:
    """The password holds; once the keyring is open it is stored."""
    typed = another()
    settled: list[FaultKind | None] = []
    typed.on_settled = lambda: settled.append(typed.trouble)
    service.lock()
    typed.hold(PROXY, PASSWORD)
    assert await kind_of(typed.settle(PROXY)) is FaultKind.KEYRING_LOCKED
    assert await typed.complete(PROXY) == COMPLETE
    assert await kind_of(another().complete(PROXY)) is FaultKind.PROXY_PASSWORD

    service.unlock()
    await typed.settle(PROXY)
    assert settled == [FaultKind.KEYRING_LOCKED, None]
    assert await another().complete(PROXY) == COMPLETE


async def test_a_keyring_that_is_gone(service: SecretService) -> None:
    typed = another()
    service.stop_keyring()
    typed.hold(PROXY, PASSWORD)
    assert await kind_of(typed.settle(PROXY)) in (
        FaultKind.KEYRING_MISSING,
        FaultKind.KEYRING_FAILED,
    )
    assert typed.trouble is not None
    assert await typed.complete(PROXY) == COMPLETE
    assert await kind_of(another().complete(PROXY)) is FaultKind.PROXY_PASSWORD


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"proxy": 1}'])
async def test_what_somebody_else_wrote_there(service: SecretService, text: str) -> None:
    """It is nobody's password, and goes with the next change."""
    await KeyringText("tidegauge://network", "proxy").write(text)
    assert await another().complete(PROXY) == PROXY.replace("ann@", "ann:@")
    await another().settle("none")
    assert await stored() is None


async def test_an_entry_that_is_damaged(service: SecretService) -> None:
    service.put(
        "damaged",
        "tidegauge1 1 0 " + "0" * 64 + " x",
        {"username": "network/proxy/a0", "service": "Tidegauge"},
    )
    assert await another().complete(PROXY) == PROXY.replace("ann@", "ann:@")
    await another().settle("none")


async def test_a_refused_one_is_read_again(service: SecretService) -> None:
    """Another process may have stored another one since; what was just typed stays."""
    reading, typing = another(), another()
    typing.hold(PROXY, "first password")
    await typing.settle(PROXY)
    assert "first" in await reading.complete(PROXY)
    typing.hold(PROXY, "second password")
    await typing.settle(PROXY)
    assert "first" in await reading.complete(PROXY)
    reading.note_refused()
    assert "second" in await reading.complete(PROXY)

    reading.hold(PROXY, "third password")
    reading.note_refused()
    assert "third" in await reading.complete(PROXY)


async def test_another_keyring_than_the_one_that_was_written_to(
    service: SecretService, tmp_path: Path
) -> None:
    """F-T19: named, instead of a proxy that suddenly wants a sign-in."""
    memory = PrivateNames(tmp_path / "keyring.json")
    memory.put("network/proxy", "keepassxc")
    assert (
        await kind_of(ProxyPassword(keyring_entry(memory)).complete(PROXY))
        is FaultKind.PROXY_PASSWORD
    )


async def test_without_a_keyring_by_choice() -> None:
    """The demo and most tests."""
    memory = ProxyPassword()
    memory.hold(PROXY, PASSWORD)
    await memory.settle(PROXY)
    assert memory.is_settled
    assert await memory.complete(PROXY) == COMPLETE
    await memory.settle("none")
    assert await memory.complete(PROXY) == PROXY.replace("ann@", "ann:@")
