"""The desktop turns dark, then asks for contrast, by its portal: the open panel follows at once."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import running_program
from support.system_services import FakeService, Kind

from app.ui.colours import DARK, HIGH_DARK, LIGHT

_PORTAL = Kind(
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Settings",
    methods={"Read": ("v", (("v", ("u", 0)),))},  # no preference
)
_ENOUGH = 300  # pixels


def shows(session: DesktopSession, colour: str, picture: Path) -> bool:
    """Whether a good part of the screen has this colour, `#RRGGBB`."""
    wanted = tuple(bytes.fromhex(colour[1:]))
    with Image.open(session.screenshot(picture)) as screen:
        counted = screen.convert("RGB").getcolors(1 << 24) or []
    return any(count >= _ENOUGH and found == wanted for count, found in counted)


def test_an_open_panel_follows_the_desktop(tmp_path: Path) -> None:
    picture = tmp_path / "screen.png"
    with (
        desktop_session("double") as session,
        FakeService(session.bus_address, _PORTAL) as portal,
        running_program(session, None, "--show") as program,
    ):
        wait_until(lambda: shows(session, LIGHT.calm, picture), 30, "a light panel")
        for key, value, colour in (
            ("color-scheme", 1, DARK.background),
            ("contrast", 1, HIGH_DARK.calm),
            ("contrast", 0, DARK.calm),
            ("color-scheme", 2, LIGHT.calm),
        ):
            portal.emit("SettingChanged", "ssv", "org.freedesktop.appearance", key, ("u", value))
            wait_until(lambda colour=colour: shows(session, colour, picture), 20, key)  # type: ignore[misc]
        program.quit()
