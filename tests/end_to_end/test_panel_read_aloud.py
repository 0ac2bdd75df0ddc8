"""The panel as a screen reader finds it: names, roles, values and focus, read back over AT-SPI."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from gallery.states import BANNERS
from support.accessible_tree import FOCUSED, AccessibleProgram
from support.desktop_session import DesktopSession, desktop_session, wait_until

_PROGRAM = Path(__file__).parents[1] / "support" / "panel_program.py"
_PROGRESS = "progress bar"
_BUTTON = "push button"


@dataclass
class Shown:
    """A panel on a display of its own."""

    session: DesktopSession
    process: subprocess.Popen[bytes]
    tree: AccessibleProgram

    def key(self, name: str) -> None:
        subprocess.run(["xdotool", "key", name], env=self.session.env, check=True)

    def focused(self) -> str:
        """The name of what has the keyboard; "" while nothing has it."""
        nodes = [node for node in self.tree.nodes() if FOCUSED in node.states]
        return nodes[-1].name if nodes else ""

    def said(self, words: str) -> None:
        wait_until(lambda: words in self.session.log("panel"), 10, words)


@contextmanager
def shown(state: str) -> Iterator[Shown]:
    with desktop_session("none", accessibility=True) as session:
        process = session.start([sys.executable, str(_PROGRAM), state], log="panel")
        tree = AccessibleProgram(session.bus_address, process.pid)
        try:
            tree.wait_for("Tidegauge: limits")
            yield Shown(session, process, tree)
        finally:
            tree.close()


@pytest.fixture
def warning() -> Iterator[Shown]:
    with shown("warning") as panel:
        yield panel


def test_gauges_and_bars_have_name_role_value_and_a_sentence(warning: Shown) -> None:
    """Peers, fact 38: readers heard "image" or nothing."""
    tree = warning.tree
    told = {
        (node.name, round(tree.value(node)), node.description)
        for node in tree.nodes()
        if node.role == _PROGRESS
    }
    assert told == {
        ("5-hour", 78, "5-hour limit: 78 % used, resets in 1 hour 19 minutes."),
        ("Weekly", 31, "Weekly limit: 31 % used, resets in 3 days 23 hours."),
        ("Code review", 4, "Code review limit: 4 % used, resets in 20 hours 19 minutes."),
        ("Spark", 96, "Spark limit: 96 % used, resets in 41 minutes."),
    }


def test_the_window_speaks_one_sentence_per_limit(warning: Shown) -> None:
    panel = next(n for n in warning.tree.nodes() if n.name == "Tidegauge: limits" and n.description)
    assert [line.split(":")[0] for line in panel.description.splitlines()] == [
        "5-hour limit",
        "Weekly limit",
        "Code review limit",
        "Spark limit",
    ]


def test_everything_visible_is_read_and_buttons_say_what_they_do(warning: Shown) -> None:
    nodes = warning.tree.nodes()
    words = warning.tree.words()
    for text in (
        *("ann@example.com", "Plus", "resets in 1 h 19 m", "today 15:00", "13 % in reserve"),
        *("Credits", "150.00", "about 30 to 150 local messages", "Updated 12 s ago"),
        "runs out 14:43,\n17\u00a0m before the reset",
    ):
        assert text in words
    buttons = {node.name: node.description for node in nodes if node.role == _BUTTON}
    assert buttons == {
        "Show what is left": "Show what is left",
        "Ask the service for the numbers now": "Ask the service for the numbers now",
        "Settings": "Settings",
        "History": "Use over time, with resets and gaps",
        "Chat": "Ask a question; it counts against the same limits",
    }


def test_the_keyboard_goes_round_and_presses_everything(warning: Shown) -> None:
    wait_until(lambda: warning.focused() != "", 20, "keyboard focus")
    names = []
    for _ in range(5):
        before = warning.focused()
        warning.key("Tab")
        wait_until(lambda before=before: warning.focused() not in ("", before), 10, "focus moved")  # type: ignore[misc]
        names.append(warning.focused())
    assert names == [
        "Show what is left",
        "Ask the service for the numbers now",
        "Settings",
        "History",
        "Chat",
    ]
    warning.key("space")
    warning.said("chat_requested")
    warning.key("F5")
    warning.said("refresh_requested")
    warning.key("Escape")
    warning.said("closed")
    assert warning.process.wait(10) == 0


def test_a_reader_swaps_used_and_left_and_hears_the_new_values(warning: Shown) -> None:
    warning.tree.press_button("Show what is left")
    warning.said("shows_chosen remaining")
    button = warning.tree.wait_for("Show what is used", _BUTTON)
    assert button.name == "Show what is used"
    dial = warning.tree.wait_for("5-hour", _PROGRESS)
    assert (round(warning.tree.value(dial)), "22 % left" in dial.description) == (22, True)


def test_warnings_are_read_first_and_their_buttons_say_what_of() -> None:
    with shown("banners") as panel:
        names = [node.name for node in panel.tree.nodes()]
        places = ["ann@example.com", *(banner.title for banner in BANNERS), "5-hour"]
        places += ["Code review", "Credits", "Updated 12 s ago", "Chat"]
        found = [names.index(name) for name in places]
        assert found == sorted(found)  # from above to below
        dismiss = [n for n in panel.tree.nodes() if n.role == _BUTTON and n.name == "Dismiss"]
        assert [node.description for node in dismiss] == [
            "5-hour limit: 90 % used",
            "Spark limit reached",
            "A saved reset expires soon",
        ]
        panel.tree.press(dismiss[1])
        panel.said("warning_dismissed k2")


@pytest.mark.parametrize(
    ("state", "button"),
    [
        ("signed-out", "Sign in"),
        ("keyring-locked", "Unlock keyring"),
        ("error-no-data", "Try again"),
    ],
)
def test_without_numbers_the_one_thing_to_do_has_the_keyboard(state: str, button: str) -> None:
    with shown(state) as panel:
        wait_until(lambda: panel.focused() == button, 20, f"focus on {button}")
