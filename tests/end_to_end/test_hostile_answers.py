"""Hundreds of hostile answers in a real transcript, and every call to the system watched."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from support.hostile_answers import MARK

_CHECKOUT = Path(__file__).resolve().parents[2]
_SCRIPT = _CHECKOUT / "tests" / "support" / "hostile_answers.py"
_CALLS = "open,openat,openat2,creat,connect,sendto,execve,stat,newfstatat,access,faccessat2"
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FONTS = ("/usr/share/fonts/", "/usr/local/share/fonts/", "/etc/fonts/", "/var/cache/fontconfig/")


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the answers name in every way, and nobody may open."""
    path = tmp_path_factory.mktemp("bait") / "secret.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    return path


def test_no_answer_opens_a_file_or_calls_anybody(bait: Path, short_folder: Path) -> None:
    """T-51, T-52, T-53, T-59, A9, figure 22: 0 files opened and 0 connections but our own.

    Our own are the program's modules and the system's fonts, which load as they are needed.
    """
    strace = shutil.which("strace")
    assert strace, "strace is missing; packaging/system-packages.txt lists it"
    log = short_folder / "calls"
    watched = [strace, "-f", "-qq", "-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(log)]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/pixel.png"
        done = subprocess.run(
            [*watched, sys.executable, str(_SCRIPT), str(bait), url],
            check=False,
            env={"HOME": str(short_folder), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        with pytest.raises(BlockingIOError):
            server.accept()
    figures = json.loads(done.stdout)
    print(figures)
    assert figures["count"] >= 500
    assert figures["grown_mb"] <= 150
    calls = _between_marks(log.read_text("utf-8", "replace"))
    assert [call for call in calls if not _is_our_own(call, short_folder)] == []


def _between_marks(trace: str) -> list[str]:
    """The calls while the answers were shown."""
    _before, shown, *_after = re.split(rf".*{re.escape(MARK)}.*\n", trace)
    return shown.splitlines()


def _is_our_own(call: str, home: Path) -> bool:
    if re.search(r"\b(connect|sendto|execve|creat)\(", call):
        return False
    found = _PATH.search(call)
    path = found[1] if found else ""
    paths = sysconfig.get_paths()
    ours = (str(_CHECKOUT), sys.prefix, sys.base_prefix, *paths.values(), *_FONTS)
    caches = (f"{home}/.cache/fontconfig", f"{home}/.fonts", f"{home}/.local/share/fonts")
    return not path or path.startswith((*ours, *caches))
