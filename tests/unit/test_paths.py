"""The folders of the program, in every odd environment (F-D10, F-D11)."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from app.errors import AppError, FaultKind
from app.paths import Paths, private_folder


def of_linux(**environment: str) -> Paths:
    return Paths.of_user(environment, "linux")


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = of_linux(TIDEGAUGE_HOME=str(tmp_path), XDG_CONFIG_HOME="/elsewhere")

    assert paths == Paths.below(tmp_path)
    assert paths.settings_file == tmp_path / "config" / "settings.toml"
    assert paths.log_file == tmp_path / "logs" / "tidegauge.log"
    folders = astuple(paths)
    assert len(set(folders)) == len(folders)
    assert not any(folder.exists() for folder in folders)


def test_a_relative_override_is_refused() -> None:
    with pytest.raises(AppError) as raised:
        of_linux(TIDEGAUGE_HOME="here", HOME="/h")

    assert raised.value.fault.kind is FaultKind.CONFIGURATION


def test_xdg_variables_are_followed() -> None:
    paths = of_linux(HOME="/h", XDG_CONFIG_HOME="/c", XDG_STATE_HOME="/s", XDG_CACHE_HOME="/k")

    assert paths.config == Path("/c/tidegauge")
    assert paths.state == Path("/s/tidegauge")
    assert paths.cache == Path("/k/tidegauge")
    assert paths.logs == Path("/s/tidegauge/log")


@pytest.mark.parametrize("value", ["", "relative/path", "./c", "~/c"])
def test_what_is_not_absolute_counts_as_unset(value: str) -> None:
    paths = of_linux(HOME="/h", XDG_CONFIG_HOME=value, XDG_STATE_HOME=value)

    assert paths.config == Path("/h/.config/tidegauge")
    assert paths.state == Path("/h/.local/state/tidegauge")


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"HOME": "relative"}])
def test_without_a_usable_home_the_password_database_decides(
    environment: dict[str, str],
) -> None:
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)

    assert Paths.of_user(environment, "linux").config == home / ".config/tidegauge"


def test_a_user_without_any_home_is_a_fault_of_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(_uid: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)

    with pytest.raises(AppError) as raised:
        of_linux()

    assert raised.value.fault.kind is FaultKind.CONFIGURATION


def test_a_private_runtime_folder_is_used(tmp_path: Path) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)

    paths = of_linux(HOME="/h", XDG_RUNTIME_DIR=str(runtime))

    assert paths.runtime == runtime / "tidegauge"


def make_open(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def make_file(folder: Path) -> None:
    folder.write_text("")
    folder.chmod(0o600)


def make_link(folder: Path) -> None:
    (folder.parent / "real").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "real")


@pytest.mark.parametrize("make", [make_open, make_file, make_link, lambda _folder: None])
def test_an_unsafe_runtime_folder_is_replaced_by_one_of_our_own(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """F-D11, T-44."""
    make(tmp_path / "run")

    paths = of_linux(HOME="/h", XDG_RUNTIME_DIR=str(tmp_path / "run"))

    assert paths.runtime == Path("/h/.local/state/tidegauge/run")
    assert of_linux(HOME="/h", XDG_RUNTIME_DIR="run").runtime == paths.runtime


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_the_platform_names_the_folders(platform: str) -> None:
    folders = astuple(Paths.of_user(os.environ, platform))

    assert all(folder.is_absolute() for folder in folders)
    assert len(set(folders)) == len(folders)


def test_a_private_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    """T-29: none of them open to others, whatever the umask is."""
    before = os.umask(0)
    try:
        folder = private_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)

    for made in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_folder_that_others_can_enter_is_closed(tmp_path: Path) -> None:
    make_open(tmp_path / "open")

    assert stat.S_IMODE(private_folder(tmp_path / "open").stat().st_mode) == 0o700


def test_a_file_in_its_place_is_a_clear_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(AppError) as raised:
            private_folder(folder)
        assert raised.value.fault.kind is FaultKind.CONFIGURATION
        assert str(folder) in raised.value.fault.detail


def test_a_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D10. The other user is us, seen by somebody else."""
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)

    with pytest.raises(AppError, match="another user"):
        private_folder(tmp_path)


def test_where_the_system_has_no_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getuid")

    assert private_folder(tmp_path / "a").is_dir()
