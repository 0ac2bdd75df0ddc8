"""Earlier conversations as a person finds, renames, exports and deletes them, on a desktop.

The pictures of each step are kept if TIDEGAUGE_SHOTS names a folder.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import RunningProgram, Shoot, run_command, running_program
from support.session_keyring import store_sign_in

from app.conversations.store import FILE_NAME
from app.simulator.server import Simulator


def file_of(session: DesktopSession) -> Path:
    return Path(session.env["XDG_STATE_HOME"]) / "tidegauge" / FILE_NAME


def ask(program: RunningProgram, question: str) -> None:
    program.windows.wait_for("Message")
    program.type_text(question)
    program.press_key("Return")
    program.windows.wait_for_words(question)
    program.windows.wait_for("Copy answer", "push button")


def test_found_again_after_a_crash_renamed_and_deleted_for_good(
    simulator: Simulator, shoot: Shoot
) -> None:
    """F-D07, T-29: after SIGKILL the conversation is there; once deleted no byte of it is."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator, "--chat") as program:
            program.wait_for_tooltip("5-hour: ")
            simulator.script_answers("By a loop.")
            ask(program, "How to rename many files")
            program.press_key("ctrl+n")
            simulator.script_answers("Because of the SENTINEL.")
            ask(program, "Why SENTINEL")
            os.kill(program.process.pid, signal.SIGKILL)
            program.process.wait(30)
        assert file_of(session).stat().st_mode & 0o777 == 0o600
        with running_program(session, simulator, "--chat", log="again") as program:
            program.windows.wait_for_words("Because of the SENTINEL.")
            shoot(session, "list-resumed")

            program.press_key("ctrl+k")
            program.windows.wait_for_words("How to rename many files")
            shoot(session, "list-shown")
            program.type_text("LOOP")
            wait_until(lambda: "Why SENTINEL, " not in program.windows.words(), 10, "the search")
            program.press_key("Down")
            program.press_key("F2")
            program.press_key("ctrl+a")
            program.type_text("Renaming")
            program.press_key("Return")
            program.windows.wait_for_words("Renaming, ")
            shoot(session, "list-renamed")
            program.press_key("Return")
            program.windows.wait_for_words("By a loop.")
            shoot(session, "list-opened")

            program.press_key("ctrl+k")
            program.type_text("sentinel")
            wait_until(lambda: "Renaming, " not in program.windows.words(), 10, "the search")
            program.press_key("Down")
            program.press_key("Delete")
            program.windows.wait_for_words("Delete this conversation?")
            shoot(session, "list-delete")
            program.windows.press_button("Delete")
            program.windows.wait_for_words("Nothing found")
            folder = file_of(session).parent
            wait_until(
                lambda: not any(b"SENTINEL" in one.read_bytes() for one in kept_files(folder)),
                10,
                "its last byte to go",
            )
            listed = run_command(session, simulator, "chats", "list")
            assert "Renaming" in listed.stdout
            assert "SENTINEL" not in listed.stdout
            program.quit()


def kept_files(folder: Path) -> list[Path]:
    return list(folder.glob("conversations*"))
