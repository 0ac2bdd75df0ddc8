"""`tidegauge login` and `logout` as processes: a real keyring, a browser, signals."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.command_line import LIMIT_S, paste_into, started, tidegauge
from support.secret_service import SecretService

from app.simulator.accounts import ANN, BO
from app.simulator.faults import late
from app.simulator.server import Simulator
from app.simulator.visitor import approve_device, visit

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")


@pytest.mark.xdist_group("callback-port")
@pytest.mark.usefixtures("keyring")
def test_from_login_to_logout(simulator: Simulator) -> None:
    with started(simulator.url, "login", "--no-browser") as login:
        assert login.stdout is not None
        address = login.stdout.readline().decode().strip()
        assert address.startswith("http")
        visit(address)
        assert login.wait(LIMIT_S) == 0
        assert login.stdout.read() == b""
    assert tidegauge(simulator.url, "status").code == 0
    ended = tidegauge(simulator.url, "logout")
    assert (ended.code, ended.out) == (0, "")
    assert simulator.requests_to("/oauth/revoke")
    assert tidegauge(simulator.url, "status").code == 3
    assert tidegauge(simulator.url, "logout").code == 0


@pytest.mark.xdist_group("callback-port")
def test_a_login_killed_before_its_tokens_are_stored_leaves_nothing(
    simulator: Simulator, keyring: SecretService
) -> None:
    """F-L19: no half state, and the next login works."""
    simulator.faults.add("/oauth/token", late(30))
    with started(simulator.url, "login", "--no-browser") as login, ThreadPoolExecutor() as pool:
        assert login.stdout is not None
        browser = pool.submit(visit, login.stdout.readline().decode().strip())
        assert simulator.wait_until(lambda: bool(simulator.requests_to("/oauth/token")), 20)
        login.kill()
        login.wait()
        browser.exception()  # whatever the browser saw of it
    assert tidegauge(simulator.url, "status").code == 3
    with started(simulator.url, "login", "--no-browser") as login:
        assert login.stdout is not None
        visit(login.stdout.readline().decode().strip())
        assert login.wait(LIMIT_S) == 0
    assert tidegauge(simulator.url, "status").code == 0


@pytest.mark.xdist_group("callback-port")
@pytest.mark.usefixtures("keyring")
def test_login_ends_with_ctrl_c(simulator: Simulator) -> None:
    """F-L02: the port is free again."""
    with started(simulator.url, "login", "--no-browser") as login:
        assert login.stdout is not None
        login.stdout.readline()
        login.send_signal(signal.SIGINT)
        assert login.wait(LIMIT_S) == 130
        assert login.stderr is not None
        assert b"Traceback" not in login.stderr.read()


@pytest.mark.usefixtures("keyring")
def test_login_with_a_code_typed_in_elsewhere(simulator: Simulator) -> None:
    with started(simulator.url, "login", "--device") as login:
        assert login.stdout is not None
        address = login.stdout.readline().decode().strip()
        user_code = login.stdout.readline().decode().strip()
        approve_device(address, user_code)
        assert login.wait(LIMIT_S) == 0
    assert tidegauge(simulator.url, "status").code == 0


@pytest.mark.usefixtures("keyring")
def test_login_with_a_pasted_address(simulator: Simulator) -> None:
    """T-06: what is not the answer is asked for again. Nothing listens here."""
    with started(simulator.url, "login", "--paste", is_fed=True) as login:
        paste_into(login, ANN)
        assert login.wait(LIMIT_S) == 0
        assert login.stderr is not None
        assert b"That is not the address" in login.stderr.read()
    assert tidegauge(simulator.url, "status").code == 0


def test_another_account_is_not_added_unasked(signed_in: Simulator) -> None:
    """T-16, F-L14"""
    with started(signed_in.url, "login", "--paste", is_fed=True) as login:
        paste_into(login, BO)
        assert login.wait(LIMIT_S) == 3
        assert login.stderr is not None
        told = login.stderr.read().decode()
    assert "--add" in told
    assert BO.email in told
    assert "bo@" not in tidegauge(signed_in.url, "status").out
    with started(signed_in.url, "login", "--paste", "--add", is_fed=True) as login:
        paste_into(login, BO)
        assert login.wait(LIMIT_S) == 0
    assert BO.email in tidegauge(signed_in.url, "status").out


@pytest.mark.usefixtures("keyring")
def test_nothing_to_paste_and_ctrl_c_end_the_login(simulator: Simulator) -> None:
    ended = tidegauge(simulator.url, "login", "--paste")
    assert ended.code == 3
    with started(simulator.url, "login", "--paste", is_fed=True) as login:
        assert login.stdout is not None
        login.stdout.readline()
        login.send_signal(signal.SIGINT)
        assert login.wait(LIMIT_S) == 130
        assert login.stderr is not None
        told = login.stderr.read()
        assert b"Traceback" not in told
        assert b"Fatal" not in told
