"""What a crash may leave behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.crash_traces import forbid_memory_dumps

CHECKOUT = Path(__file__).resolve().parents[2]
# In a process of its own: a limit that was taken away does not come back.
_ASK = """\
import ctypes, resource
from app.crash_traces import forbid_memory_dumps
forbid_memory_dumps(dict({variables!r}))
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


@on_linux
@pytest.mark.parametrize(
    ("variables", "dumpable"),
    [({}, 1), ({"TIDEGAUGE_NOT_DUMPABLE": ""}, 1), ({"TIDEGAUGE_NOT_DUMPABLE": "1"}, 0)],
)
def test_no_core_dump_and_no_debugger_if_wished(variables: dict[str, str], dumpable: int) -> None:
    """T-33: the hard limit, too, so that nothing that is started later lifts it."""
    asked = subprocess.run(
        [sys.executable, "-c", _ASK.format(variables=variables)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == f"(0, 0) {dumpable}\n"


def test_windows_has_no_such_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the modules to set one with: whoever imports them fails."""
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("resource", "ctypes"):
        monkeypatch.setitem(sys.modules, name, None)
    forbid_memory_dumps({"TIDEGAUGE_NOT_DUMPABLE": "1"})
