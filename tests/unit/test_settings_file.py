"""The settings file survives damage, hostility and full disks."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import settings_file
from app.file_lock import Claim
from app.paths import Paths
from app.settings import DEFAULTS, Note, NoteKind, Settings, from_mapping, to_mapping
from app.settings_file import Loaded, SettingsFile, load

CHANGED = replace(DEFAULTS, clock="24h", close_percent=60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return paths(tmp_path).settings_file


def paths(folder: Path) -> Paths:
    return Paths.below(folder)


def opened(path: Path) -> SettingsFile:
    """The file as a program has it that has just started."""
    file = SettingsFile(paths(path.parent.parent))
    file.load()
    return file


def save(path: Path, settings: Settings) -> bool:
    """As a program that starts, changes everything to `settings` and ends."""
    file = opened(path)
    file.keep(settings)
    return file.write()


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_without_a_file_the_defaults_apply(path: Path) -> None:
    assert load(path) == Loaded(DEFAULTS, (), {})
    assert not path.parent.exists()


def test_what_was_saved_is_loaded_again(path: Path) -> None:
    assert save(path, CHANGED)

    assert load(path).settings == CHANGED
    assert path.read_text("utf-8") == 'clock = "24h"\nclose_percent = 60\n'


def test_the_file_is_private_and_no_other_file_is_left(path: Path) -> None:
    save(path, CHANGED)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == [path.name]


def test_unknown_keys_survive_a_save(path: Path) -> None:
    """F-D21: a newer version's settings are not lost by starting an older one."""
    written(path, 'future = 1\nclock = "12h"\n[plans]\nnested = ["a", {b = 2}]\n')

    loaded = load(path)
    save(path, replace(loaded.settings, clock="24h"))

    again = load(path)
    assert again.settings.clock == "24h"
    assert again.unknown == {"future": 1, "plans": {"nested": ["a", {"b": 2}]}}


def test_comments_survive_a_save(path: Path) -> None:
    written(path, '# mine\nclock = "24h"  # why\n')
    loaded = load(path)

    assert save(path, replace(loaded.settings, close_percent=60))
    assert path.read_text() == '# mine\nclock = "24h"  # why\nclose_percent = 60\n'


def test_a_bad_value_is_reset_with_a_note(path: Path) -> None:
    """F-D21."""
    written(path, 'clock = "24h"\nclose_percent = 400\n')

    loaded = load(path)

    assert loaded.settings == replace(DEFAULTS, clock="24h")
    assert loaded.notes == (Note(NoteKind.VALUE_RESET, "close_percent"),)


@pytest.mark.parametrize(
    "content",
    [
        b"not toml at all",
        b"\xff\xfe\x00",
        b"clock = 'a'\nclock = 'b'\n",
        b"x = " + b"[" * 100_000,
        b"x = " + b"9" * 5000,
        b"# " + b"a" * settings_file.LARGEST_FILE,
    ],
)
def test_a_corrupt_file_is_kept_and_the_defaults_apply(
    path: Path, content: bytes, expected_log: Callable[[str], None]
) -> None:
    """F-D21; the last one: T-40, larger than 1 MiB."""
    expected_log("settings file not used")
    written(path, content)

    loaded = load(path)

    assert loaded == Loaded(DEFAULTS, (Note(NoteKind.FILE_SET_ASIDE),), {})
    assert path.with_name("settings.toml.bad").read_bytes() == content
    assert not path.exists()


def test_a_byte_order_mark_is_no_damage(path: Path) -> None:
    written(path, "\ufeffclock = '24h'\n")

    assert load(path).settings.clock == "24h"


def make_link(path: Path) -> None:
    target = path.with_name("elsewhere.toml")
    target.write_text('clock = "24h"\n')
    path.symlink_to(target)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [make_link, make_pipe, make_folder])
def test_only_a_regular_file_is_read_and_a_save_replaces_nothing_else(
    path: Path, make: Callable[[Path], None], expected_log: Callable[[str], None]
) -> None:
    """T-40."""
    expected_log("settings file not used")
    path.parent.mkdir(mode=0o700)
    make(path)
    before = path.lstat()

    assert load(path) == Loaded(DEFAULTS, (Note(NoteKind.FILE_SET_ASIDE),), {})
    aside = path.with_name("settings.toml.bad")
    assert aside.lstat().st_ino == before.st_ino

    aside.rename(path)
    assert save(path, CHANGED)
    assert aside.lstat().st_ino == before.st_ino
    assert load(path).settings == CHANGED


def test_a_file_of_another_user_is_not_read(
    path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    """T-40. The other user is us, seen by somebody else."""
    expected_log("belongs to another user")
    written(path, 'clock = "24h"\n')
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)

    assert load(path).settings == DEFAULTS


def test_what_cannot_even_be_moved_is_reported(
    path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    expected_log("settings file")
    written(path, "not toml")

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(Path, "replace", refuse)

    assert load(path).notes == (Note(NoteKind.FILE_UNREADABLE),)
    assert path.read_text() == "not toml"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_disk_keeps_the_old_file(
    path: Path, step: str, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    """F-D08: the old content stays whole, and the caller is told."""
    expected_log("settings not saved")
    save(path, CHANGED)
    before = path.read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)

    assert not save(path, DEFAULTS)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_a_folder_that_cannot_be_made_is_told(
    path: Path, expected_log: Callable[[str], None]
) -> None:
    """F-D09, F-D10."""
    expected_log("settings file|settings not saved")
    path.parent.write_text("a file where the folder should be")

    assert not save(path, CHANGED)


def test_where_the_system_has_no_users_and_no_folder_handles(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    with monkeypatch.context() as elsewhere:  # undone before the folder is removed
        for name in ("getuid", "O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY"):
            elsewhere.delattr(os, name)

        assert save(path, CHANGED)
        assert load(path).settings == CHANGED


@given(content=st.binary(max_size=300))
def test_no_content_makes_a_start_fail(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = written(tmp_path_factory.mktemp("any") / "settings.toml", content)
    settings_file._LOG.disabled = True
    try:
        loaded = load(path)
        assert save(path, loaded.settings)
        assert load(path).settings == loaded.settings
    finally:
        settings_file._LOG.disabled = False


def test_two_programs_do_not_undo_each_other(path: Path) -> None:
    """The tray program and `tidegauge config`, each with what it knew when it started."""
    one, other = opened(path), opened(path)
    one.keep(replace(DEFAULTS, clock="24h"))
    other.keep(replace(DEFAULTS, close_percent=60))

    assert one.write()
    assert other.write()

    assert load(path).settings == CHANGED


def test_many_writers_at_once_lose_nothing(path: Path) -> None:
    """F-D08, with a lock that each waits for."""
    keys = ("close_percent", "warn_first_percent", "quiet_from_hour", "quiet_to_hour")

    def change(key: str) -> bool:
        file = opened(path)
        file.keep(from_mapping({**to_mapping(file.adopt()), key: 7})[0])
        return file.write()

    with ThreadPoolExecutor(len(keys)) as pool:
        assert all(pool.map(change, keys))

    settings = load(path).settings
    assert [getattr(settings, key) for key in keys] == [7] * len(keys)


def test_what_somebody_else_wrote_is_adopted(path: Path) -> None:
    file = opened(path)
    written(path, 'clock = "24h"\nclose_percent = 400\n')

    found = file.look()

    assert found is not None
    assert found.notes == (Note(NoteKind.VALUE_RESET, "close_percent"),)
    assert file.adopt() == replace(DEFAULTS, clock="24h")


def test_changes_not_yet_written_stay_with_what_somebody_else_wrote(path: Path) -> None:
    file = opened(path)
    file.keep(replace(DEFAULTS, close_percent=60))
    written(path, 'clock = "24h"\nfuture = 1\n')

    assert file.look() is not None
    assert file.adopt() == CHANGED
    assert file.write()
    assert load(path) == Loaded(CHANGED, (), {"future": 1})


def test_what_is_shown_before_a_look_is_adopted_counts_as_a_change_of_its_own(path: Path) -> None:
    file = opened(path)
    written(path, 'clock = "24h"\n')
    assert file.look() is not None
    file.keep(replace(DEFAULTS, close_percent=60))  # shown: the clock is still the old one

    assert file.adopt() == CHANGED
    assert file.write()
    assert load(path).settings == CHANGED


def test_a_default_chosen_again_leaves_the_file(path: Path) -> None:
    save(path, CHANGED)
    file = opened(path)
    file.keep(replace(CHANGED, clock=DEFAULTS.clock))

    assert file.write()
    assert path.read_text("utf-8") == "close_percent = 60\n"


def test_a_file_half_written_by_an_editor_changes_nothing_and_stays(path: Path) -> None:
    """F-D21: it is set aside at a start or a save, never while somebody may be writing it."""
    save(path, CHANGED)
    file = opened(path)
    written(path, 'clock = "12')

    assert file.look() is None
    assert file.adopt() == CHANGED
    assert path.read_text() == 'clock = "12'


def test_a_save_over_an_unusable_file_keeps_what_it_held_before(path: Path) -> None:
    """F-D21."""
    written(path, 'clock = "24h"\nfuture = 1\n')
    file = opened(path)
    written(path, "not toml")
    file.keep(CHANGED)

    assert file.write()
    assert load(path) == Loaded(CHANGED, (), {"future": 1})
    assert path.with_name("settings.toml.bad").read_text() == "not toml"


def test_a_removed_file_means_the_defaults(path: Path) -> None:
    save(path, CHANGED)
    file = opened(path)
    path.unlink()

    assert file.look() == Loaded()
    assert file.adopt() == DEFAULTS


def test_a_lock_that_is_never_let_go_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    expected_log("settings not saved: another program")
    monkeypatch.setattr(settings_file, "_PATIENCE_S", 0.05)
    holder = Claim(paths(path.parent.parent).settings_lock, 1)
    assert holder.take()
    try:
        assert not save(path, CHANGED)
    finally:
        holder.give_up()
    assert save(path, CHANGED)
