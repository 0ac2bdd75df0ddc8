"""Finds things on the screen of a desktop session by their colour, and clicks on them."""

from __future__ import annotations

import io
import subprocess

from PIL import Image
from support.desktop_session import DesktopSession

_NEAR = 24  # per channel: panels scale icons, and blend their edges


def picture(session: DesktopSession) -> Image.Image:
    """The whole screen."""
    command = ["import", "-window", "root", "-depth", "8", "ppm:-"]
    shot = subprocess.run(command, env=session.env, capture_output=True, check=True)
    return Image.open(io.BytesIO(shot.stdout)).convert("RGB")


def find_colour(image: Image.Image, colour: str, *, below: int = 0) -> tuple[int, int] | None:
    """The middle of all that has about this colour ("#RRGGBB") from row `below` on."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    part = image.crop((0, below, image.width, image.height))
    data = part.tobytes()
    found = [
        divmod(index // 3, part.width)
        for index in range(0, len(data), 3)
        if all(abs(data[index + channel] - wanted[channel]) <= _NEAR for channel in range(3))
    ]
    if not found:
        return None
    rows, columns = sorted(y for y, _ in found), sorted(x for _, x in found)
    return columns[len(columns) // 2], rows[len(rows) // 2] + below


def click(session: DesktopSession, x: int, y: int) -> None:
    """Move the pointer there and press its left button, as a person does: not twice at once.

    Two clicks within 400 ms at one place are a double click, which is something else.
    """
    command = ["xdotool", "mousemove", str(x), str(y), "sleep", "0.5", "click", "1"]
    subprocess.run(command, env=session.env, check=True)


def window_box(session: DesktopSession, title: str) -> tuple[int, int, int, int]:
    """Left, top, width and height of the visible window with this title."""
    search = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
    shell = ["getwindowgeometry", "--shell"]
    told = subprocess.run(
        [*search, *shell], env=session.env, capture_output=True, text=True, check=True
    )
    values = dict(line.split("=") for line in told.stdout.splitlines() if "=" in line)
    return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])


def visible_windows(session: DesktopSession) -> list[str]:
    """The titles of the program's windows on the screen."""
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--class", "tidegauge"],
        env=session.env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()
