"""A program with nothing but the tray icon, for tests on real hosts.

    python tray_program.py STATE[,STATE…]

Prints every signal; a click shows the next of the states named (see `gallery.states`).
"""

from __future__ import annotations

import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]

from gallery.states import ICON_STATES, NOW, PANEL_STATES, ZONE  # noqa: E402
from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.ui.theme import Theme  # noqa: E402
from app.ui.tray import Tray  # noqa: E402

_WISHES = ("open", "refresh", "chat", "history", "settings", "sign_in", "sign_out", "quit")


def main() -> int:
    application = QApplication(["Tidegauge"])
    application.setApplicationName("Tidegauge")
    application.setQuitOnLastWindowClosed(False)
    tray = Tray(Theme(application, "light"), clock=lambda: NOW, zone=ZONE, patience_ms=500)
    known = PANEL_STATES | ICON_STATES
    states = [known[name] for name in sys.argv[1].split(",")]

    def show_next() -> None:
        if states:
            tray.render(states.pop(0))

    def toggled(point: object) -> None:
        place = "none" if point is None else f"({point.x()}, {point.y()})"  # type: ignore[attr-defined]
        print("toggled", place, flush=True)
        show_next()

    for wish in _WISHES:
        signal = getattr(tray, f"{wish}_requested")
        signal.connect(lambda wish=wish: print(f"{wish}_requested", flush=True))
    tray.quit_requested.connect(application.quit)
    tray.toggled.connect(toggled)
    tray.host_missing.connect(lambda: print("host_missing", flush=True))
    show_next()
    tray.start()

    def tell() -> None:
        if tray.has_host:
            print("has_host", flush=True)
        else:
            QTimer.singleShot(100, tell)

    tell()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
