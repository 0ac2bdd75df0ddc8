"""What desktops read of an installed program, judged by their own tools."""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import commands
import pytest
from PIL import Image
from PIL.IcnsImagePlugin import IcnsFile

import app
from app.autostart.desktop_entry import read_entry
from app.command_line.options import COMMANDS
from app.instance.start import tray_start

CHECKOUT = Path(__file__).resolve().parents[2]
LINUX = CHECKOUT / "packaging" / "linux"
ENTRY = LINUX / f"{app.APP_ID}.desktop"
WORKFLOW = CHECKOUT / ".github" / "workflows" / "build.yml"
METADATA = LINUX / f"{app.APP_ID}.metainfo.xml"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="freedesktop tools")


@linux_only
def test_the_menu_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", str(ENTRY)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_nothing_hands_addresses_or_files_to_the_program() -> None:
    """T-48: no scheme, no type of file, no field code, on any system."""
    values = read_entry(ENTRY.read_text("utf-8"))
    assert "MimeType" not in values
    assert "%" not in ENTRY.read_text("utf-8")
    bundle = plistlib.loads((CHECKOUT / "packaging" / "macos" / "Info.plist").read_bytes())
    assert not {"CFBundleURLTypes", "CFBundleDocumentTypes"} & bundle.keys()
    installer = (CHECKOUT / "packaging" / "windows" / "tidegauge.iss").read_text("utf-8")
    assert "URL Protocol" not in installer
    assert r"Software\Classes" not in installer


@linux_only
def test_the_metadata_is_valid() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(METADATA)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    told = re.findall(r"(?m)^[EWI]: .*?: (.*)", done.stdout)
    assert set(told) <= {"unknown-tag developer"}  # younger than appstreamcli 0.16


def test_the_metadata_is_told_in_both_languages() -> None:
    told = METADATA.read_text("utf-8")
    for tag in ("summary", "p", "caption"):
        assert told.count(f"<{tag}>") == told.count(f'<{tag} xml:lang="zh_CN">') > 0
    entry = ENTRY.read_text("utf-8")
    for key in ("GenericName", "Comment", "Keywords"):
        assert f"\n{key}[zh_CN]=" in entry


def test_every_command_of_the_menu_entry_is_one_the_program_knows() -> None:
    commands = re.findall(r"^Exec=tidegauge(.*)$", ENTRY.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 3
    assert all(tray_start(command.split()) for command in commands)


def test_the_manual_page_tells_every_command() -> None:
    page = (LINUX / "tidegauge.1").read_text("utf-8")
    told = re.findall(r"^\.B (\w+)$", page.partition(".SH COMMANDS")[2], re.MULTILINE)
    assert sorted(told) == sorted(COMMANDS)


def test_names_and_versions_agree() -> None:
    entry = read_entry(ENTRY.read_text("utf-8"))
    metadata = METADATA.read_text("utf-8")
    properties = plistlib.loads((CHECKOUT / "packaging" / "macos" / "Info.plist").read_bytes())
    plistlib.loads((CHECKOUT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert entry["Icon"] == entry["StartupWMClass"] == app.APP_ID
    assert f"<id>{app.APP_ID}</id>" in metadata
    assert f'<release version="{app.VERSION}"' in metadata
    assert properties["CFBundleIdentifier"] == app.APP_ID


def test_the_icon_is_drawn_in_every_form(tmp_path: Path) -> None:
    script = CHECKOUT / "packaging" / "application_icons.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        path = tmp_path / "hicolor" / f"{size}x{size}" / "apps" / f"{app.APP_ID}.png"
        with Image.open(path) as picture:
            assert picture.size == (size, size)
            assert len(picture.convert("RGBA").getcolors(size * size) or []) > 3
    with Image.open(tmp_path / "tidegauge.ico") as icon:
        sizes = (16, 20, 24, 32, 40, 48, 64, 128, 256)
        assert set(icon.info["sizes"]) == {(size, size) for size in sizes}
    with Image.open(tmp_path / "tidegauge.icns") as icon:
        shown = {width * scale for width, _, scale in icon.info["sizes"]}
        assert {16, 32, 64, 128, 256, 512, 1024} <= shown
    with (tmp_path / "tidegauge.icns").open("rb") as file:
        smallest = IcnsFile(file).getimage((16, 16, 1))
    with Image.open(tmp_path / "hicolor" / "16x16" / "apps" / f"{app.APP_ID}.png") as small:
        assert smallest.tobytes() == small.convert("RGBA").tobytes()
    scalable = tmp_path / "hicolor" / "scalable" / "apps" / f"{app.APP_ID}.svg"
    assert scalable.read_bytes() == (CHECKOUT / "resources/icons/tidegauge.svg").read_bytes()


def test_the_build_workflow_needs_no_secret_and_pins_what_it_uses() -> None:
    uses = re.findall(r"uses: (\S+)(.*)", WORKFLOW.read_text("utf-8"))
    assert uses
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action, _ in uses)
    assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", note) for _, note in uses)
    assert "secrets." not in WORKFLOW.read_text("utf-8")


def test_the_build_workflow_holds_before_its_judge() -> None:
    """Injection, rights that are not used, credentials that stay, unpinned actions."""
    zizmor = Path(sysconfig.get_path("scripts")) / "zizmor"
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", "--format", "plain", str(WORKFLOW)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_and_command_the_workflow_names_exists() -> None:
    text = WORKFLOW.read_text("utf-8")
    told = set(re.findall(r"(?:packaging|tests|app)[\\/][\w./\\-]+\.\w+", text))
    assert len(told) > 5
    for name in told:
        assert (CHECKOUT / name.replace("\\", "/")).is_file(), name
    for command in set(re.findall(r"packaging/dev\.py (\w+)", text)):
        assert command in commands._COMMANDS
