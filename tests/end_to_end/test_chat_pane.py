"""The chat as a person drives it: keyboard, pointer, clipboard and screen reader, on a desktop.

The pictures of each step are kept if TIDEGAUGE_SHOTS names a folder.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from support.accessible_tree import FOCUSED
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import RunningProgram, Shoot, hold_for, run_command, running_program
from support.screen import picture, window_box
from support.session_keyring import store_sign_in
from support.shortcut_portal import shortcut_portal
from support.simulator import MakeSimulator

from app.simulator.server import Simulator
from app.simulator.state import Pace

ANSWERS = "/backend-api/codex/responses"
SLOW = Pace(first_s=0.2, between_s=0.02, delta_chars=6)
TITLE = "Chat"


@contextmanager
def chatting(
    simulator: Simulator, *arguments: str, settings: str = ""
) -> Iterator[tuple[DesktopSession, RunningProgram]]:
    """A signed-in program with these arguments, its numbers read."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        if settings:
            write_settings(session, settings)
        with running_program(session, simulator, *arguments) as program:
            program.wait_for_tooltip("86 %")
            yield session, program


def write_settings(session: DesktopSession, text: str) -> None:
    folder = Path(session.env["XDG_CONFIG_HOME"]) / "tidegauge"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "settings.toml").write_text(text)


def xdotool(session: DesktopSession, *arguments: str) -> str:
    done = subprocess.run(
        ["xdotool", *arguments], env=session.env, capture_output=True, check=False, text=True
    )
    return done.stdout.strip()


def is_open(session: DesktopSession) -> bool:
    return bool(xdotool(session, "search", "--onlyvisible", "--name", f"^{TITLE}$"))


def draft(program: RunningProgram) -> str:
    """What stands in the field."""
    node = program.windows.find("Message")
    return node.text if node is not None else ""


def asked(simulator: Simulator) -> list[dict[str, Any]]:
    """The bodies of all questions so far."""
    return [json.loads(one.body) for one in simulator.requests_to(ANSWERS)]


def wait_for_draft(program: RunningProgram, text: str) -> None:
    try:
        wait_until(lambda: draft(program) == text, 20, f"the field to hold {text!r}")
    except AssertionError as error:
        error.add_note(f"it holds {draft(program)!r}")
        raise


def open_chat(session: DesktopSession, simulator: Simulator) -> None:
    """By a second start, as a key of the desktop does it."""
    assert run_command(session, simulator, "--chat").returncode == 0
    wait_until(lambda: is_open(session), 20, "the chat")


def ask(program: RunningProgram, question: str) -> None:
    program.type_text(question)
    wait_for_draft(program, question)
    program.press_key("Return")


def transcript(session: DesktopSession) -> Image.Image:
    """The middle of the window, without the scroll bar, whose handle shrinks as text grows."""
    left, top, width, height = window_box(session, TITLE)
    box = (left + 8, top + 60, left + width - 24, top + height - 160)
    return picture(session).crop(box)


def test_asked_read_stopped_copied_edited_and_asked_of_another_model(
    make_simulator: MakeSimulator, shoot: Shoot
) -> None:
    """F-C01, F-C02, F-C06: the story of one chat."""
    simulator = make_simulator(pace=SLOW)
    with chatting(simulator) as (session, program):
        open_chat(session, simulator)
        ask(program, "Please tell a long story")
        program.windows.wait_for_words("Paragraph 3.")
        shoot(session, "pane-streaming")

        # Scrolled up, the text under the eyes stays where it is while more of it comes.
        left, top, width, height = window_box(session, TITLE)
        middle = (str(left + width // 2), str(top + height // 2))
        xdotool(session, "mousemove", *middle, "click", "--repeat", "4", "4")
        wait_until(lambda: transcript(session) == transcript(session), 10, "the scroll to end")
        seen = transcript(session)
        hold_for(1.0, lambda: transcript(session) == seen)
        shoot(session, "pane-scrolled-up")

        program.press_key("ctrl+period")
        program.windows.wait_for_words("Stopped")
        wait_until(lambda: simulator.disconnects, 10, "the socket to be closed")
        assert len(asked(simulator)) == 1
        shoot(session, "pane-stopped")

        program.windows.press_button("Copy answer")
        program.press_key("ctrl+l")
        program.press_key("ctrl+v")
        wait_until(lambda: "A long answer" in draft(program), 10, "the copied answer")
        program.press_key("ctrl+a")
        program.press_key("BackSpace")
        wait_for_draft(program, "")

        program.windows.press_button("Edit and send again")
        wait_for_draft(program, "Please tell a long story")
        program.windows.wait_for_words("Sending it replaces its answer.")
        program.press_key("ctrl+a")
        shoot(session, "pane-editing")
        ask(program, "Show a table")
        program.windows.wait_for_words("Show a table")
        wait_until(lambda: len(asked(simulator)) == 2)
        texts = [item["content"][-1]["text"] for item in asked(simulator)[1]["input"]]
        assert texts == ["Show a table"]
        program.windows.wait_for("Copy answer", "push button")
        wait_for_draft(program, "")

        model = asked(simulator)[1]["model"]
        program.press_key("ctrl+m")
        program.windows.wait_for_words("as the simulator plays it")
        shoot(session, "pane-models")
        program.press_key("Down")
        program.press_key("Down")
        program.press_key("Return")
        program.press_key("Escape")
        ask(program, "And now?")
        wait_until(lambda: len(asked(simulator)) == 3)
        assert asked(simulator)[2]["model"] != model
        program.quit()


def test_closed_in_the_middle_of_an_answer_the_stream_goes_on(
    make_simulator: MakeSimulator, shoot: Shoot
) -> None:
    """F-C02: a closed window loses nothing; quitting closes the socket and leaves no task."""
    simulator = make_simulator(pace=SLOW)
    with chatting(simulator, "--chat") as (session, program):
        wait_until(lambda: is_open(session), 20, "the chat")
        ask(program, "A long essay")
        program.windows.wait_for_words("Paragraph 1.")
        program.press_key("alt+F4")
        wait_until(lambda: not is_open(session), 10, "the window to close")
        assert simulator.disconnects == []
        open_chat(session, simulator)
        program.windows.wait_for_words("Paragraph 6.")
        program.type_text("typed meanwhile")
        wait_for_draft(program, "typed meanwhile")
        shoot(session, "pane-reopened")
        assert simulator.disconnects == []
        program.quit()
        assert "Event loop is closed" not in program.log_file
        wait_until(lambda: simulator.disconnects, 10, "the socket to be closed")


def test_a_crash_costs_neither_the_draft_nor_the_window_its_place(simulator: Simulator) -> None:
    """The draft is never lost; and it is nobody else's to read."""
    with chatting(simulator, "--chat") as (session, program):
        wait_until(lambda: is_open(session), 20, "the chat")
        program.type_text("half a question")
        window = xdotool(session, "search", "--onlyvisible", "--name", f"^{TITLE}$")
        xdotool(session, "windowmove", window, "200", "120")
        kept = Path(session.env["XDG_STATE_HOME"]) / "tidegauge" / "chat-desk.json"

        def is_kept() -> bool:
            told = json.loads(kept.read_text()) if kept.exists() else {"drafts": {}, "places": {}}
            # As far as a frame is thick; where it stood before is kept too, a moment earlier.
            is_there = any(
                abs(left - 200) < 40 and abs(top - 120) < 40
                for left, top, _, _ in told["places"].values()
            )
            return is_there and "half a question" in told["drafts"].values()

        wait_until(is_kept, 10, "draft and place to be kept")
        assert kept.stat().st_mode & 0o777 == 0o600
        place = window_box(session, TITLE)
        os.kill(program.process.pid, signal.SIGKILL)
        program.process.wait(30)
        wait_until(lambda: not is_open(session), 10, "the crash")
        with running_program(session, simulator, "--chat", log="again") as again:
            wait_until(lambda: is_open(session), 20, "the chat")
            wait_for_draft(again, "half a question")
            assert window_box(session, TITLE) == place
            again.quit()


def test_pinned_it_stays_above_and_the_key_that_sends_is_a_choice(
    simulator: Simulator, shoot: Shoot
) -> None:
    with chatting(simulator, "--chat", settings='chat_send_key = "shift_enter"\n') as (
        session,
        program,
    ):
        wait_until(lambda: is_open(session), 20, "the chat")
        window = xdotool(session, "search", "--onlyvisible", "--name", f"^{TITLE}$")

        def is_above() -> bool:
            command = ["xprop", "-id", window, "_NET_WM_STATE"]
            told = subprocess.run(command, env=session.env, capture_output=True, check=True)
            return b"_NET_WM_STATE_ABOVE" in told.stdout

        assert not is_above()
        program.windows.press(program.windows.wait_for("Keep on top of other windows"))
        wait_until(is_above, 10, "the window to stay above")
        assert is_open(session)
        shoot(session, "pane-pinned")
        program.type_text("one")
        program.press_key("Return")
        program.type_text("two")
        wait_for_draft(program, "one\ntwo")
        assert asked(simulator) == []
        program.press_key("shift+Return")
        wait_until(lambda: asked(simulator), 10, "the question")
        program.quit()


def test_a_key_of_the_desktop_opens_the_chat(simulator: Simulator) -> None:
    """Where the desktop has a portal of global shortcuts, and the setting wishes it."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        write_settings(session, "chat_shortcut = true\n")
        with (
            shortcut_portal(session.bus_address) as portal,
            running_program(session, simulator) as program,
        ):
            program.wait_for_tooltip("86 %")
            wait_until(lambda: "BindShortcuts" in portal.members(), 20, "the key to be bound")
            assert not is_open(session)
            portal.press()
            wait_until(lambda: is_open(session), 20, "the chat")
            program.type_text("hello")
            wait_for_draft(program, "hello")
            program.quit()


def test_a_file_is_chosen_and_goes_with_the_question(simulator: Simulator, shoot: Shoot) -> None:
    with chatting(simulator, "--chat") as (session, program):
        notes = Path(session.env["HOME"]) / "notes.txt"  # where the choice begins
        notes.write_text("the tide turns at noon")
        wait_until(lambda: is_open(session), 20, "the chat")
        program.press_key("ctrl+o")
        title = "Attach text files or pictures"

        def has_keyboard() -> bool:
            return xdotool(session, "getactivewindow", "getwindowname") == title

        wait_until(has_keyboard, 20, "the choice of files")
        program.type_text(notes.name)
        program.press_key("Return")
        program.windows.wait_for("Remove notes.txt", "push button")
        shoot(session, "pane-file")
        ask(program, "When does it turn?")
        wait_until(lambda: asked(simulator), 10, "the question")
        (question,) = asked(simulator)[0]["input"]
        assert "the tide turns at noon" in question["content"][0]["text"]
        program.windows.wait_for_words("With notes.txt")
        program.quit()


_HOLDS_PICTURE = """
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QGuiApplication, QImage

application = QGuiApplication(["clipboard"])
picture = QImage(60, 40, QImage.Format.Format_RGB32)
picture.fill(QColor("#C8391B"))
application.clipboard().setImage(picture)
QTimer.singleShot(0, lambda: print("holds it", flush=True))
application.exec()
"""


def test_a_picture_is_pasted_and_goes_with_the_question(simulator: Simulator, shoot: Shoot) -> None:
    with chatting(simulator, "--chat") as (session, program):
        wait_until(lambda: is_open(session), 20, "the chat")
        session.start([sys.executable, "-c", _HOLDS_PICTURE], log="clipboard")
        wait_until(lambda: "holds it" in session.log("clipboard"), 20, "the clipboard")
        program.type_text("What colour")
        program.press_key("ctrl+v")
        program.windows.wait_for("Remove Pasted picture.png", "push button")
        shoot(session, "pane-picture")
        program.type_text(" is it?")
        wait_for_draft(program, "What colour is it?")
        program.press_key("Return")
        wait_until(lambda: asked(simulator), 10, "the question")
        (question,) = asked(simulator)[0]["input"]
        kinds = [part["type"] for part in question["content"]]
        assert kinds == ["input_image", "input_text"]
        assert question["content"][0]["image_url"].startswith("data:image/png;base64,")
        program.quit()


def test_at_the_limit_the_question_is_kept_and_the_gauge_stands_beside_it(
    simulator: Simulator, shoot: Shoot
) -> None:
    """F-C03"""
    with chatting(simulator, "--chat") as (session, program):
        wait_until(lambda: is_open(session), 20, "the chat")
        simulator.set_used("codex", 100)
        ask(program, "Is there anything left?")
        program.windows.wait_for_words("Limit reached")
        wait_for_draft(program, "Is there anything left?")
        gauge = program.windows.wait_for("5-hour", "progress bar")
        assert program.windows.value(gauge) == 100
        assert "limit reached · resets" in program.windows.words()
        shoot(session, "pane-limit")
        program.quit()


def focused(program: RunningProgram) -> str:
    """The name of what has the keyboard."""
    found = (node for node in program.windows.nodes() if FOCUSED in node.states)
    return next((node.name for node in found), "")


def next_by_tab(program: RunningProgram) -> str:
    """The name of what Tab leads to."""
    before = focused(program)
    program.press_key("Tab")
    wait_until(lambda: focused(program) not in ("", before), 10, f"what comes after {before}")
    return focused(program)


def test_the_keyboard_reaches_what_a_screen_reader_reads(simulator: Simulator) -> None:
    """Names, roles and the way through them with Tab; in Chinese as well."""
    with chatting(simulator, "--chat") as (session, program):
        wait_until(lambda: is_open(session), 20, "the chat")
        ask(program, "Show a table")
        program.windows.wait_for("Copy answer", "push button")
        nodes = program.windows.nodes()
        assert not [node for node in nodes if node.role == "push button" and not node.name]
        wait_until(lambda: focused(program) == "Message", 10, "the field to have the keyboard")
        reached = []
        for _ in range(30):
            reached.append(next_by_tab(program))
            if reached[-1] == "Message":
                break
        assert reached[-1] == "Message"
        assert {
            "Attach files…",
            "service default",
            "Earlier conversations",
            "New chat",
            "Keep on top of other windows",
            "Settings",
            "Edit and send again",
            "Copy answer",
        } <= set(reached)
        program.quit()


def test_in_chinese_it_reads_chinese(simulator: Simulator, shoot: Shoot) -> None:
    with chatting(simulator, "--chat", settings='language = "zh_CN"\n') as (session, program):
        program.windows.wait_for_words("有问题尽管问")
        for name in ("添加附件…", "置于其他窗口之上", "新对话", "发送"):
            program.windows.wait_for(name)
        shoot(session, "pane-chinese")
        program.end(signal.SIGTERM)
