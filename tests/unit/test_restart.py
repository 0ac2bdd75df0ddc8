"""How the program is started again, in the place of itself."""

from __future__ import annotations

import pytest

from app.instance.start import TrayStart
from app.restart import restart_command

OWN = ("/opt/tidegauge/tidegauge", "--autostarted")
CHECKOUT = ("/usr/bin/python3", "-P", "-m", "app", "--autostarted")


@pytest.mark.parametrize(
    ("own", "start", "expected"),
    [
        (OWN, TrayStart(), ["/opt/tidegauge/tidegauge", "--show"]),
        (OWN, TrayStart(is_autostarted=True), ["/opt/tidegauge/tidegauge", "--show"]),
        (OWN, TrayStart(verb="chat"), ["/opt/tidegauge/tidegauge", "--show"]),
        (
            OWN,
            TrayStart(demo=True, debug=True),
            ["/opt/tidegauge/tidegauge", "--demo", "--debug", "--show"],
        ),
        (CHECKOUT, TrayStart(), ["/usr/bin/python3", "-P", "-m", "app", "--show"]),
    ],
)
def test_it_comes_back_with_its_panel_and_as_what_it_was(
    own: tuple[str, ...], start: TrayStart, expected: list[str]
) -> None:
    assert restart_command(own, start) == expected
