"""Figure 9: forged callbacks are refused, all of them, and the good login right after works.

`TIDEGAUGE_FORGERIES` sets how many mutations go over real sockets; tests/README.md names the
full run.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import subprocess
import time
from collections.abc import Awaitable, Callable

import pytest
from support.attacked_sign_in import Attack, Victim, send_all
from support.forged_callbacks import CODE, PERFECT_BROWSER, Target, forgeries, mutations
from support.raw_http import status_of

from app.auth.sign_in import sign_in_with_browser
from app.endpoints import Endpoints
from app.http_client import HttpClient
from app.simulator.accounts import ANN
from app.simulator.server import Simulator

FORGERIES = int(os.environ.get("TIDEGAUGE_FORGERIES", "2000"))
FLOOD = 5000  # connections, T-11
NOBODY = 65534
# Not Python: another user may not be able to read this one.
_SEND = "exec 3<>/dev/tcp/127.0.0.1/$0; cat >&3; cat <&3"

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can start a program as another user",
)


AttackedSignIn = Callable[[Attack], Awaitable[float]]


@pytest.fixture
def attacked_sign_in(
    simulator: Simulator, http: HttpClient, endpoints: Endpoints
) -> AttackedSignIn:
    """Runs a sign-in under attack to its good end; seconds from the person's decision to tokens."""

    async def run(attack: Attack) -> float:
        victim = Victim(attack)
        tokens = await sign_in_with_browser(
            http, endpoints, victim.open, ports=(0,), deadline_s=3600
        )
        took = time.monotonic() - victim.begun
        assert tokens.account.email == ANN.email
        (posted,) = simulator.requests_to("/oauth/token", "POST")
        assert posted.form()["code"] != CODE
        return took

    return run


async def test_forgeries_written_by_hand_change_nothing(attacked_sign_in: AttackedSignIn) -> None:
    """T-03…T-08, T-10, T-11, T-15, figure 9: 34 classes, over both families."""
    counts: list[int] = []

    async def attack(target: Target) -> None:
        forged = [raw for _, raw in forgeries(target)]
        assert await send_all(target.port, forged) == []
        counts.append(len(forged))

    took = await attacked_sign_in(attack)
    print(f"{sum(counts)} written by hand, 0 accepted; the login after them: {took:.2f} s")


async def test_mutated_callbacks_change_nothing(attacked_sign_in: AttackedSignIn) -> None:
    """T-11, figure 9: nothing ends, nothing is exchanged, and the good login comes through."""
    begun = time.monotonic()
    seeds = iter((8, 9))

    async def attack(target: Target) -> None:
        forged = mutations(target, FORGERIES // 2, next(seeds))
        assert await send_all(target.port, forged) == []

    took = await attacked_sign_in(attack)
    all_s = time.monotonic() - begun
    print(f"{FORGERIES} mutations, 0 accepted; all {all_s:.0f} s, the login after: {took:.2f} s")


async def test_a_flood_of_connections_keeps_nobody_out(attacked_sign_in: AttackedSignIn) -> None:
    """T-11: five thousand unfinished requests, none of them ended by its sender."""

    async def attack(target: Target) -> None:
        unfinished = target.request()[:-1]
        address = ("127.0.0.1", target.port)
        loop = asyncio.get_running_loop()
        for _ in range(FLOOD // 100):
            batch = [socket.socket() for _ in range(100)]
            try:
                for sock in batch:
                    sock.setblocking(False)
                    await loop.sock_connect(sock, address)
                    await loop.sock_sendall(sock, unfinished)
            finally:
                for sock in batch:
                    sock.close()

    took = await attacked_sign_in(attack)
    print(f"{2 * FLOOD} connections; the login after them: {took:.2f} s")


@as_root
async def test_another_user_gets_nothing_with_a_perfect_callback(
    attacked_sign_in: AttackedSignIn,
) -> None:
    """T-02, figure 9: 403 before anything is read, whether or not the start page was used."""
    replies: list[bytes] = []

    async def attack(target: Target) -> None:
        for raw in (target.request(None, *PERFECT_BROWSER), target.request(target.start)):
            replies.append(await asyncio.to_thread(as_nobody, target.port, raw))

    await attacked_sign_in(attack)
    assert [status_of(reply) for reply in replies] == [403] * 4


@as_root
async def test_another_user_who_hangs_up_at_once_gets_nothing(
    attacked_sign_in: AttackedSignIn,
) -> None:
    """T-02: a reset connection's request can still be read, but its owner is gone."""

    async def attack(target: Target) -> None:
        for raw in (target.request(target.start, cookie=None), target.request()):
            with socket.create_connection(("127.0.0.1", target.port)) as stranger:
                os.fchown(stranger.fileno(), NOBODY, NOBODY)
                stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                stranger.sendall(raw)

    await attacked_sign_in(attack)


def as_nobody(port: int, raw: bytes) -> bytes:
    """The reply to `raw` when another user of the machine sends it."""
    other = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    sent = subprocess.run(
        [*other, "bash", "-c", _SEND, str(port)],
        input=raw,
        capture_output=True,
        cwd="/",
        timeout=30,
        check=True,
    )
    return sent.stdout
