"""A setting changed at a terminal, or in an editor, is in force in the running program at once."""

from __future__ import annotations

from pathlib import Path

from support.desktop_session import desktop_session, wait_until
from support.running_program import run_command, running_program
from support.session_keyring import store_sign_in

from app.simulator.server import Simulator


def test_the_running_program_follows_what_is_set_elsewhere(simulator: Simulator) -> None:
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        file = Path(session.env["XDG_CONFIG_HOME"]) / "tidegauge" / "settings.toml"
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            assert "Quit" in program.tray.labels()
            ended = run_command(session, simulator, "config", "set", "language", "zh_CN")
            assert ended.returncode == 0
            program.wait_for_tooltip("86 %", "已用")
            file.write_text('language = "zh_C')  # an editor, in the middle of it
            file.write_text('language = "en"\ngauge_shows = "remaining"\n')
            program.wait_for_tooltip("5-hour: 14 % left")
            file.write_text("gauge_shows = used\n")  # F-D21: without the quotes
            run_command(session, simulator, "--show")
            program.windows.wait_for_words("The settings file cannot be used as it is now")
            file.write_text('language = "en"\ngauge_shows = "remaining"\n')
            wait_until(lambda: "settings file" not in program.windows.words(), 20, "the note to go")
            program.quit()
        assert file.read_text() == 'language = "en"\ngauge_shows = "remaining"\n'
