"""A real browser in a desktop session, driven over WebDriver."""

from __future__ import annotations

import os
import shlex
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait
from support.desktop_session import DesktopSession, wait_until

_WAIT_S = 60.0


@contextmanager
def web_browser(session: DesktopSession) -> Iterator[WebDriver]:
    """Chromium, or WebKit's own small browser where Chromium is a snap; a fresh profile."""
    driver = _chromium(session) if has_chromium() else _webkit(session)
    try:
        driver.set_page_load_timeout(_WAIT_S)
        yield driver
    finally:
        driver.quit()


def allow(driver: WebDriver, address: str, account: str) -> str:
    """Open `address`, choose the account on the sign-in page and allow; the last page's text."""
    driver.get(address)
    return decide(driver, account)


def decide(driver: WebDriver, account: str) -> str:
    """Choose the account on the sign-in page that is open, and allow; the last page's text."""
    waiting = WebDriverWait(driver, _WAIT_S)
    waiting.until(lambda d: d.find_elements(By.ID, "allow"))
    driver.find_element(By.CSS_SELECTOR, f'label[for="account-{account}"]').click()
    driver.find_element(By.ID, "allow").click()
    waiting.until(lambda d: not d.find_elements(By.ID, "allow") and "/oauth/" not in d.current_url)
    return driver.find_element(By.TAG_NAME, "body").text


def profile_of(session: DesktopSession) -> Path:
    """Where Chromium keeps what it remembers."""
    return session.folder / "chromium"


def has_chromium() -> bool:
    """False where Chromium is a snap, which needs systemd."""
    return _is_program(shutil.which("chromedriver"))


def become_system_browser(session: DesktopSession) -> None:
    """From now on the program's browser is Chromium: see `opened_browser`."""
    words = [shutil.which("chromium") or "", *_arguments(session), "--remote-debugging-port=0"]
    opener = session.folder / "browser"
    opener.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$1" >/dev/null 2>&1\n')
    opener.chmod(0o700)


@contextmanager
def opened_browser(session: DesktopSession) -> Iterator[WebDriver]:
    """The Chromium that the program has opened; it is closed afterwards."""
    note = profile_of(session) / "DevToolsActivePort"
    wait_until(lambda: note.exists() and "\n" in note.read_text(), _WAIT_S, "Chromium")
    options = webdriver.ChromeOptions()
    options.debugger_address = f"127.0.0.1:{note.read_text().split()[0]}"
    service = webdriver.ChromeService(shutil.which("chromedriver"), env=session.env)
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        with suppress(WebDriverException):  # its answer may be lost with the browser
            driver.execute_cdp_cmd("Browser.close", {})
        lock = profile_of(session) / "SingletonLock"
        wait_until(lambda: not lock.is_symlink(), _WAIT_S, "the end of Chromium")
        service.stop()


def _arguments(session: DesktopSession) -> list[str]:
    arguments = [
        f"--user-data-dir={profile_of(session)}",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--password-store=basic",
        "--window-size=900,700",
    ]
    if os.getuid() == 0:  # Chromium's sandbox refuses to run as root
        arguments.append("--no-sandbox")
    return arguments


def _chromium(session: DesktopSession) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in _arguments(session):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"), env=session.env)
    return webdriver.Chrome(options=options, service=service)


def _webkit(session: DesktopSession) -> WebDriver:
    options = webdriver.WebKitGTKOptions()  # the driver brings a small browser of its own
    service = webdriver.WebKitGTKService(shutil.which("WebKitWebDriver"), env=session.env)
    with warnings.catch_warnings():  # selenium's own, about how it calls itself
        warnings.filterwarnings("ignore", "setting remote_server_addr", DeprecationWarning)
        return webdriver.WebKitGTK(options=options, service=service)


def _is_program(path: str | None) -> bool:
    """False for Ubuntu's chromedriver, a script that only asks for a snap."""
    if path is None:
        return False
    with Path(path).open("rb") as file:
        return file.read(4) == b"\x7fELF"
