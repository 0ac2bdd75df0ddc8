"""A bundle that was made: what is in it. `end_to_end/test_bundle.py` looks at it running.

    TIDEGAUGE_BUNDLE=dist/tidegauge python3 packaging/dev.py test tests/packaging/test_bundle.py

Making one takes a minute, so that the gate does without; the build workflow runs it on its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lock_file import normal, read_lock

import app

CHECKOUT = Path(__file__).resolve().parents[2]
VARIABLE = "TIDEGAUGE_BUNDLE"
BUNDLE = os.environ.get(VARIABLE, "")
NAME = "tidegauge.exe" if sys.platform == "win32" else "tidegauge"
# Under the GPL alone, or of a tool: nothing an MIT program may or need pass on.
NEVER = re.compile(
    r"Qt6?(Charts|Graphs|DataVisualization|VirtualKeyboard|NetworkAuth|HttpServer|Quick3D|ShaderTools)"
    r"|libreadline|libgdbm|/(PIL|hypothesis|pytest|mypy|chardet|setuptools|pip)(/|$)",
    re.IGNORECASE,
)

pytestmark = [
    pytest.mark.skipif(not BUNDLE, reason=f"{VARIABLE} names no bundle"),
    pytest.mark.xdist_group("bundle"),
]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture(scope="module")
def bundle() -> Path:
    return (CHECKOUT / BUNDLE).resolve()


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
