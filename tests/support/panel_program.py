"""A program with nothing but the panel, as a window, for tests that look at it from outside.

    python panel_program.py STATE

Shows the state of that name (see `gallery.states`); prints every wish.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]

from gallery.states import NOW, PANEL_STATES, ZONE  # noqa: E402

from app.ui.first_icon import TrayApplication  # noqa: E402
from app.ui.panel import Panel  # noqa: E402
from app.ui.theme import Theme  # noqa: E402

_WISHES = (
    *("refresh_requested", "chat_requested", "history_requested", "settings_requested"),
    *("sign_in_requested", "shows_chosen", "warning_snoozed", "warning_dismissed", "closed"),
)


def main() -> int:
    application = TrayApplication(["panel"])
    theme = Theme(application, "light")
    panel = Panel(clock=lambda: NOW, zone=ZONE)
    state = PANEL_STATES[sys.argv[1]]

    def choose(shows: str) -> None:
        panel.render(replace(state, settings=replace(state.settings, gauge_shows=shows)))

    def tell(name: str) -> None:
        getattr(panel, name).connect(lambda *words: print(name, *words, flush=True))

    for name in _WISHES:
        tell(name)
    panel.shows_chosen.connect(choose)
    panel.closed.connect(application.exit)
    panel.render(state)
    panel.show_near(None)
    assert theme is not None
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
