"""What stays of the path and of the environment, and what begins anew (T-48, T-50)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import isolation

_OWN = os.sep + "own"


def kept(path: list[str], *, pythonpath: str = "", is_safe: bool = False) -> list[str]:
    environment = {"PYTHONPATH": pythonpath} if pythonpath else {}
    return isolation.kept_path(path, environment, _OWN, is_safe=is_safe)


def test_the_folder_of_the_start_goes_from_the_path() -> None:
    """T-50: the working directory of `python -m`, the folder of a script, "" of `python -c`."""
    assert kept(["/here", "/lib", "/site"]) == ["/lib", "/site"]
    assert kept(["", "/lib"]) == ["/lib"]
    assert kept([]) == []


def test_what_a_safe_start_has_in_front_is_pythons_own() -> None:
    assert kept(["/lib", "/site"], is_safe=True) == ["/lib", "/site"]


def test_the_folders_of_the_variable_go() -> None:
    """T-50"""
    variable = os.pathsep.join(["/evil", "/worse/../bad"])
    assert kept(["/start", "/evil", "/bad", "/lib"], pythonpath=variable) == ["/lib"]


def test_the_programs_own_folder_stays_wherever_it_came_from() -> None:
    """A checkout is started from within, or found through the variable."""
    assert kept([_OWN, "/lib"]) == [_OWN, "/lib"]
    assert kept(["/start", _OWN, "/lib"], pythonpath=_OWN) == [_OWN, "/lib"]


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        ("xcb", True),
        ("wayland;xcb", True),
        ("offscreen:configfile=x", True),
        ("", True),
        ("vnc", False),
        ("vnc:port=5900", False),
        ("xcb;vnc", False),
        ("linuxfb", False),
        ("/evil/plugin", False),
    ],
)
def test_only_platforms_with_a_desktop_are_left_to_choose(value: str, stays: bool) -> None:
    """T-48: none that hands the windows to whoever connects."""
    environment = {"QT_QPA_PLATFORM": value}
    isolation.forget_variables(environment)
    assert ("QT_QPA_PLATFORM" in environment) is stays


def test_what_decides_over_code_is_forgotten_and_nothing_else() -> None:
    """T-50"""
    kept_ones = {"LANG": "C", "QT_SCALE_FACTOR": "2", "PYTHONWARNINGS": "error"}
    hostile = ("PYTHONPATH", "PYTHONHOME", "PYTHONINSPECT", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
    environment = {**kept_ones, **dict.fromkeys(hostile, "/evil")}
    isolation.forget_variables(environment)
    assert environment == kept_ones


def test_a_bundle_keeps_what_its_own_start_has_set() -> None:
    environment = {
        "QT_PLUGIN_PATH": os.path.join("/opt/tidegauge/_internal", "plugins"),
        "QML2_IMPORT_PATH": "/opt/tidegauge/_internal_not",
        "PYTHONPATH": "/evil",
    }
    isolation.forget_variables(environment, bundle="/opt/tidegauge/_internal")
    assert list(environment) == ["QT_PLUGIN_PATH"]


def test_home_is_where_it_stands_else_at_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-50"""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    isolation.leave_working_directory()
    assert Path.cwd() == home
    home.rename(tmp_path / "moved")
    isolation.leave_working_directory()
    assert Path.cwd() == Path(os.sep)


_TELL = "import sys; import app.isolation as i; i.isolate(); print(sys.flags.ignore_environment)"


@pytest.mark.skipif(os.name != "posix", reason="a process takes another's place")
@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONUSERBASE", "PYTHONPYCACHEPREFIX"])
def test_a_start_that_heeded_a_variable_begins_anew_with_its_words(
    name: str, tmp_path: Path
) -> None:
    """T-50: the words and the options of the first start are those of the second."""
    code = "from app.__main__ import main; raise SystemExit(main())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", code, "--no-such-option"],
        env={**os.environ, name: str(tmp_path), "LC_ALL": "C"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--no-such-option" in done.stderr


def test_a_start_without_them_goes_on_as_it_is(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", _TELL],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0\n"
