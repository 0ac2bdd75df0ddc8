"""The second start, the locked keyring, no keyring at all, and signing out."""

from __future__ import annotations

import subprocess

import pytest
from support.desktop_session import KEYRING_PASSWORD, DesktopSession, desktop_session, wait_until
from support.running_program import Shoot, hold_for, opened_address, running_program
from support.session_keyring import is_locked, lock, store_sign_in, stored_secrets, unlock

from app.simulator.server import Simulator
from app.simulator.visitor import visit

PROMPTER = {"org.gnome.keyring.SystemPrompter": "/usr/libexec/gcr-prompter"}


def asked(session: DesktopSession, *arguments: str) -> str:
    """What xdotool answers; empty if it finds nothing."""
    command = ["xdotool", *arguments]
    answer = subprocess.run(command, env=session.env, capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def prompts(session: DesktopSession) -> str:
    """The window in which the keyring asks for its password; empty if there is none."""
    return asked(session, "search", "--onlyvisible", "--class", "gcr-prompter")


def test_the_second_start_signs_in_from_the_keyring(simulator: Simulator) -> None:
    """F-T17: neither a prompt nor a browser, and no request to the sign-in server."""
    with desktop_session("double", keyring=True, activates=PROMPTER) as session:
        store_sign_in(session, simulator)
        for number in (1, 2):
            with running_program(session, simulator, log=f"start-{number}") as program:
                program.wait_for_tooltip("5-hour: 86 % used", "Weekly: 31 % used")
                assert "Sign out…" in program.tray.labels()
                assert "Sign in" not in program.tray.labels()
                assert not prompts(session)
                program.quit()
        assert not simulator.requests_to("/oauth/")
        assert not (session.folder / "opened").exists()


def test_a_locked_keyring_is_told_without_a_prompt(simulator: Simulator) -> None:
    """F-T17: at the start nothing pops up; once unlocked elsewhere, the program goes on."""
    with desktop_session("double", keyring=True, activates=PROMPTER) as session:
        store_sign_in(session, simulator)
        lock(session)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("Keyring locked")
            hold_for(1.0, lambda: not prompts(session))
            assert is_locked(session)
            assert "Sign in" not in program.tray.labels()
            assert not simulator.requests
            unlock(session)
            program.wait_for_tooltip("5-hour: 86 % used")
            assert not prompts(session)
            assert not program.children()  # what waited for it is gone
            assert not (session.folder / "opened").exists()
            program.quit()


def test_the_menu_asks_for_the_keyrings_password(simulator: Simulator, shoot: Shoot) -> None:
    """F-T17: the system's own prompt comes when it is asked for."""
    with desktop_session("double", keyring=True, activates=PROMPTER) as session:
        store_sign_in(session, simulator)
        lock(session)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("Keyring locked")
            program.tray.click("Unlock keyring")
            wait_until(lambda: prompts(session), 30, "the password prompt")
            wait_until(
                lambda: asked(session, "getactivewindow") == prompts(session), 30, "its focus"
            )
            shoot(session, "keyring-prompt")
            asked(session, "type", KEYRING_PASSWORD)
            asked(session, "key", "Return")
            program.wait_for_tooltip("5-hour: 86 % used")
            program.quit()


@pytest.mark.xdist_group("callback-port")
def test_without_a_keyring_the_sign_in_lasts_for_this_run(
    simulator: Simulator, shoot: Shoot
) -> None:
    """T-31, F-T22: kept in memory, said in the window and asked on quitting, never in a file."""
    with desktop_session("double", accessibility=True) as session:
        with running_program(session, simulator, log="first") as program:
            program.wait_for_tooltip("Not signed in")
            program.tray.activate()
            program.windows.wait_for_words("No keyring found")
            program.windows.press_button("Sign in")
            program.windows.press_button("Use my browser")
            visit(opened_address(session))
            program.windows.press_button("Use this account")
            program.wait_for_tooltip("5-hour: 86 % used")
            program.tray.click("Open")
            program.windows.wait_for_words("Signed in for this run only")
            shoot(session, "no-keyring")
            assert_nothing_is_cut_off(session, "Tidegauge: limits")
            children = program.children()
            program.tray.click("Quit")
            program.windows.wait_for_words("Quit and lose the sign-in?")
            program.windows.press_button("Quit anyway")
            program.assert_clean_end(children)
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("Not signed in")
            program.tray.activate()
            program.windows.wait_for_words("A sign-in was lost")
            program.quit()


def assert_nothing_is_cut_off(session: DesktopSession, title: str) -> None:
    """The rounded corners of the small panel are gone where it stands as a window."""
    command = ["xwininfo", "-name", title, "-shape"]
    told = subprocess.run(command, env=session.env, capture_output=True, text=True, check=True)
    assert "No window shape defined" in told.stdout


def test_signing_out_leaves_nothing(simulator: Simulator) -> None:
    """T-43: the token is revoked at the service and every entry is gone from the keyring."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        tokens = store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            assert stored_secrets(session)
            program.tray.click("Sign out…")
            program.windows.press_button("Sign out")
            tooltip = program.wait_for_tooltip("Not signed in")
            assert "%" not in tooltip
            wait_until(lambda: simulator.requests_to("/oauth/revoke"), 20, "the revocation")
            (revoked,) = simulator.requests_to("/oauth/revoke", "POST")
            assert stored_secrets(session) == []
            assert tokens.refresh_token.encode() in revoked.body
            program.quit()
        with running_program(session, simulator, log="afterwards") as program:
            program.wait_for_tooltip("Not signed in")
            program.quit()


def test_signing_out_and_quitting_at_once_leaves_nothing_either(simulator: Simulator) -> None:
    """T-43, F-D06: what is under way at the end is finished first."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            program.tray.click("Sign out…")
            program.windows.press_button("Sign out")
            program.wait_for_tooltip("Not signed in")
            program.quit()
        assert stored_secrets(session) == []
        assert simulator.requests_to("/oauth/revoke")
