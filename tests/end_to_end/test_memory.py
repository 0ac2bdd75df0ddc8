"""Figure 13: how often the secrets of a sign-in stand in the program's memory."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.process_memory import copies
from support.running_program import running_program, sign_in_by_browser
from support.session_keyring import stored_secrets

from app.simulator.server import Simulator

# Nothing holds the first three any more; what is left is freed memory that nobody wrote over yet.
MOST_AFTER_SIGN_IN = {"state": 3, "code": 2, "verifier": 1, "refresh_token": 6}
MOST_AFTER_SIGN_OUT = 6


@pytest.mark.xdist_group("callback-port")
def test_few_copies_of_a_secret_stand_in_memory(simulator: Simulator) -> None:
    """T-43, figure 13: Python cannot wipe, so this prints the true numbers and bounds them."""
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator) as program,
    ):
        pid = program.process.pid
        sign_in_by_browser(session, program)
        secrets = secrets_of_the_sign_in(simulator) | tokens_of(session)

        def counted(most: dict[str, int]) -> bool:
            found.update(copies(pid, secrets))
            return all(found[name] <= limit for name, limit in most.items())

        found: dict[str, int] = {}
        wait_until(lambda: counted(MOST_AFTER_SIGN_IN), 10, "the end of the copies")
        print("signed in:", found)
        program.tray.click("Sign out…")
        program.windows.press_button("Sign out")
        program.wait_for_tooltip("Not signed in")
        wait_until(lambda: simulator.requests_to("/oauth/revoke"), 20, "the revocation")
        after = dict.fromkeys(secrets, MOST_AFTER_SIGN_OUT)
        wait_until(lambda: counted(after), 10, "the end of the tokens")
        print("signed out:", found)
        program.quit()


def secrets_of_the_sign_in(simulator: Simulator) -> dict[str, str]:
    (request,) = simulator.requests_to("/oauth/authorize", "GET")
    (exchange,) = simulator.requests_to("/oauth/token", "POST")
    form = exchange.form()
    return {
        "state": parse_qs(request.query)["state"][0],
        "code": form["code"],
        "verifier": form["code_verifier"],
    }


def tokens_of(session: DesktopSession) -> dict[str, str]:
    text = "".join(entry["secret"] for entry in stored_secrets(session))
    names = ("refresh_token", "access_token")
    return {name: text.split(f'"{name}":"')[1].split('"')[0] for name in names}
