"""A bundle that was made: what is in it, and that it runs as the program does from source.

    TIDEGAUGE_BUNDLE=dist/tidegauge python3 packaging/dev.py test tests/packaging/test_bundle.py

Making one takes a minute, so that the gate does without; the build workflow runs it on its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lock_file import normal, read_lock
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import environment_of
from support.session_keyring import store_sign_in
from support.tray_host import TrayReader
from support.window_process import (
    LIMIT_S,
    family_of,
    may_use_sandbox,
    renderers_of,
    shown_window,
)

import app
from app.embedded_window import Opening
from app.simulator.server import Simulator

CHECKOUT = Path(__file__).resolve().parents[2]
VARIABLE = "TIDEGAUGE_BUNDLE"
NAME = "tidegauge.exe" if sys.platform == "win32" else "tidegauge"
ENGINE = "WebEngine"
# Under the GPL alone, or of a tool: nothing an MIT program may or need pass on.
NEVER = re.compile(
    r"Qt6?(Charts|Graphs|DataVisualization|VirtualKeyboard|NetworkAuth|HttpServer|Quick3D|ShaderTools)"
    r"|libreadline|libgdbm|/(PIL|hypothesis|pytest|mypy|chardet|setuptools|pip)(/|$)",
    re.IGNORECASE,
)

pytestmark = [
    pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} names no bundle"),
    pytest.mark.xdist_group("bundle"),
]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture(scope="module")
def bundle() -> Path:
    return (CHECKOUT / os.environ[VARIABLE]).resolve()


@pytest.fixture(scope="module")
def names(bundle: Path) -> list[str]:
    """Every file of it, as `/a/b`."""
    return ["/" + path.relative_to(bundle).as_posix() for path in bundle.rglob("*")]


@pytest.fixture(scope="module")
def licences(bundle: Path) -> Path:
    return bundle / "_internal" / "licences"


def test_it_holds_nothing_it_must_not_or_need_not(names: list[str]) -> None:
    assert not [name for name in names if NEVER.search(name)]


def test_it_holds_the_packages_of_the_lock_and_no_other(names: list[str]) -> None:
    locked = {normal(one.name): one for one in read_lock(CHECKOUT / "requirements" / "run.txt")}
    found = (re.match(r"/_internal/([^/]+)-([^-/]+)\.dist-info$", name) for name in names)
    packages = {normal(match[1]) for match in found if match}

    assert packages <= set(locked)
    assert {name for name, one in locked.items() if not one.marker} <= packages


def test_every_licence_is_in_it(licences: Path) -> None:
    for name, words in {
        "Tidegauge.txt": "MIT License",
        "LGPL-3.0.txt": "GNU LESSER GENERAL PUBLIC LICENSE",
        "GPL-3.0.txt": "GNU GENERAL PUBLIC LICENSE",
        "Qt.txt": "You may replace them",
        "Python.txt": "PYTHON SOFTWARE FOUNDATION LICENSE",
        "chromium.txt": "BoringSSL",
        "qt-third-parties.txt": "zlib",
    }.items():
        assert words in (licences / name).read_text("utf-8"), name
    packages = (licences / "third-party-licences.txt").read_text("utf-8")
    for one in read_lock(CHECKOUT / "requirements" / "run.txt"):
        assert re.search(
            rf"(?im)^{one.name.replace('-', '[-_.]')} {re.escape(one.version)}", packages
        )


@linux_only
def test_every_library_of_the_system_is_named_with_its_licence(
    bundle: Path, licences: Path
) -> None:
    index = json.loads((licences / "system-libraries.json").read_text("utf-8"))
    told = {name for one in index.values() for name in one["files"]}
    own = re.compile(r"lib(Qt6|pyside6|shiboken6|python3|icu)")
    there = {p.name for p in (bundle / "_internal").glob("lib*.so*") if not own.match(p.name)}

    assert there <= told
    assert {path.stem for path in (licences / "system").iterdir()} == set(index)


@linux_only
def test_qt_is_made_of_shared_libraries_that_can_be_replaced(bundle: Path) -> None:
    """LGPL-3.0, 4 d 1."""
    folder = bundle / "_internal" / "PySide6"
    for name in ("libQt6Core.so.6", "libQt6Gui.so.6", "libQt6Widgets.so.6"):
        library = folder / "Qt" / "lib" / name
        assert library.is_file()
        assert (bundle / "_internal" / name).resolve() == library
    assert not [path for path in bundle.rglob("*") if path.is_symlink() and not path.exists()]


def test_it_tells_its_version_and_reads_the_stand_in_service(bundle: Path) -> None:
    told = subprocess.run(
        [bundle / NAME, "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    read = subprocess.run(
        [bundle / NAME, "--demo", "status", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert app.VERSION in told.stdout
    assert json.loads(read.stdout)["windows"]


@pytest.fixture
def desktop() -> Iterator[DesktopSession]:
    with desktop_session("double", keyring=True) as session:
        yield session


@linux_only
def test_it_sits_in_the_tray_without_the_browser_engine(
    bundle: Path, desktop: DesktopSession
) -> None:
    """Signed in and polling, as /proc tells it: no mapping, no open file, no process of it."""
    with Simulator("demo") as simulator:
        store_sign_in(desktop, simulator)
        environment = {**desktop.env, **environment_of(desktop, simulator)}
        process = desktop.start([str(bundle / NAME)], log="bundle", cwd="/", env=environment)
        tray = TrayReader(desktop.bus_address)
        tray.wait_for(lambda: "%" in tray.tooltip(), 30, "numbers from the service")

        family = family_of(process.pid)
        mapped = Path(f"/proc/{process.pid}/maps").read_text()
        assert str(bundle / "_internal" / "PySide6" / "Qt" / "lib" / "libQt6Core") in mapped
        assert str(CHECKOUT / ".venv") not in mapped
        for pid in family:
            assert ENGINE not in Path(f"/proc/{pid}/maps").read_text()
            assert ENGINE not in Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        tray.click("Quit")
        tray.close()

        assert process.wait(10) == 0
        assert desktop.log("bundle") == ""


@linux_only
@pytest.mark.skipif(not may_use_sandbox(), reason="Chromium's sandbox is not possible here")
def test_its_sign_in_window_is_a_process_of_its_own_in_the_sandbox(
    bundle: Path, desktop: DesktopSession
) -> None:
    """T-19. The engine is in the bundle, and only this process loads it."""
    opening = Opening("http://127.0.0.1:9/", "http://localhost:1455/auth/callback")
    command = [str(bundle / NAME), app.SIGN_IN_WINDOW_OPTION]
    with shown_window(desktop, opening, command=command) as window:
        wait_until(lambda: renderers_of(window.process.pid), LIMIT_S, "a renderer")
        (renderer, *_) = renderers_of(window.process.pid)
        status = Path(f"/proc/{renderer}/status").read_text()
        assert ENGINE in Path(f"/proc/{window.process.pid}/maps").read_text()
        assert "Seccomp:\t2" in status
        assert window.process.stdin is not None
        window.process.stdin.close()
        started = time.monotonic()
        window.process.wait(LIMIT_S)
        assert time.monotonic() - started < LIMIT_S
