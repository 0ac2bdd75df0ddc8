"""Which files of our folders are ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.erasure.own_names import Folder, is_own, is_setting

OURS = [
    (Folder.CONFIG, "settings.toml"),
    (Folder.CONFIG, "settings.toml.bad"),
    (Folder.CONFIG, ".settings.toml.ab_3x9z1"),
    (Folder.STATE, "history.db"),
    (Folder.STATE, "history.db-journal"),
    (Folder.STATE, "history.db.new-journal"),
    (Folder.STATE, "conversations.db-wal"),
    (Folder.STATE, "conversations.version-3"),
    (Folder.STATE, "history.corrupt-20261122T101112Z"),
    (Folder.STATE, "history.corrupt-20261122T101112Z-2-journal"),
    (Folder.STATE, "conversations.unswept"),
    (Folder.STATE, "alerts.json.bad"),
    (Folder.STATE, ".chat-desk.json.abcdefgh"),
    (Folder.STATE, "settings.lock"),
    (Folder.STATE, "locks/refresh-0a1b.lock"),
    (Folder.STATE, "locks/sign-in.lock"),
    (Folder.CACHE, "models-0123456789abcdef.json"),
    (Folder.CACHE, ".models-0123456789abcdef.json.abcdefgh"),
    (Folder.LOGS, "tidegauge.log"),
    (Folder.LOGS, "tidegauge.log.4"),
    (Folder.RUNTIME, "tray.lock"),
    (Folder.RUNTIME, "demo.socket"),
]
FOREIGN = [
    (Folder.CONFIG, "settings.toml.orig"),
    (Folder.CONFIG, "history.db"),
    (Folder.STATE, "history.corrupt-notes.txt"),
    (Folder.STATE, "history.db.backup"),
    (Folder.STATE, "locks/mine.lock"),
    (Folder.STATE, "refresh-0a1b.lock"),
    (Folder.STATE, ".alerts.json.swp"),
    (Folder.CACHE, "tidegauge.log"),
    (Folder.CACHE, "models-of-mine.json"),
    (Folder.LOGS, "tidegauge.log.gz"),
    (Folder.RUNTIME, "tray.lock~"),
]


@pytest.mark.parametrize(("folder", "name"), OURS)
def test_what_the_program_writes_is_ours(folder: Folder, name: str) -> None:
    assert is_own(folder, name)


@pytest.mark.parametrize(("folder", "name"), FOREIGN)
def test_what_somebody_else_put_there_is_not(folder: Folder, name: str) -> None:
    assert not is_own(folder, name)


def test_the_settings_are_one_file() -> None:
    assert is_setting(Folder.CONFIG, "settings.toml")
    assert not is_setting(Folder.CONFIG, "settings.toml.bad")
    assert not is_setting(Folder.STATE, "settings.toml")


def test_every_file_that_the_sources_name_is_ours() -> None:
    """Whoever adds one below the state folder adds it here, too."""
    app = Path(__file__).parents[3] / "app"
    sources = [path.read_text("utf-8") for path in app.rglob("*.py") if "ui" not in path.parts]
    named = {name for text in sources for name in re.findall(r'FILE_NAME = "([^"]+)"', text)}
    for text in sources:
        for folder, name in re.findall(r'state / (?:"(locks)" / )?"([^"]+)"', text):
            named.add(f"{folder}/{name}" if folder else name)
    named -= {"log", "run", "locks"}  # folders
    assert len(named) > 10
    assert {name for name in named if not is_own(Folder.STATE, name)} == set()
