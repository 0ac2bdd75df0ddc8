"""The real program, window after window, as somebody reaches it who only hears it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.accessible_tree import FOCUSABLE, Node
from support.desktop_session import desktop_session, wait_until
from support.running_program import RunningProgram, Shoot, running_program
from support.session_keyring import store_sign_in

from app.simulator.server import Simulator

_CONTROLS = {
    *("push button", "toggle button", "check box", "combo box", "spin box", "text", "list"),
    *("list item", "progress bar", "link", "slider"),
}
_BUTTON = "push button"


@pytest.fixture
def program(simulator: Simulator) -> Iterator[RunningProgram]:
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as running:
            running.wait_for_tooltip("5-hour: 86 % used")
            yield running
            running.quit()


def assert_named(program: RunningProgram, *expected: tuple[str, str]) -> None:
    """All that can be used on the screen has a name, and each (role, name) is among it."""
    for role, name in expected:
        program.windows.wait_for(name, role)
    nodes = program.windows.nodes()
    nameless = [_told(node) for node in nodes if _is_control(node) and not node.name.strip()]
    assert not nameless
    assert all(program.windows.windows()), "a window has no title"


def _is_control(node: Node) -> bool:
    return node.role in _CONTROLS or FOCUSABLE in node.states


def _told(node: Node) -> tuple[str, str, str]:
    return node.role, node.description, node.text


def choices(program: RunningProgram) -> set[str]:
    """What can be chosen, by the labels of the lists that open."""
    tree = program.windows
    boxes = [node for node in tree.nodes() if node.role == "combo box"]
    return {label.name for box in boxes for label in tree.labels(box)}


def test_panel_chat_list_models_and_history(
    program: RunningProgram, simulator: Simulator, shoot: Shoot
) -> None:
    program.tray.click("Open")
    assert_named(
        program,
        ("progress bar", "5-hour"),
        ("progress bar", "Weekly"),
        (_BUTTON, "Show what is left"),
        (_BUTTON, "Ask the service for the numbers now"),
        (_BUTTON, "History"),
        (_BUTTON, "Chat"),
    )
    program.windows.press_button("Chat")
    simulator.script_answers("By [a loop](https://example.org/loop):\n\n```sh\nmv -n\n```\n")
    assert_named(program, ("text", "Message"), (_BUTTON, "Attach files…"), (_BUTTON, "Send"))
    program.type_text("How to rename many files")
    program.press_key("Return")
    assert_named(program, (_BUTTON, "Copy answer"), (_BUTTON, "Copy"))
    assert "By a loop" in program.windows.words()
    program.press_key("ctrl+k")
    assert_named(program, ("text", "Search in conversations"), ("list", "Conversations"))
    shoot(program.session, "read-aloud-list")
    program.press_key("ctrl+k")
    program.tray.click("History")
    assert_named(program, (_BUTTON, "Save as CSV…"))
    assert "Limit" in choices(program)
    shoot(program.session, "read-aloud-history")


def test_settings_diagnosis_and_about(program: RunningProgram, shoot: Shoot) -> None:
    program.tray.click("Settings")
    assert_named(
        program,
        ("spin box", "Close to the limit from"),
        ("check box", "Quiet hours"),
        (_BUTTON, "Restore defaults…"),
    )
    assert {"Language", "Colours", "Contrast", "Send with"} <= choices(program)
    program.windows.press_button("Diagnosis…")
    assert_named(program, ("check box", "Add my e-mail address, plan and account number"))
    program.windows.press_button("About…")
    assert_named(program, (_BUTTON, "Show licence texts"))
    shoot(program.session, "read-aloud-help")


def test_sign_in_by_every_way_and_the_question_before_signing_out(
    program: RunningProgram, shoot: Shoot
) -> None:
    for way, expected in (
        ("On another device", (_BUTTON, "Copy code")),
        ("Paste the address", (_BUTTON, "Go on")),
        ("Use my browser", (_BUTTON, "Cancel")),
    ):
        program.tray.click("Add account…", "Accounts")
        assert_named(program, (_BUTTON, "Use my browser"), (_BUTTON, "On another device"))
        program.windows.press_button(way)
        assert_named(program, expected)
        shoot(program.session, f"read-aloud-{way.split()[0].lower()}")
        program.windows.press_button("Cancel")
        wait_until(lambda: program.windows.windows() == [], 20, "the dialog to close")
    program.tray.click("Sign out…")
    assert_named(program, ("check box", "Also delete the history and conversations kept here"))
    shoot(program.session, "read-aloud-remove")
    program.windows.press_button("Cancel")
