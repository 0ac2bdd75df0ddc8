"""The program without Qt: what it is made of, signing in, and what it leaves behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from support.person import Browser, FailingVault, OneVaultSafe

from app import VERSION
from app.auth.browser import open_in_browser
from app.auth.client_profiles import DONE_HUB, profile_from
from app.auth.safe import KeyringSafe
from app.auth.tokens import Account
from app.auth.vault import MemoryVault
from app.auth.ways import SignInProgress, Stage, Way
from app.catalogues import load_catalogue
from app.endpoints import DEFAULT_AUTH_URL, DEFAULT_BACKEND_URL, Endpoints
from app.errors import AppError, FaultKind
from app.paths import Paths
from app.program import Person, Program, Surroundings, open_program, real_surroundings
from app.settings import Settings
from app.simulator.accounts import ANN, BO
from app.simulator.server import Simulator
from app.wording import language

ROOT = Path(__file__).parents[2]


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def vault() -> FailingVault:
    return FailingVault()


@pytest.fixture
def surroundings(
    simulator: Simulator, private_home: Path, browser: Browser, vault: FailingVault
) -> Surroundings:
    return Surroundings(
        paths=Paths.below(private_home),
        settings=Settings(proxy="none"),
        endpoints=Endpoints(simulator.url, simulator.url),
        safe=OneVaultSafe(vault),
        open_url=browser.open,
        callback_ports=(0,),
        signs_in_by_itself=True,
    )


@pytest.fixture
def program(surroundings: Surroundings) -> AbstractAsyncContextManager[Program]:
    return open_program(surroundings)


@pytest.fixture
def in_chinese() -> Iterator[None]:
    language.use(load_catalogue("zh_CN"), "zh_CN")
    yield
    language.use(load_catalogue("en"), "en")


async def sign_in(running: Program, person: Person | None = None) -> Account:
    return await running.sign_in(running.wish(Settings()), person or Person())


# --- what it is made of -------------------------------------------------------------------------


def test_the_real_program_has_the_users_keyring_browser_and_service(private_home: Path) -> None:
    surroundings = real_surroundings({}, Paths.below(private_home), Settings())
    assert surroundings.endpoints == Endpoints(DEFAULT_AUTH_URL, DEFAULT_BACKEND_URL)
    assert isinstance(surroundings.safe, KeyringSafe)
    assert surroundings.open_url is open_in_browser
    assert surroundings.callback_ports == (1455, 1457)
    assert not surroundings.signs_in_by_itself


def test_an_address_that_is_not_safe_ends_the_start(private_home: Path) -> None:
    environment = {"TIDEGAUGE_AUTH_URL": "http://example.invalid"}
    with pytest.raises(AppError) as caught:
        real_surroundings(environment, Paths.below(private_home), Settings())
    assert caught.value.fault.kind is FaultKind.CONFIGURATION


def test_making_it_touches_neither_disk_nor_network(
    surroundings: Surroundings, simulator: Simulator, private_home: Path
) -> None:
    surroundings = replace(surroundings, paths=Paths.below(private_home / "none"))
    Program(surroundings)
    assert simulator.requests == []
    assert not (private_home / "none").exists()


def test_it_is_imported_without_qt() -> None:
    script = (
        "import sys, app.program, app.intents, app.demo; "
        "sys.exit(len({'PySide6', 'qasync'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


# --- signing in ---------------------------------------------------------------------------------


async def test_tokens_are_stored_before_a_sign_in_is_over(
    program: AbstractAsyncContextManager[Program], vault: FailingVault, browser: Browser
) -> None:
    told: list[SignInProgress] = []
    async with program as running:
        account = await sign_in(running, Person(told.append))
        assert account == running.session.account
        assert account.email == ANN.email
        stored = await MemoryVault.load(vault)
        assert stored is not None
        assert stored.account == account
    assert [progress.stage for progress in told] == [Stage.WAITING, Stage.CHECKING]
    assert [progress.address for progress in told] == [*browser.opened, ""]


async def test_the_last_page_in_the_browser_speaks_the_language_in_force(
    program: AbstractAsyncContextManager[Program], browser: Browser, in_chinese: None
) -> None:
    async with program as running:
        await sign_in(running)
    (page,) = browser.pages
    assert page.status == 200
    assert 'lang="zh' in page.text
    assert "登录" in page.text


async def test_another_way_to_open_the_address_can_be_given(
    program: AbstractAsyncContextManager[Program], browser: Browser
) -> None:
    other = Browser()
    async with program as running:
        await sign_in(running, Person(open_url=other.open))
    assert other.opened
    assert browser.opened == []


async def test_a_denied_sign_in_stores_nothing(
    program: AbstractAsyncContextManager[Program], browser: Browser, vault: FailingVault
) -> None:
    browser.decision = "deny"
    async with program as running:
        with pytest.raises(AppError) as caught:
            await sign_in(running)
        assert caught.value.fault.kind is FaultKind.SIGN_IN_DENIED
        assert running.session.account is None
    assert vault.stores == 0


async def test_nobody_replaces_an_account_unasked(
    program: AbstractAsyncContextManager[Program], browser: Browser, simulator: Simulator
) -> None:
    """T-16: and what was issued to somebody else is revoked."""
    async with program as running:
        await sign_in(running)
        browser.account = BO
        with pytest.raises(AppError) as caught:
            await sign_in(running)
        assert caught.value.fault.kind is FaultKind.SIGN_IN_CANCELLED
        assert running.session.account is not None
        assert running.session.account.email == ANN.email
        await running.end_unused_sessions()
        assert len(simulator.requests_to("/oauth/revoke")) == 1
        await running.usage.fetch()


async def test_without_anybody_to_paste_an_address_there_is_no_such_sign_in(
    program: AbstractAsyncContextManager[Program],
) -> None:
    async with program as running:
        with pytest.raises(AppError) as caught:
            await running.sign_in(running.wish(Settings(), Way.PASTE))
    assert caught.value.fault.kind is FaultKind.SIGN_IN_CANCELLED


@pytest.mark.parametrize(("setting", "variable"), [("done-hub", ""), ("codex", "done-hub")])
async def test_the_client_of_the_notes_signs_in_and_refreshes_as_itself(
    surroundings: Surroundings, simulator: Simulator, setting: str, variable: str
) -> None:
    """Form-encoded, at the issuer that issued: the override decides where that is."""
    client = profile_from({"TIDEGAUGE_CLIENT_PROFILE": variable})
    settings = replace(surroundings.settings, client_profile=setting)
    async with open_program(replace(surroundings, client=client, settings=settings)) as running:
        await running.sign_in(running.wish(settings))
        # The setting may change meanwhile: a stored sign-in keeps its own client.
        await running.session.refresh_after_refusal(await running.session.access_token())
    (authorize,) = simulator.requests_to("/oauth/authorize", "GET")
    exchange, refresh = simulator.requests_to("/oauth/token")
    assert f"client_id={DONE_HUB.client_id}" in authorize.query
    assert exchange.form()["client_id"] == DONE_HUB.client_id
    assert refresh.header("content-type") == "application/x-www-form-urlencoded"
    sent = refresh.form()
    assert set(sent) == {"grant_type", "client_id", "refresh_token"}
    assert sent["client_id"] == DONE_HUB.client_id


async def test_after_the_first_sign_in_the_person_acts(
    program: AbstractAsyncContextManager[Program],
) -> None:
    async with program as running:
        running.after_first_sign_in()
        assert running.surroundings.open_url is open_in_browser
        assert not running.surroundings.signs_in_by_itself


# --- what the service sees ----------------------------------------------------------------------


async def test_requests_carry_our_name_and_the_account(
    program: AbstractAsyncContextManager[Program], simulator: Simulator
) -> None:
    async with program as running:
        await sign_in(running)
        await running.usage.fetch()
    (poll,) = simulator.requests_to("/backend-api/wham/usage")
    assert poll.header("user-agent") == f"tidegauge/{VERSION}"
    assert poll.header("chatgpt-account-id") == ANN.account_id
    assert str(poll.header("authorization")).startswith("Bearer ")


async def test_the_connections_are_closed_at_the_end_even_after_a_crash(
    program: AbstractAsyncContextManager[Program], simulator: Simulator
) -> None:
    port = urlsplit(simulator.url).port

    def connected() -> bool:
        connections = psutil.Process().net_connections("tcp")
        ours = [one for one in connections if one.raddr and one.raddr[1] == port]
        return any(one.status == psutil.CONN_ESTABLISHED for one in ours)

    async def use_and_crash() -> None:
        async with program as running:
            await sign_in(running)
            await running.usage.fetch()
            assert connected()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await use_and_crash()
    assert not connected()
