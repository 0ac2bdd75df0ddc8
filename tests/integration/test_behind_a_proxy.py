"""The whole of a day behind a proxy that signs people in and a company's own authority."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from support.proxy_server import ProxyServer
from support.signed_in import tokens_from
from support.tls_front import tls_front

from app.auth.memory_safe import MemorySafe
from app.chat.backend import AnswerRequest
from app.chat.events import AnswerCompleted, TextDelta
from app.endpoints import Endpoints
from app.paths import Paths
from app.program import open_program
from app.settings import Settings
from app.simulator.server import Simulator
from app.surroundings import Surroundings

HOST = "service.invalid"


@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_numbers_answers_and_refreshes(
    kind: str, simulator: Simulator, private_home: Path, tmp_path: Path
) -> None:
    """T-22, T-36, T-39: nothing of it goes around the proxy."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    with (
        tls_front(tls, urlsplit(simulator.url).port or 0) as front,
        ProxyServer({HOST: front}, user="ann", password="p@ss word") as proxy,
    ):
        surroundings = Surroundings(
            paths=Paths.below(private_home),
            settings=Settings(proxy=proxy.address(kind, "ann"), ca_file=str(tmp_path / "own.pem")),
            endpoints=Endpoints(f"https://{HOST}", f"https://{HOST}"),
            safe=MemorySafe(),
        )
        surroundings.proxy_password.hold(surroundings.settings.proxy, "p@ss word")
        async with open_program(surroundings) as program:
            await program.accounts.adopt(tokens_from(simulator, datetime.now(UTC)))
            snapshot = await program.usage.fetch()
            simulator.expire_access_tokens()
            again = await program.usage.fetch()
            models = await program.chat.models()
            asked = AnswerRequest("conversation", "How are you?", models[0])
            events = [event async for event in program.chat.answer(asked)]
    assert snapshot.limits
    assert again.limits
    assert any(isinstance(event, TextDelta) for event in events)
    assert isinstance(events[-1], AnswerCompleted)
    assert set(proxy.asked) == {f"{HOST}:443"}
    assert set(proxy.given) == {("ann", "p@ss word")}
