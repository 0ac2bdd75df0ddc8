"""A real browser under a driver: Chromium where it is a plain package, else WebKitGTK.

    with browser(display=":99", home=tmp_path) as window:
        window.get("http://127.0.0.1:…")

Needs an X display. The drivers come from the distribution; nothing is downloaded.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

_DRIVERS = ("chromedriver", "WebKitWebDriver")


def _driver() -> str:
    """The first driver that is a program; Ubuntu's chromedriver is a script that wants a snap."""
    found = [path for name in _DRIVERS if (path := shutil.which(name))]
    for path in found:
        with Path(path).open("rb") as program:
            if program.read(4) == b"\x7fELF":
                return path
    message = f"none of {_DRIVERS} is installed"
    raise FileNotFoundError(message)


@contextmanager
def browser(display: str, home: Path) -> Iterator[WebDriver]:
    """A browser window on `display`, with its profile below `home`; closed at the end."""
    driver = _driver()
    environment = {**os.environ, "DISPLAY": display, "HOME": str(home)}
    window = (
        _chromium(driver, environment, home)
        if driver.endswith("chromedriver")
        else _webkit(driver, environment)
    )
    try:
        window.set_page_load_timeout(30)
        yield window
    finally:
        window.quit()


def _chromium(driver: str, environment: dict[str, str], home: Path) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in (
        "--no-sandbox",  # tests may run as root; the one page shown is our own
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-proxy-server",
        f"--user-data-dir={home / 'browser'}",
    ):
        options.add_argument(argument)
    service = webdriver.ChromeService(executable_path=driver, env=environment)
    return webdriver.Chrome(options=options, service=service)


def _webkit(driver: str, environment: dict[str, str]) -> WebDriver:
    options = webdriver.WebKitGTKOptions()
    service = webdriver.WebKitGTKService(executable_path=driver, env=environment)
    return webdriver.WebKitGTK(options=options, service=service)
