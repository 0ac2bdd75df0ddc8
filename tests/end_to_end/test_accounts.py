"""Several accounts in the real program: menu over the bus, keyring, another process, restart."""

from __future__ import annotations

import pytest
from support.desktop_session import desktop_session, wait_until
from support.running_program import Shoot, run_command, running_program
from support.session_keyring import lock, store_accounts, stored_secrets, unlock

from app.simulator.accounts import ANN, ANN_AT_WORK, BO
from app.simulator.server import Simulator

ANN_IN_MENU, BO_IN_MENU = "ann@example.com · Plus", "bo@example.com · Pro 20x"


def test_accounts_are_switched_in_the_menu_and_remembered(simulator: Simulator) -> None:
    """The keyring's own menu entries are as a panel shows them: radio entries, one marked."""
    with desktop_session("double", keyring=True) as session:
        store_accounts(session, simulator, ANN, BO)
        with running_program(session, simulator, log="first") as program:
            program.wait_for_tooltip("Plus", "5-hour: 86 % used")
            entries = program.tray.menu("Accounts")
            assert [(one.label, one.checked) for one in entries if not one.separator] == [
                (ANN_IN_MENU, True),
                (BO_IN_MENU, False),
                ("Add account…", False),
                ("Remove this account…", False),
            ]
            program.tray.click(BO_IN_MENU, "Accounts")
            program.wait_for_tooltip("Pro 20x", "5-hour: 86 % used")
            marked = [one.label for one in program.tray.menu("Accounts") if one.checked]
            assert marked == [BO_IN_MENU]
            program.quit()
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("Pro 20x", "5-hour: 86 % used")
            chosen = run_command(session, simulator, "accounts", "switch", ANN.email)
            assert chosen.returncode == 0
            program.tray.click("Refresh now")  # the next poll notices
            program.wait_for_tooltip("Plus", "5-hour: 86 % used")
            program.quit()
        assert not simulator.requests_to("/oauth/")


@pytest.mark.xdist_group("callback-port")
def test_the_next_account_comes_to_the_front_when_one_is_removed(
    simulator: Simulator, shoot: Shoot
) -> None:
    """T-43: asked first; nothing of the one that went is left in the keyring."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        ann, at_work = store_accounts(session, simulator, ANN, ANN_AT_WORK)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("Plus", "5-hour: 86 % used")
            program.tray.click("Remove this account…", "Accounts")
            program.windows.wait_for_words("Another account is shown then.")
            shoot(session, "remove")
            program.windows.press_button("Sign out")
            program.wait_for_tooltip("Team", "5-hour: 86 % used")
            wait_until(lambda: simulator.requests_to("/oauth/revoke"), 20, "the revocation")
            (revoked,) = simulator.requests_to("/oauth/revoke", "POST")
            assert ann.refresh_token.encode() in revoked.body
            kept = "".join(secret["secret"] for secret in stored_secrets(session))
            assert ann.refresh_token not in kept
            assert at_work.refresh_token in kept
            assert ANN.account_id not in kept
            program.quit()


def test_a_locked_keyring_with_several_accounts_is_unlocked_elsewhere(
    simulator: Simulator,
) -> None:
    """F-T17"""
    with desktop_session("double", keyring=True) as session:
        store_accounts(session, simulator, ANN, BO)
        run_command(session, simulator, "accounts", "switch", "2")
        lock(session)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("Keyring locked")
            unlock(session)
            program.wait_for_tooltip("Pro 20x", "5-hour: 86 % used")
            assert len([one for one in program.tray.menu("Accounts") if not one.separator]) == 4
            program.quit()
