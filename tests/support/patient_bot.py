"""pytest-qt's hands, with patience for a machine that stands still for seconds."""

from __future__ import annotations

from functools import partialmethod

from pytestqt.qtbot import QtBot

_PATIENCE_MS = 30_000  # five seconds are the library's


class PatientBot(QtBot):
    """As `QtBot`; what comes at all is waited for much longer."""

    waitActive = partialmethod(QtBot.waitActive, timeout=_PATIENCE_MS)  # noqa: N815 - its names
    waitExposed = partialmethod(QtBot.waitExposed, timeout=_PATIENCE_MS)  # noqa: N815 - its names
    waitSignal = partialmethod(QtBot.waitSignal, timeout=_PATIENCE_MS)  # noqa: N815 - its names
    waitUntil = partialmethod(QtBot.waitUntil, timeout=_PATIENCE_MS)  # noqa: N815 - its names
