"""Help as a person reaches it: settings, then the diagnosis and the about window."""

from __future__ import annotations

import json

from support.accessible_tree import Node
from support.desktop_session import desktop_session, wait_until
from support.running_program import RunningProgram, running_program
from support.session_keyring import store_sign_in

from app import VERSION
from app.simulator.accounts import ANN
from app.simulator.server import Simulator


def text_of(program: RunningProgram, name: str) -> str:
    found: Node | None = program.windows.find(name)
    return found.text if found is not None else ""


def test_the_diagnosis_of_a_program_that_runs_and_what_it_is_made_of(simulator: Simulator) -> None:
    """T-41: what can be handed on has no identity in it until that is asked for."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        tokens = store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            program.tray.click("Settings")
            program.windows.press_button("Diagnosis…")
            name = "Text of the diagnosis"
            wait_until(lambda: '"format"' in text_of(program, name), 20, "the diagnosis")
            made = json.loads(text_of(program, name))
            assert made["qt"]["platform"] == "xcb"
            assert made["qt"]["tray"] == "status notifier"
            assert made["steps"][0]["outcome"] == "accepted"
            assert made["readings"][-1]["limits"][0]["windows"][0]["used_percent"] == 86
            assert made["sign_in"]["tokens"]["expires_in_s"] > 0
            for word in (ANN.email, ANN.account_id, tokens.access_token, str(session.folder)):
                assert word not in json.dumps(made)
            box = program.windows.wait_for("Add my e-mail address, plan and account number")
            program.windows.press(box, "Toggle")
            wait_until(lambda: ANN.email in text_of(program, name), 20, "the identity asked for")
            assert tokens.access_token not in text_of(program, name)
            program.windows.press_button("About…")
            parts = "Components and their licences"
            wait_until(lambda: "httpx" in text_of(program, parts), 20, "the components")
            assert f"Version {VERSION}" in program.windows.words()
            program.windows.press_button("Show licence texts")
            wait_until(lambda: "Permission" in text_of(program, parts), 20, "the licences")
            program.quit()
