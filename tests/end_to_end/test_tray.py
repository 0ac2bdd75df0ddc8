"""The tray icon on real hosts: StatusNotifier (double, xfce4-panel, lxqt-panel) and XEmbed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desktop_session import DesktopSession, desktop_session, end, wait_until
from support.screen import find_colour, picture
from support.tray_host import Pixmap, TrayReader

from app.ui.colours import LIGHT

_PROGRAM = Path(__file__).parents[1] / "support" / "tray_program.py"


@pytest.fixture
def double() -> Iterator[DesktopSession]:
    with desktop_session("double") as session:
        yield session


@pytest.fixture
def reader(double: DesktopSession) -> Iterator[TrayReader]:
    reader = TrayReader(double.bus_address)
    yield reader
    reader.close()


def _start(session: DesktopSession, state: str = "warning") -> subprocess.Popen[bytes]:
    return session.start([sys.executable, str(_PROGRAM), state], log="program")


def _said(session: DesktopSession, words: str, seconds: float = 10.0) -> None:
    wait_until(lambda: words in session.log("program"), seconds, words)


def _colour_at(reader: TrayReader, x: int, y: int, size: int = 32) -> str:
    _alpha, red, green, blue = reader.pixmaps()[size].pixel(x, y)
    return f"#{red:02X}{green:02X}{blue:02X}"


def test_the_item_shows_icon_tooltip_and_menu(double: DesktopSession, reader: TrayReader) -> None:
    _start(double)
    reader.wait_for_item()
    assert reader.read("Id") == "Tidegauge"
    assert _colour_at(reader, 9, 26) == LIGHT.close
    assert _colour_at(reader, 22, 26) == LIGHT.calm
    assert {16, 22, 24, 32} <= set(reader.pixmaps())
    tooltip = reader.tooltip()
    assert "5-hour: 78 % used, resets at 15:00" in tooltip
    assert "Weekly: 31 % used" in tooltip
    assert "Code review" in tooltip
    assert reader.labels() == [
        "Open",
        "5-hour 78 % used",
        "Weekly 31 % used",
        "Refresh now",
        "Chat",
        "History",
        "Settings",
        "Sign out…",
        "Quit",
    ]


def test_a_click_toggles_and_menu_entries_are_wishes(
    double: DesktopSession, reader: TrayReader
) -> None:
    program = _start(double)
    reader.wait_for_item()
    reader.activate(900, 700)
    _said(double, "toggled")
    for label, signal in (
        ("Open", "open"),
        ("Refresh now", "refresh"),
        ("Chat", "chat"),
        ("History", "history"),
    ):
        reader.click(label)
        _said(double, f"{signal}_requested")
    reader.click("Quit")
    assert program.wait(30) == 0


def test_the_icon_changes_with_the_state(double: DesktopSession, reader: TrayReader) -> None:
    _start(double, "fresh,exhausted")
    reader.wait_for_item()
    reader.wait_for(lambda: _colour_at(reader, 9, 26) == LIGHT.calm, what="calm")
    reader.activate()  # the program shows its next state
    reader.wait_for(lambda: _colour_at(reader, 7, 26) == LIGHT.over, what="exhausted")
    assert "Limit reached" in reader.tooltip()


def _shape(pixmap: Pixmap) -> bytes:
    """What is left of a picture without its colours: how much covers each pixel."""
    return pixmap.data[0::4]


def test_every_state_reads_without_colour_from_what_the_host_holds(
    double: DesktopSession, reader: TrayReader
) -> None:
    """The pictures as sent over D-Bus: each state has a shape of its own, at 16 pixels too."""
    names = ["starting", "signed-out", "fresh", "exhausted", "stale", "doubtful", "error"]
    names += ["offline", "number", "number-full", "mono-over"]
    _start(double, ",".join(names))
    reader.wait_for_item()
    small: dict[str, bytes] = {}
    for name in names:
        reader.wait_for(lambda: _shape(reader.pixmaps()[16]) not in small.values(), what=name)
        pixmaps = reader.pixmaps()
        assert set(pixmaps) == {16, 22, 24, 32, 44, 48, 64}
        small[name] = _shape(pixmaps[16])
        reader.activate()  # the program shows its next state
    assert len(set(small.values())) == len(names)


def test_pixels_of_marks_numbers_and_one_colour(double: DesktopSession, reader: TrayReader) -> None:
    _start(double, "error,doubtful,offline,number,mono,number-full")
    reader.wait_for_item()
    probes = (
        ("error", 25, 6, LIGHT.over),
        ("doubtful", 30, 1, LIGHT.ink),
        ("offline", 25, 2, LIGHT.ink),
        ("number", 2, 24, LIGHT.close),  # the bar of the shorter window
        ("mono", 9, 26, LIGHT.ink),
        ("number-full", 16, 3, LIGHT.over),
    )
    for name, x, y, colour in probes:
        reader.wait_for(lambda x=x, y=y, c=colour: _colour_at(reader, x, y) == c, what=name)  # type: ignore[misc]
        reader.activate()


def test_what_looks_the_same_is_not_sent_again(double: DesktopSession, reader: TrayReader) -> None:
    """One percent that no pixel shows, and the icon is the very same: nothing on the bus."""
    _start(double, "fresh,fresh,warning")
    reader.wait_for_item()
    reader.wait_for(lambda: _colour_at(reader, 9, 26) == LIGHT.calm, what="calm")
    with reader.signals("NewIcon") as sent:
        reader.activate()
        _said(double, "toggled")
        reader.activate()
        reader.wait_for(lambda: _colour_at(reader, 9, 26) == LIGHT.close, what="close")
        assert sent() == 1


def test_the_icon_comes_with_a_host_that_starts_late() -> None:
    """F-D01: started first, the program waits; the SNI-only host that comes later gets the icon."""
    with desktop_session("none") as session:
        _start(session)
        _said(session, "host_missing")
        session.start_host("double")
        reader = TrayReader(session.bus_address)
        reader.wait_for_item(5)
        assert reader.tooltip()
        reader.close()


def test_the_icon_is_back_after_the_host_restarted(
    double: DesktopSession, reader: TrayReader
) -> None:
    """F-D02: within five seconds."""
    _start(double)
    reader.wait_for_item()
    end(double.host_process)
    wait_until(lambda: not reader.items(), 20, "the host is gone")
    double.start_host("double")
    reader.wait_for_item(5)
    assert "5-hour" in reader.tooltip()


def test_an_icon_in_an_xembed_tray_moves_to_a_statusnotifier_host() -> None:
    """F-D02: the panel was replaced by one that speaks another protocol."""
    with desktop_session("trayer") as session:
        _start(session)
        _said(session, "has_host")
        end(session.host_process)
        session.start_host("double")
        reader = TrayReader(session.bus_address)
        reader.wait_for_item(5)
        reader.close()


def test_nothing_wakes_up_once_the_icon_stands(double: DesktopSession, reader: TrayReader) -> None:
    program = _start(double)
    reader.wait_for_item()
    _said(double, "has_host")
    wait_until(lambda: _wake_ups_in_two_seconds(program.pid) <= 1, 20, "no wake-ups")


@pytest.mark.parametrize("host", ["xfce4-panel", "lxqt-panel"])
def test_real_panels_take_the_icon(host: str) -> None:
    with desktop_session(host) as session:
        session.wait_for_name("org.kde.StatusNotifierWatcher")
        _start(session)
        reader = TrayReader(session.bus_address)
        reader.wait_for_item()
        assert "5-hour" in reader.tooltip()
        reader.click("Open")
        _said(session, "open_requested")
        reader.close()


def test_an_xembed_tray_takes_clicks_and_tells_where_the_icon_is() -> None:
    with desktop_session("trayer") as session:
        _start(session)
        _said(session, "has_host")
        wait_until(lambda: _press(session) and "toggled (1" in session.log("program"), 10, "click")


def test_an_xembed_tray_shows_the_icon_drawn_for_its_size() -> None:
    """Not scaled from another: across the columns there is no colour between two others."""
    with desktop_session("trayer") as session:
        _start(session)
        places: list[tuple[int, int]] = []

        def found() -> bool:
            place = find_colour(picture(session), LIGHT.close, below=740)
            places[:] = [place] if place else []
            return bool(places)

        wait_until(found, 20, "our icon")
        x, y = places[0]
        image = picture(session)
        row = [image.getpixel((column, y)) for column in range(x - 12, min(x + 24, image.width))]
        assert len(set(row)) == 3, row  # the panel, the fill, the track of the longer window
        assert row.count(tuple(bytes.fromhex(LIGHT.close[1:]))) in (5, 6, 7, 8)


def _press(session: DesktopSession) -> bool:
    """Click where trayer puts its first icon: the right end of the bottom edge."""
    for x in (1268, 1150, 1160, 1170):
        click = ["xdotool", "mousemove", str(x), "788", "click", "1"]
        subprocess.run(click, env=session.env, check=True, capture_output=True)
    return True


def _wake_ups(pid: int) -> int:
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def _wake_ups_in_two_seconds(pid: int) -> int:
    before = _wake_ups(pid)
    time.sleep(2)  # a measurement, not a wait
    return _wake_ups(pid) - before
