"""T-24: the host is what stands out, and its end is what stays."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.sign_in_window.address import shown_address
from app.sign_in_window.address_line import AddressLine
from app.sign_in_window.progress_line import ProgressLine
from app.ui import theme

ADDRESS = "https://auth.example/u/login"


def a_line(qtbot: QtBot, address: str, width: int = 400) -> AddressLine:
    line = AddressLine("Address of this page")
    qtbot.addWidget(line)
    line.resize(width, line.height())
    line.show_address(shown_address(address))
    line.show()
    return line


def ink_of(image: QImage) -> int:
    """How many pixels are in the colour of emphasised text."""
    ink = QColor(theme.current().ink)
    return sum(
        image.pixelColor(x, y) == ink for x in range(image.width()) for y in range(image.height())
    )


def test_a_screen_reader_is_told_where_one_is(qtbot: QtBot) -> None:
    line = a_line(qtbot, "https://сhatgpt.com/u/login?state=secret")

    assert line.accessibleName() == "Address of this page"
    assert line.accessibleDescription() == "https://xn--hatgpt-hrf.com/u/login"


def test_only_the_host_is_in_full_ink(qtbot: QtBot) -> None:
    with_host = ink_of(a_line(qtbot, ADDRESS).grab().toImage())
    without = ink_of(a_line(qtbot, "about:blank").grab().toImage())

    assert with_host > 0
    assert without == 0


def test_of_a_long_host_the_end_stays(qtbot: QtBot) -> None:
    """A known name in front of a strange one is what is cut."""
    front = "chatgpt.com.signin.secure.account.session.check."
    one = a_line(qtbot, f"https://{front}{front}evil.example/", 200)
    other = a_line(qtbot, f"https://other.{front}{front}evil.example/", 200)
    third = a_line(qtbot, f"https://{front}{front}good.example/", 200)

    assert one.grab().toImage() == other.grab().toImage()
    assert one.grab().toImage() != third.grab().toImage()


def test_progress_shows_between_the_ends_only(qtbot: QtBot) -> None:
    line = ProgressLine("Loading…")
    qtbot.addWidget(line)
    line.resize(100, line.height())
    line.show()
    pictures = []
    for percent in (0, 50, 100):
        line.show_percent(percent)
        pictures.append(line.grab().toImage())

    assert pictures[0] == pictures[2]
    assert pictures[0] != pictures[1]
