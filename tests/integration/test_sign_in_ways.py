"""A sign-in in the window of our own, whose process is played: what comes before and after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from support.person import Browser
from support.signed_in import tokens_from

from app.auth import embedded_sign_in
from app.auth.embedded_sign_in import UseBrowserInstead
from app.auth.tokens import TokenSet
from app.auth.ways import SignInProgress, SignInWish, Stage, Way
from app.clocks import wall
from app.embedded_window import WindowWords
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.sign_in_ways import Doors, SignInRun
from app.simulator.server import Simulator


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="tidegauge-tests/1")
    yield client
    await client.aclose()


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the window is asked for; `outcome` is what it brings."""
    asked: dict[str, Any] = {}

    async def sign_in_embedded(
        *_where: object, on_waiting: Callable[[str], None], **options: Any
    ) -> TokenSet:
        asked.update(options)
        on_waiting("")
        await asyncio.sleep(0)
        outcome = asked["outcome"]
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, TokenSet)
        return outcome

    monkeypatch.setattr(embedded_sign_in, "sign_in_embedded", sign_in_embedded)
    return asked


def run_here(
    http: HttpClient,
    simulator: Simulator,
    told: list[SignInProgress],
    browser: Browser,
    proxy: str = "http://ann:pw@proxy.invalid:8080",
) -> SignInRun:
    async def nothing() -> str:
        raise AssertionError

    async def way() -> tuple[str, str]:
        return proxy, "/own.pem"

    doors = Doors(browser.open, nothing, (0,), "dark", way)
    wish = SignInWish(Way.HERE, "127.0.0.1", contrast="high")
    return SignInRun(http, Endpoints(simulator.url, simulator.url), wish, doors, told.append)


async def test_the_window_is_given_words_colours_and_redirect_host(
    http: HttpClient, simulator: Simulator, window: dict[str, Any]
) -> None:
    told: list[SignInProgress] = []
    window["outcome"] = tokens_from(simulator, wall())
    tokens = await run_here(http, simulator, told, Browser()).tokens()
    assert tokens == window["outcome"]
    assert isinstance(window["window_words"], WindowWords)
    assert (window["colour_scheme"], window["contrast"]) == ("dark", "high")
    assert window["redirect_host"] == "127.0.0.1"
    assert (window["proxy"], window["ca_file"]) == (
        "http://ann:pw@proxy.invalid:8080",
        "/own.pem",
    )
    assert [(p.way, p.stage) for p in told] == [(Way.HERE, Stage.WAITING)]
    assert told[0].ends_at is not None


async def test_the_window_cannot_sign_in_at_a_socks_proxy(
    http: HttpClient, simulator: Simulator, window: dict[str, Any]
) -> None:
    """Chromium cannot; without a sign-in of its own such a proxy is as good as any."""
    with pytest.raises(AppError) as caught:
        await run_here(http, simulator, [], Browser(), "socks5://ann:pw@p:1").tokens()
    assert caught.value.fault.kind is FaultKind.SIGN_IN_WINDOW_FAILED
    assert "SOCKS" in caught.value.fault.detail
    window["outcome"] = tokens_from(simulator, wall())
    await run_here(http, simulator, [], Browser(), "socks5://p:1").tokens()
    assert window["proxy"] == "socks5://p:1"


async def test_use_my_browser_instead_goes_on_in_the_browser(
    http: HttpClient, simulator: Simulator, window: dict[str, Any]
) -> None:
    """A2: what fails in the window, such as a passkey, is one click from the browser."""
    told: list[SignInProgress] = []
    browser = Browser()
    window["outcome"] = UseBrowserInstead()
    tokens = await run_here(http, simulator, told, browser).tokens()
    assert tokens.account.email == browser.account.email
    assert [(p.way, p.stage) for p in told] == [
        (Way.HERE, Stage.WAITING),
        (Way.BROWSER, Stage.STARTING),
        (Way.BROWSER, Stage.WAITING),
        (Way.BROWSER, Stage.CHECKING),
    ]
    assert told[2].address == browser.opened[0]
