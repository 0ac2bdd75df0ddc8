"""What is shipped: one package, its resources, one command, the same version everywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import app

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(CHECKOUT)],
        check=True,
        capture_output=True,
    )
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_installs_app_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names_in(wheel)}

    assert tops == {"app", f"tidegauge-{app.VERSION}.dist-info"}


def test_the_wheel_carries_every_module_and_resource(wheel: Path) -> None:
    names = set(names_in(wheel))
    modules = {p.relative_to(CHECKOUT).as_posix() for p in (CHECKOUT / "app").rglob("*.py")}
    resources = {
        f"app/{p.relative_to(CHECKOUT).as_posix()}"
        for p in (CHECKOUT / "resources").rglob("*")
        if p.is_file() and not {"__pycache__", "screenshots"} & set(p.parts)
    }

    assert resources
    assert modules | resources <= names
    assert not [name for name in names if "__pycache__" in name or "screenshots" in name]


def test_the_source_archive_holds_what_version_control_does(built: Path) -> None:
    """All that tests and packaging need, the licences above all."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"pyproject.toml", "README.md", "LICENSE", "requirements/run.txt"} <= names
    assert {"packaging/dev.py", "resources/licences/LGPL-3.0.txt", "tests/conftest.py"} <= names
    tracked = _told(["git", "ls-files", "-z"])
    if tracked:  # else an unpacked archive itself
        assert set(tracked.split("\0")) - {""} - names == set()


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """Another folder, other times and rights of the files, another clock and another mask."""
    copy = tmp_path / "somewhere" / "else"
    ignored = shutil.ignore_patterns(
        *(".git", ".venv*", "build", "dist", ".*_cache", "__pycache__", ".hypothesis", ".coverage*")
    )
    shutil.copytree(CHECKOUT, copy, ignore=ignored)
    for path in copy.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(copy)],
        check=True,
        capture_output=True,
        umask=0o077 if os.name != "nt" else -1,
        env={**os.environ, "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7"},
    )

    for first in (*built.glob("*.whl"), *built.glob("*.tar.gz")):
        assert (tmp_path / first.name).read_bytes() == first.read_bytes(), first.name


def _told(command: list[str]) -> str:
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def test_folders_that_are_no_packages_hold_no_init() -> None:
    """With one, every tool would import ours instead of the public library `packaging`."""
    assert not list((CHECKOUT / "packaging").rglob("__init__.py"))
    assert not list((CHECKOUT / "resources").rglob("__init__.py"))


def test_one_version_everywhere(metadata: Message) -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]

    assert metadata["Version"] == app.VERSION
    assert headings
    assert released[:1] in ([], [app.VERSION])


def test_the_metadata_says_what_it_is(metadata: Message) -> None:
    assert metadata["Name"] == "tidegauge"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Author"] == "Tidegauge contributors"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "Private :: Do Not Upload" in metadata.get_all("Classifier", [])
    assert set(metadata.get_all("Provides-Extra", [])) == {"demo", "embedded"}


def test_the_installed_command_starts_from_a_folder_with_another_app(
    wheel: Path, tmp_path: Path
) -> None:
    """Installed as a user would, but for the dependencies, which are those of this run."""
    venv.create(tmp_path / "venv", symlinks=os.name != "nt")
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*install, "--no-index", "--no-deps", str(wheel)], check=True)
    purelib = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    (Path(purelib) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "app").mkdir(parents=True)
    (elsewhere / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')\n", "utf-8")

    def said(*arguments: str) -> str:
        command = [str(scripts / "tidegauge"), *arguments]
        done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        assert done.returncode == 0
        return done.stdout

    assert app.VERSION in said("--version")
    assert json.loads(said("--demo", "status", "--json"))["windows"]
