"""What a crash of the program may leave behind: nothing of its memory (T-33)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

NOT_DUMPABLE_VARIABLE = "TIDEGAUGE_NOT_DUMPABLE"
_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_memory_dumps(environment: Mapping[str, str] = os.environ) -> None:
    """No core dump of this process or of what it starts, for good.

    With `TIDEGAUGE_NOT_DUMPABLE` set, the kernel also keeps debuggers and crash handlers of the
    same user away (Linux). Not by default: desktop portals then cannot tell who asks them.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if environment.get(NOT_DUMPABLE_VARIABLE) and sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - whoever does not ask for it does not pay for it

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
