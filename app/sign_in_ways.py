"""Runs a sign-in the way the person chose, and tells how far it has come.

Each way's module knows its own protocol; here they are given what they need and speak with one
voice. A way's module is imported when it is chosen: most runs of the program sign nobody in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from app.auth.tokens import TokenSet
from app.auth.ways import SignInProgress, SignInWish, Stage, Way
from app.clocks import wall
from app.endpoints import Endpoints
from app.errors import FaultKind, fail
from app.proxies import read_proxy
from app.transport import Transport
from app.values import dataclass

if TYPE_CHECKING:
    from app.auth.callback_pages import Pages
    from app.auth.device import DeviceCode
    from app.wording.pages import PageWords

OnProgress = Callable[[SignInProgress], None]


async def _straight() -> tuple[str, str]:
    return "none", ""


@dataclass(frozen=True, slots=True)
class Doors:
    """What lies outside: the browser, the ports a browser returns to, and what is pasted.

    `way`: the proxy, complete, and the file of authorities, see `ClientSource.way`.
    """

    open_url: Callable[[str], Awaitable[bool]]
    pasted: Callable[[], Awaitable[str]]
    ports: Sequence[int]
    colour_scheme: str = "system"
    way: Callable[[], Awaitable[tuple[str, str]]] = _straight  # for the embedded window


class SignInRun:
    """One sign-in, from the wish to the tokens; storing them is the caller's affair."""

    def __init__(
        self,
        transport: Transport,
        endpoints: Endpoints,
        wish: SignInWish,
        doors: Doors,
        on_progress: OnProgress,
    ) -> None:
        self._transport = transport
        self._endpoints = endpoints
        self._wish = wish
        self._doors = doors
        self._on_progress = on_progress
        self._progress = SignInProgress(wish.way)

    async def tokens(self) -> TokenSet:
        """Raises the `AppError` of the way."""
        way = self._wish.way
        match way:
            case Way.HERE:
                return await self._here()
            case Way.BROWSER:
                return await self._in_browser()
            case Way.DEVICE:
                return await self._on_device()
            case Way.PASTE:
                return await self._pasting()
            case Way.CODEX:
                raise fail(FaultKind.SIGN_IN_FAILED, "the Codex CLI's login has no tokens for us")
            case _:
                assert_never(way)

    async def _here(self) -> TokenSet:
        from app.auth.embedded_sign_in import UseBrowserInstead, sign_in_embedded  # noqa: PLC0415
        from app.auth.sign_in import DEADLINE_S  # noqa: PLC0415
        from app.wording.sign_in_window import window_words  # noqa: PLC0415

        proxy, ca_file = await self._doors.way()
        _check_window_can_use(proxy)
        try:
            return await sign_in_embedded(
                self._transport,
                self._endpoints,
                window_words=window_words(),
                colour_scheme=self._doors.colour_scheme,
                contrast=self._wish.contrast,
                proxy=proxy,
                ca_file=ca_file,
                redirect_host=self._wish.redirect_host,
                on_waiting=lambda address: self._wait_at(address, DEADLINE_S),
                client=self._wish.client,
            )
        except UseBrowserInstead:
            self._progress = SignInProgress(Way.BROWSER)
            self._tell(Stage.STARTING)
        return await self._in_browser()

    async def _in_browser(self) -> TokenSet:
        from app.auth.sign_in import DEADLINE_S, sign_in_with_browser  # noqa: PLC0415

        return await sign_in_with_browser(
            self._transport,
            self._endpoints,
            self._doors.open_url,
            redirect_host=self._wish.redirect_host,
            ports=self._doors.ports,
            on_waiting=lambda address: self._wait_at(address, DEADLINE_S),
            on_answered=self._check,
            pages=_pages(),
            client=self._wish.client,
            asks_account=self._wish.asks_account,
        )

    async def _on_device(self) -> TokenSet:
        from app.auth.device_sign_in import sign_in_with_device_code  # noqa: PLC0415

        def show(code: DeviceCode) -> None:
            self._wait_at(code.address, code.lasts_s, code.user_code)

        return await sign_in_with_device_code(
            self._transport,
            self._endpoints,
            on_code=show,
            on_approved=self._check,
            client=self._wish.client,
        )

    async def _pasting(self) -> TokenSet:
        from app.auth.paste_sign_in import DEADLINE_S, sign_in_with_pasted_address  # noqa: PLC0415

        return await sign_in_with_pasted_address(
            self._transport,
            self._endpoints,
            self._doors.pasted,
            on_waiting=lambda address: self._wait_at(address, DEADLINE_S),
            on_refused=self._refuse,
            on_answered=self._check,
            redirect_host=self._wish.redirect_host,
            client=self._wish.client,
            asks_account=self._wish.asks_account,
        )

    def _wait_at(self, address: str, lasts_s: float, user_code: str = "") -> None:
        self._tell(Stage.WAITING, address=address, user_code=user_code, ends_at=_moment_in(lasts_s))

    def _refuse(self) -> None:
        self._tell(Stage.WAITING, is_refused=True)

    def _check(self) -> None:
        self._progress = SignInProgress(self._progress.way)
        self._tell(Stage.CHECKING)

    def _tell(self, stage: Stage, **changes: object) -> None:
        self._progress = replace(self._progress, stage=stage, **changes)  # type: ignore[arg-type]
        self._on_progress(self._progress)


def _check_window_can_use(proxy: str) -> None:
    """Chromium signs in at an HTTP proxy, and at no SOCKS proxy."""
    if "@" in proxy and read_proxy(proxy).is_socks:
        raise fail(FaultKind.SIGN_IN_WINDOW_FAILED, "the window cannot sign in at a SOCKS proxy")


def _moment_in(seconds: float) -> datetime:
    return wall() + timedelta(seconds=seconds)


def _pages() -> Pages:
    """The pages a browser shows at the end of a sign-in, in the language in force."""
    from app.auth.callback_pages import Pages, page  # noqa: PLC0415
    from app.wording import pages  # noqa: PLC0415

    def body(words: PageWords) -> bytes:
        return page(words.title, words.sentence, words.language)

    return Pages(
        success=body(pages.success()),
        failed=body(pages.failed()),
        denied=body(pages.denied()),
        wrong_request=body(pages.wrong_request()),
        already_answered=body(pages.already_answered()),
    )
