"""Figure 10: a real Chromium with a hostile page in it, while the program waits for a sign-in."""

from __future__ import annotations

import http.client
import sqlite3
import time
from contextlib import closing
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from selenium.webdriver.common.by import By
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.hostile_page import HostileSite
from support.running_program import (
    ProcessWatch,
    RunningProgram,
    opened_arguments,
    running_program,
)
from support.session_keyring import stored_secrets
from support.web_browser import (
    become_system_browser,
    decide,
    has_chromium,
    opened_browser,
    profile_of,
    web_browser,
)

from app.simulator.server import Simulator

pytestmark = [
    pytest.mark.xdist_group("callback-port"),
    pytest.mark.skipif(not has_chromium(), reason="Chromium is a snap here, which needs systemd"),
]
# What every browser of today lets a page do; Chromium may refuse some of the others by itself.
CERTAIN = {
    *("fetch", "fetch-no-cors", "fetch-post", "xhr", "img", "iframe", "object", "form-get"),
    *("form-post", "window-open", "prefetch", "preload", "stylesheet", "css-import", "script"),
    *("websocket", "eventsource", "beacon", "ping", "worker", "service-worker"),
    *("location", "redirect", "refresh", "form-post-top"),
}
END_OF_CHAIN = 0x20000000  # ui::PAGE_TRANSITION_CHAIN_END


def waiting_for_sign_in(program: RunningProgram) -> None:
    program.wait_for_tooltip("Not signed in")
    program.tray.click("Sign in")
    program.windows.press_button("Use my browser")


def test_a_hostile_page_changes_nothing(simulator: Simulator) -> None:
    """T-04, T-06, T-07, T-12, figure 10: from two origins, before and after the start page."""
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator) as program,
        HostileSite() as site,
        web_browser(session) as browser,
    ):
        waiting_for_sign_in(program)
        start = opened_arguments(session, 60)[-1]
        listener = "http://{0.hostname}:{0.port}".format(urlsplit(start))
        for _ in range(3):  # a busy machine may be too slow for some of them once
            site.attack(browser, "127.0.0.1", site.at("localhost"))
            if site.arrived >= CERTAIN:
                break
        assert site.arrived >= CERTAIN
        site.attack(browser, "127.0.0.1", listener)  # nobody has the cookie yet
        browser.get(start)
        sign_in_page = browser.current_window_handle
        for host in ("127.0.0.1", "localhost"):  # from another site; from this one, with the cookie
            browser.switch_to.new_window("tab")
            fired = site.attack(browser, host, listener)
            assert len(fired) >= 12
        assert simulator.requests_to("/oauth/token") == []
        assert stored_secrets(session) == []
        browser.switch_to.window(sign_in_page)
        begun = time.monotonic()
        assert "Signed in" in decide(browser, "ann")
        took = time.monotonic() - begun
        program.windows.press_button("Use this account")
        program.wait_for_tooltip("5-hour: 86 % used")
        assert len(simulator.requests_to("/oauth/token", "POST")) == 1
        program.quit()
    print(f"{len(fired)} vectors, 0 changed anything; the login after them: {took:.2f} s")


def test_what_a_browser_is_told_and_what_it_keeps(simulator: Simulator) -> None:
    """T-03, T-13: the arguments of every process of Chromium, and its history.

    The sign-in ends well in the browser the program itself has opened, so the start page's
    cookie came back with the redirect from another site (`SameSite=Lax`).
    """
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator) as program,
        ProcessWatch(program.process.pid) as watch,
    ):
        become_system_browser(session)
        waiting_for_sign_in(program)
        with opened_browser(session) as browser:
            assert "Signed in" in decide(browser, "ann")
            assert urlsplit(browser.current_url).query == ""
            assert browser.find_elements(By.TAG_NAME, "script") == []
            program.windows.press_button("Use this account")
            program.wait_for_tooltip("5-hour: 86 % used")
        wait_until(lambda: b"--type=renderer" in watch.seen, 10, "Chromium's processes")
        seen, secrets = watch.seen, secrets_of(session, simulator)
        kept, shown = history(session)
        program.quit()
    for name, secret in secrets.items():
        assert secret.encode() not in seen, name
    for name in ("refresh token", "access token", "code verifier"):
        assert secrets[name] not in kept, name
    # Chromium notes each step of a redirect, whatever its status, and shows the last one only.
    assert secrets["code"] not in shown
    assert is_spent(simulator, secrets)


def secrets_of(session: DesktopSession, simulator: Simulator) -> dict[str, str]:
    (request,) = simulator.requests_to("/oauth/authorize", "GET")
    (exchange,) = simulator.requests_to("/oauth/token", "POST")
    query, form = parse_qs(request.query), exchange.form()
    kept = "".join(entry["secret"] for entry in stored_secrets(session))
    return {
        "state": query["state"][0],
        "code challenge": query["code_challenge"][0],
        "code": form["code"],
        "code verifier": form["code_verifier"],
        "refresh token": kept.split('"refresh_token":"')[1].split('"')[0],
        "access token": kept.split('"access_token":"')[1].split('"')[0],
    }


def history(session: DesktopSession) -> tuple[str, str]:
    """All addresses that Chromium's history holds, and those that it shows to a person."""
    path = profile_of(session) / "Default" / "History"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        kept = database.execute("SELECT url FROM urls").fetchall()
        shown = database.execute(
            "SELECT urls.url FROM urls JOIN visits ON visits.url = urls.id WHERE transition & ?",
            (END_OF_CHAIN,),
        ).fetchall()
    assert any(url.endswith("/signed-in") for (url,) in shown)
    return "\n".join(url for (url,) in kept), "\n".join(url for (url,) in shown)


def is_spent(simulator: Simulator, secrets: dict[str, str]) -> bool:
    """Whether the code is worth nothing any more, even with the verifier."""
    (exchange,) = simulator.requests_to("/oauth/token", "POST")
    connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/oauth/token", urlencode(exchange.form()), kind)
    status = connection.getresponse().status
    connection.close()
    return secrets["code"] == exchange.form()["code"] and status == 400
