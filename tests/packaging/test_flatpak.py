"""The Flatpak manifest, judged by flatpak-builder itself, and what it may do."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import flatpak_sources
import pytest
from lock_file import normal, read_lock

import app
from app.embedded_window import is_hostile

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    shutil.which("flatpak-builder") is None, reason="flatpak-builder is not installed"
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As flatpak-builder reads it, with the generated modules in their places."""
    folder = tmp_path_factory.mktemp("flatpak")
    both = list(flatpak_sources.ARCHITECTURES)
    run = {"pure-1-py3-none-any.whl": both, "fast-1-x.whl": ["x86_64"]}
    backend = {"hatchling-1-py3-none-any.whl": both}
    (folder / "wheels").mkdir()
    for name in (*run, *backend):
        (folder / "wheels" / name).write_bytes(name.encode())
    sdist = tmp_path_factory.mktemp("sdist") / f"tidegauge-{app.VERSION}.tar.gz"
    sdist.write_bytes(b"archive")
    flatpak_sources.write(folder, sdist, run, backend)
    shown = subprocess.run(
        ["flatpak-builder", "--show-manifest", flatpak_sources.MANIFEST.name],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    read: dict[str, Any] = json.loads(shown.stdout)
    return read


def test_it_is_whole(manifest: dict[str, Any]) -> None:
    packages, backend, program = manifest["modules"]

    assert manifest["id"] == app.APP_ID
    assert [source["path"] for source in packages["sources"]] == [
        "wheels/fast-1-x.whl",
        "wheels/pure-1-py3-none-any.whl",
    ]
    assert packages["sources"][0]["only-arches"] == ["x86_64"]
    assert "only-arches" not in packages["sources"][1]
    assert backend["cleanup"] == ["*"]
    (source,) = program["sources"]
    assert source["path"] == f"tidegauge-{app.VERSION}.tar.gz"
    assert len(source["sha256"]) == 64


def test_every_file_it_installs_is_in_the_source(manifest: dict[str, Any]) -> None:
    commands = " ".join(manifest["modules"][-1]["build-commands"])
    words = commands.replace("${FLATPAK_ID}", app.APP_ID).split()
    sources = [w for w in words if w.startswith(("packaging/", "resources/", "LICENSE"))]

    assert len(sources) >= 5
    assert all(list(CHECKOUT.glob(one.rstrip(";"))) for one in sources)
    for text in ("resources/licences", "packaging/notices", "LICENSE"):
        assert text in commands  # the duties of the LGPL, Chromium's notices


def test_it_may_do_what_is_needed_and_no_more(manifest: dict[str, Any]) -> None:
    """Autostart, addresses and keys go through portals, which need no permission."""
    assert set(manifest["finish-args"]) == {
        "--share=network",
        "--share=ipc",
        "--socket=wayland",
        "--socket=fallback-x11",
        "--talk-name=org.kde.StatusNotifierWatcher",
        "--talk-name=org.freedesktop.secrets",
        "--talk-name=org.freedesktop.Notifications",
        "--env=QTWEBENGINEPROCESS_PATH=/app/bin/QtWebEngineProcess",
    }


def test_the_variable_it_sets_reaches_the_sign_in_window(manifest: dict[str, Any]) -> None:
    (variable,) = (one for one in manifest["finish-args"] if one.startswith("--env="))
    name, _, value = variable.removeprefix("--env=").partition("=")

    assert not is_hostile(name, value)


def test_the_packages_are_those_of_the_lock_but_qt() -> None:
    names = {normal(one.name) for one in flatpak_sources.applicable("run.txt")}
    locked = {normal(one.name) for one in read_lock(CHECKOUT / "requirements" / "run.txt")}

    assert {"httpx", "keyring", "cryptography", "qasync"} <= names
    assert "pywin32-ctypes" not in names  # another system's
    assert "zipp" not in names  # an older Python's
    assert names < locked
