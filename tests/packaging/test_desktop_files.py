"""What desktops read of an installed program, judged by their own tools."""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import app
from app.autostart.desktop_entry import read_entry
from app.instance.start import tray_start

CHECKOUT = Path(__file__).resolve().parents[2]
LINUX = CHECKOUT / "packaging" / "linux"
ENTRY = LINUX / f"{app.APP_ID}.desktop"
METADATA = LINUX / f"{app.APP_ID}.metainfo.xml"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="freedesktop tools")


@linux_only
def test_the_menu_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", str(ENTRY)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@linux_only
def test_the_metadata_is_valid() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(METADATA)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_command_of_the_menu_entry_is_one_the_program_knows() -> None:
    commands = re.findall(r"^Exec=tidegauge(.*)$", ENTRY.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 3
    assert all(tray_start(command.split()) for command in commands)


def test_names_and_versions_agree() -> None:
    entry = read_entry(ENTRY.read_text("utf-8"))
    metadata = METADATA.read_text("utf-8")
    properties = plistlib.loads((CHECKOUT / "packaging" / "macos" / "Info.plist").read_bytes())
    plistlib.loads((CHECKOUT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert entry["Icon"] == entry["StartupWMClass"] == app.APP_ID
    assert f"<id>{app.APP_ID}</id>" in metadata
    assert f'<release version="{app.VERSION}"' in metadata
    assert properties["CFBundleIdentifier"] == app.APP_ID
    installer = (CHECKOUT / "packaging" / "windows" / "tidegauge.iss").read_text("utf-8")
    assert f'ValueName: "{app.APP_ID}"' in installer


def test_the_icon_is_drawn_in_every_form(tmp_path: Path) -> None:
    script = CHECKOUT / "packaging" / "application_icons.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        path = tmp_path / "hicolor" / f"{size}x{size}" / "apps" / f"{app.APP_ID}.png"
        with Image.open(path) as picture:
            assert picture.size == (size, size)
            assert len(picture.convert("RGBA").getcolors(size * size) or []) > 3
    with Image.open(tmp_path / "tidegauge.ico") as icon:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= set(icon.info["sizes"])
    with Image.open(tmp_path / "tidegauge.icns") as icon:
        assert icon.info["sizes"]
    scalable = tmp_path / "hicolor" / "scalable" / "apps" / f"{app.APP_ID}.svg"
    assert scalable.read_bytes() == (CHECKOUT / "resources/icons/tidegauge.svg").read_bytes()


def test_actions_of_the_workflow_are_pinned() -> None:
    workflow = (CHECKOUT / ".github" / "workflows" / "build.yml").read_text("utf-8")
    used = re.findall(r"uses: (\S+)(.*)", workflow)
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action, _ in used)
    assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", note) for _, note in used)
    assert "secrets." not in workflow
