"""A real browser in a desktop session, driven over WebDriver."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait
from support.desktop_session import DesktopSession

_WAIT_S = 60.0


@contextmanager
def web_browser(session: DesktopSession) -> Iterator[WebDriver]:
    """Chromium, or WebKit's own small browser where Chromium is a snap; a fresh profile."""
    driver = _chromium(session) if _is_program(shutil.which("chromedriver")) else _webkit(session)
    try:
        driver.set_page_load_timeout(_WAIT_S)
        yield driver
    finally:
        driver.quit()


def allow(driver: WebDriver, address: str, account: str) -> str:
    """Open `address`, choose the account on the sign-in page and allow; the last page's text."""
    driver.get(address)
    waiting = WebDriverWait(driver, _WAIT_S)
    waiting.until(lambda d: d.find_elements(By.ID, "allow"))
    driver.find_element(By.CSS_SELECTOR, f'label[for="account-{account}"]').click()
    driver.find_element(By.ID, "allow").click()
    waiting.until(lambda d: not d.find_elements(By.ID, "allow") and "/oauth/" not in d.current_url)
    return driver.find_element(By.TAG_NAME, "body").text


def _chromium(session: DesktopSession) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in (
        f"--user-data-dir={session.folder / 'chromium'}",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--password-store=basic",
        "--window-size=900,700",
    ):
        options.add_argument(argument)
    if os.getuid() == 0:  # Chromium's sandbox refuses to run as root
        options.add_argument("--no-sandbox")
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
