"""Which program opens an address, and that no shell or template is involved."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.auth import browser
from app.auth.browser import open_in_browser, opener, opener_environment

URL = "http://localhost:1455/start/nonce?a=b&c=$(touch evil);d"


def program(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{body}")
    path.chmod(0o700)
    return path


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A browser that writes down its arguments."""
    return program(
        tmp_path,
        "recorder",
        f"import sys; open({str(tmp_path / 'argv')!r}, 'w').write(repr(sys.argv[1:]))",
    )


async def test_the_address_is_one_argument_of_one_program(
    recorder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-17"""
    monkeypatch.setenv("BROWSER", str(recorder))
    assert await open_in_browser(URL)
    assert recorder.with_name("argv").read_text() == repr([URL])


async def test_an_opener_that_fails_has_not_opened_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-L12"""
    monkeypatch.setenv("BROWSER", str(program(tmp_path, "broken", "raise SystemExit(3)")))
    assert not await open_in_browser(URL)
    bad = tmp_path / "no-program"
    bad.write_bytes(b"\x00\x01")
    bad.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(bad))
    assert not await open_in_browser(URL)


def is_there(pid: int) -> bool:
    """Whether the process runs, or ended without being collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_browser_in_the_foreground_counts_as_open_and_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, pid = tmp_path / "gate", tmp_path / "pid"
    slow = program(
        tmp_path,
        "slow",
        f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)",
    )
    monkeypatch.setenv("BROWSER", str(slow))
    monkeypatch.setattr(browser, "_VERDICT_S", 0.2)
    async with asyncio.timeout(10):
        assert await open_in_browser(URL)
        gate.touch()
        while is_there(int(pid.read_text())):  # noqa: ASYNC110 - a process has no event to wait for
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:1", "-version", ""])
async def test_only_web_addresses_are_opened(
    url: str, recorder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", str(recorder))
    assert not await open_in_browser(url)
    assert not recorder.with_name("argv").exists()


async def test_without_a_display_there_is_no_browser() -> None:
    """F-L12"""
    assert not await open_in_browser(URL)


@pytest.mark.parametrize(
    "value", ["evil %s", "firefox", "/bin/sh -c evil %s", "/no/such/program", "xdg-open:w3m", ""]
)
def test_a_command_template_in_browser_is_ignored(value: str) -> None:
    """T-17"""
    assert opener({"BROWSER": value, "PATH": "/nowhere"}, "linux") is None


def test_the_desktops_opener_is_used_on_a_display(tmp_path: Path) -> None:
    opener_program = program(tmp_path, "xdg-open", "")
    for display in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment = {display: ":0", "PATH": str(tmp_path)}
        assert opener(environment, "linux") == str(opener_program)
    assert opener({"PATH": str(tmp_path)}, "linux") is None
    assert opener({}, "darwin") == "/usr/bin/open"


def test_a_bundles_library_paths_stay_inside_it() -> None:
    """T-50: another program would load our Qt plugins, and abort."""
    environment = {
        "LD_LIBRARY_PATH": "/bundle",
        "LD_LIBRARY_PATH_ORIG": "/own",
        "QT_PLUGIN_PATH": "/bundle/PySide6/Qt/plugins",
        "_PYI_PARENT_PROCESS_LEVEL": "1",
        "HOME": "/h",
    }
    assert opener_environment(environment, bundle="/bundle") == {
        "LD_LIBRARY_PATH": "/own",
        "HOME": "/h",
    }
    assert opener_environment({"LD_LIBRARY_PATH": "/bundle"}, bundle="/bundle") == {}
    assert opener_environment(environment, bundle="") == environment
