"""Windows installer and macOS recipe, as far as any system can judge them. Neither was ever run."""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import app
from app.autostart.run_key import APPROVED, RUN
from app.autostart.state import OPTION
from app.cli import parse
from app.instance.start import tray_start

CHECKOUT = Path(__file__).resolve().parents[2]
WINDOWS = CHECKOUT / "packaging" / "windows"
MACOS = CHECKOUT / "packaging" / "macos"
SPEC = (CHECKOUT / "packaging" / "bundle" / "tidegauge.spec").read_text("utf-8")

# Made by `dev.py bundle` before the installer is.
BUILT = ("dist/tidegauge/*", "build/icons/tidegauge.ico")
Entry = dict[str, str]


def installer() -> tuple[dict[str, list[Entry]], str]:
    """Sections of the script with their entries, `#define`s filled in, and its code."""
    text = (WINDOWS / "tidegauge.iss").read_text("utf-8")
    defined = dict(re.findall(r'(?m)^#define (\w+) "(.*)"$', text)) | {"AppVersion": "1.2.3"}
    for name, value in defined.items():
        text = text.replace("{#" + name + "}", value)
    assert "{#" not in text
    head, _, code = text.partition("[Code]")
    sections: dict[str, list[Entry]] = {}
    current: list[Entry] = []
    for raw in head.splitlines():
        line = raw.strip()
        if not line or line.startswith((";", "#")):
            continue
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif current is sections.get("Setup"):
            key, sign, value = line.partition("=")
            assert sign, line
            current.append({key: value})
        else:
            pairs = re.findall(r'(\w+): ("(?:[^"]|"")*"|[^;]*)(?:;|$)', line)
            assert pairs, line
            current.append(
                {key: value.strip().removeprefix('"').removesuffix('"') for key, value in pairs}
            )
    return sections, code


@pytest.fixture(scope="module")
def script() -> dict[str, list[Entry]]:
    return installer()[0]


@pytest.fixture(scope="module")
def setup(script: dict[str, list[Entry]]) -> Entry:
    merged: Entry = {}
    for entry in script["Setup"]:
        assert not merged.keys() & entry.keys()
        merged |= entry
    return merged


def test_it_is_for_one_user_and_asks_for_no_administrator(
    setup: Entry, script: dict[str, list[Entry]]
) -> None:
    assert setup["PrivilegesRequired"] == "lowest"
    assert "PrivilegesRequiredOverridesAllowed" not in setup
    assert {entry["Root"] for entry in script["Registry"]} == {"HKCU"}
    assert setup["AppId"] == "{{1E048746-D9AA-5119-BE85-28394E5432B5}"  # never again another


def test_every_file_it_takes_exists_or_is_built(
    setup: Entry, script: dict[str, list[Entry]]
) -> None:
    sources = [setup["SetupIconFile"], setup["LicenseFile"]]
    sources += [entry["Source"] for entry in script["Files"]]
    for source in sources:
        path = (WINDOWS / source.replace("\\", "/")).resolve().relative_to(CHECKOUT).as_posix()
        assert path in BUILT or (CHECKOUT / path).is_file(), source


def test_every_program_it_names_is_one_of_the_bundle(script: dict[str, list[Entry]]) -> None:
    text = (WINDOWS / "tidegauge.iss").read_text("utf-8")
    programs = set(re.findall(r"\\(tidegauge[\w-]*)\.exe", text))

    assert programs == {"tidegauge", "tidegauge-tray"}
    for name in programs:
        assert f'program("{name}"' in SPEC
    for entry in (*script["Icons"], *script["Run"]):
        assert entry["Filename"] == r"{app}\tidegauge-tray.exe"  # no console window


def test_its_shortcut_has_the_identity_windows_wants_for_notifications(
    script: dict[str, list[Entry]],
) -> None:
    (shortcut,) = script["Icons"]

    assert shortcut["AppUserModelID"] == app.APP_ID


def test_the_switch_is_the_programs_own(script: dict[str, list[Entry]]) -> None:
    """The same value as in the settings; off means none; the uninstaller takes both away."""
    on, off, *approved = script["Registry"]

    assert on["Subkey"] == off["Subkey"] == RUN
    assert {entry["Subkey"] for entry in approved} == {APPROVED}
    assert {entry["ValueName"] for entry in script["Registry"]} == {app.APP_ID}
    assert on["ValueData"] == rf'""{{app}}\tidegauge-tray.exe"" {OPTION}'
    assert on["Tasks"] == "autostart"
    assert off["Tasks"] == "not autostart"
    assert "deletevalue" in off["Flags"].split()
    assert all("uninsdeletevalue" in entry["Flags"] for entry in script["Registry"])
    (task,) = script["Tasks"]
    assert (task["Name"], task["Flags"]) == ("autostart", "unchecked")


def test_an_update_keeps_the_switch_as_it_is(setup: Entry) -> None:
    _, code = installer()

    assert setup["UsePreviousTasks"] == "no"
    assert f"RegValueExists(HKCU, '{RUN}', '{app.APP_ID}')" in code


def test_the_running_program_is_asked_to_end_by_words_it_knows() -> None:
    _, code = installer()
    called = re.findall(r"tidegauge\.exe'\), '([^']*)'", code)

    assert called == ["--quit", "--quit --force", "erase --yes"]
    for words, is_forced in ((called[0], False), (called[1], True)):
        start = tray_start(words.split())
        assert start is not None
        assert (start.verb, start.is_forced) == ("quit", is_forced)
    assert parse(called[2].split())


def test_an_update_waits_for_the_answer_to_its_question() -> None:
    """`--quit` ends with 1 while the program asks whether a sign-in may be lost."""
    _, code = installer()
    preparation = code[code.index("function PrepareToInstall") :]

    assert "Result := Code = 0" in code
    assert preparation.index("if DoesProgramEnd") < preparation.index("still running")


def test_what_a_person_made_stays_unless_they_say_so() -> None:
    """Asked, "no" unless chosen otherwise, never while silent."""
    _, code = installer()
    removal = code[code.index("procedure CurUninstallStepChanged") :]

    assert removal.index("UninstallSilent") < removal.index("MsgBox")
    assert "MB_DEFBUTTON2" in removal
    assert removal.index("MsgBox") < removal.index("DelTree")
    assert code.count("DelTree") == 1


def test_begins_and_ends_of_its_code_match() -> None:
    _, code = installer()
    bare = re.sub(r"'[^']*'|\{[^}]*\}", "", code)

    assert len(re.findall(r"\bbegin\b", bare)) == len(re.findall(r"\bend;", bare))
    assert bare.count("(") == bare.count(")")


# --- macOS ----------------------------------------------------------------------------------


def test_the_keys_of_the_bundle() -> None:
    keys = plistlib.loads((MACOS / "Info.plist").read_bytes())

    assert keys["LSUIElement"] is True
    assert keys["CFBundleIdentifier"] == app.APP_ID
    assert keys["LSMinimumSystemVersion"] == "14.0"  # of PySide6's wheels
    assert set(keys["CFBundleLocalizations"]) == {"en", "zh-Hans"}
    assert "CFBundleShortVersionString" not in keys  # the spec writes it
    assert '"CFBundleShortVersionString": VERSION' in SPEC


def test_the_entitlements_are_those_that_are_needed() -> None:
    rights = plistlib.loads((MACOS / "entitlements.plist").read_bytes())

    assert rights == {
        "com.apple.security.cs.allow-jit": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


def test_it_is_signed_from_the_inside_out_with_the_hardened_runtime() -> None:
    text = (MACOS / "disk-image.sh").read_text("utf-8").partition("set -euo")[2]
    steps = ("*.dylib", "QtWebEngineProcess.app", "*.framework", "MacOS/tidegauge", '"$app"\n')

    assert "--options runtime" in text
    assert "codesign --force --deep" not in text
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    order = [text.index(word) for word in ("hdiutil", "notarytool", "stapler", "spctl")]
    assert order == sorted(order)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize(
    "path",
    [CHECKOUT / "packaging/linux/deb-prerm", *sorted((CHECKOUT / "packaging").rglob("*.sh"))],
    ids=lambda path: path.name,
)
def test_the_scripts_hold_before_shellcheck(path: Path) -> None:
    done = subprocess.run(["shellcheck", str(path)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")
