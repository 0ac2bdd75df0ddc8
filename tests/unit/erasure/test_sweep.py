"""Deleting the files of ours in real folders."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from app.erasure.sweep import sweep
from app.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Folders as after a life, with the logs and the runtime folder inside the state."""
    state = tmp_path / "state" / "tidegauge"
    made = Paths(
        config=tmp_path / "config" / "tidegauge",
        state=state,
        cache=tmp_path / "cache" / "tidegauge",
        logs=state / "log",
        runtime=state / "run",
    )
    for name in (
        "config/tidegauge/settings.toml",
        "state/tidegauge/history.db",
        "state/tidegauge/account.json",
        "state/tidegauge/keyring.json",
        "state/tidegauge/locks/accounts.lock",
        "state/tidegauge/log/tidegauge.log",
        "state/tidegauge/run/tray.lock",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    return made


def left_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_everything_of_ours_goes_and_the_folders_with_it(paths: Paths, tmp_path: Path) -> None:
    """T-43"""
    swept = sweep(paths)
    assert (swept.left, swept.foreign) == ((), ())
    assert left_below(tmp_path) == []
    assert not paths.state.exists()
    assert not paths.config.exists()
    assert paths.state.parent.exists()
    assert sweep(paths) == swept  # nothing is there any more


def test_what_is_not_ours_stays_and_is_named(paths: Paths, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "history.db").write_text("another program's")
    (paths.state / "mine").mkdir()
    (paths.state / "mine" / "history.db").write_text("not ours")
    (paths.state / "locks" / "note.txt").write_text("not ours")
    (paths.config / "linked").symlink_to(elsewhere)
    swept = sweep(paths)
    assert sorted(swept.foreign) == sorted(
        str(path)
        for path in (paths.state / "mine", paths.state / "locks/note.txt", paths.config / "linked")
    )
    assert swept.left == ()
    assert (elsewhere / "history.db").exists()
    assert (paths.state / "mine" / "history.db").exists()


def test_of_a_link_only_the_link_goes(paths: Paths, tmp_path: Path) -> None:
    """T-40: what it points at may be anybody's."""
    precious = tmp_path / "precious"
    precious.write_text("x")
    (paths.state / "history.db").unlink()
    (paths.state / "history.db").symlink_to(precious)
    assert sweep(paths).left == ()
    assert precious.exists()
    assert not (paths.state / "history.db").is_symlink()


def test_sockets_go_as_files_do(paths: Paths) -> None:
    place = paths.runtime / "tray.socket"
    with socket.socket(socket.AF_UNIX) as listener:
        before = Path.cwd()
        os.chdir(place.parent)  # a socket's address is short
        try:
            listener.bind(place.name)
        finally:
            os.chdir(before)
    assert sweep(paths).left == ()
    assert not paths.runtime.exists()


@pytest.mark.parametrize(
    ("keeping", "left"),
    [
        ({"keeps_settings": True}, ["config/tidegauge/settings.toml"]),
        (
            {"keeps_accounts": True},
            ["state/tidegauge/account.json", "state/tidegauge/keyring.json"],
        ),
        ({"keeps_runtime": True}, ["state/tidegauge/run/tray.lock"]),
    ],
)
def test_what_is_still_needed_is_kept(
    paths: Paths, tmp_path: Path, keeping: dict[str, bool], left: list[str]
) -> None:
    swept = sweep(paths, **keeping)
    assert (swept.left, swept.foreign) == ((), ())
    assert left_below(tmp_path) == left
    assert sweep(paths).left == ()
    assert left_below(tmp_path) == []


def test_what_cannot_be_deleted_is_named_with_the_reason(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D09: tried again once the disk can be written, it goes."""
    stuck = paths.state / "history.db"

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == stuck:
            raise OSError(30, "Read-only file system")
        os.unlink(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert sweep(paths).left == (f"{stuck} (Read-only file system)",)
    assert stuck.exists()
    assert sweep(paths).left == ()
    assert not stuck.exists()


def test_a_folder_of_ours_without_write_permission_gets_it_back(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlink(path: Path, missing_ok: bool = False) -> None:  # as for anybody but root
        if not path.parent.stat().st_mode & 0o200:
            raise PermissionError(13, "Permission denied")
        os.unlink(path)

    monkeypatch.setattr(Path, "unlink", unlink)
    paths.state.chmod(0o500)
    assert sweep(paths).left == ()
    assert not paths.state.exists()


def test_a_folder_that_cannot_be_read_is_named(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def refuse(path: Path) -> object:
        if path == paths.config:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert sweep(paths).left == (f"{paths.config} (Permission denied)",)


def test_where_one_folder_holds_all_others_it_goes_as_well(tmp_path: Path) -> None:
    """As on macOS and Windows."""
    root = tmp_path / "Tidegauge"
    paths = Paths(*(root / name for name in ("config", "state", "cache", "logs", "run")))
    for folder in (paths.config, paths.state, paths.runtime):
        folder.mkdir(parents=True)
    (paths.config / "settings.toml").write_text("")
    assert sweep(paths).left == ()
    assert not root.exists()
