"""`tidegauge ask` as a process: pipes, signals, an answer as it arrives."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from support.command_line import LIMIT_S, ROOT, environment, sign_in, started, tidegauge
from support.simulator import MakeSimulator
from support.stalls import code_within

from app.simulator.server import Simulator
from app.simulator.state import Pace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

RESPONSES = "/backend-api/codex/responses"


def test_ask_prints_the_answer(signed_in: Simulator) -> None:
    signed_in.script_answers("Hello **there**\n\n```py\nx = 1\n```")
    ended = tidegauge(signed_in.url, "ask", "hello", "--model", "gpt-5.5")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "Hello **there**\n\n```py\nx = 1\n```\n"
    [request] = signed_in.requests_to(RESPONSES)
    assert json.loads(request.body)["model"] == "gpt-5.5"


def test_ask_as_json_lines(signed_in: Simulator) -> None:
    signed_in.script_answers("Hello there")
    ended = tidegauge(signed_in.url, "ask", "-", "--json", given="hello")
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert "".join(e["text"] for e in events if e["type"] == "text") == "Hello there"
    assert events[-1]["type"] == "completed"
    assert events[-1]["usage"]["output_tokens"] > 0


@pytest.mark.parametrize("arguments", [[], [""], ["  "], ["-"]])
def test_ask_needs_a_question(arguments: list[str]) -> None:
    assert tidegauge("http://127.0.0.1:9", "ask", *arguments).code == 2


def test_ask_without_a_pipe_does_not_wait_for_one() -> None:
    with started("http://127.0.0.1:9", "ask") as ask:  # the empty device: nobody to read from
        assert ask.wait(LIMIT_S) == 2


@pytest.mark.parametrize("arguments", [[], ["-"], ["  "]])
def test_ask_reads_its_question_from_standard_input(
    signed_in: Simulator, arguments: list[str]
) -> None:
    signed_in.script_answers("Hello")
    ended = tidegauge(signed_in.url, "ask", *arguments, "--effort", "low", given="Why?\nHow?\n")
    assert (ended.code, ended.out) == (0, "Hello\n")
    [request] = signed_in.requests_to(RESPONSES)
    body = json.loads(request.body)
    assert body["input"][-1]["content"] == [{"type": "input_text", "text": "Why?\nHow?\n"}]
    assert body["reasoning"]["effort"] == "low"


def test_what_is_piped_in_beside_a_question_goes_along(signed_in: Simulator) -> None:
    signed_in.script_answers("Hello")
    assert tidegauge(signed_in.url, "ask", "what is this", given="a = 1\n").code == 0
    [request] = signed_in.requests_to(RESPONSES)
    texts = [part["text"] for part in json.loads(request.body)["input"][-1]["content"]]
    assert texts == ["File: stdin\n\na = 1\n", "what is this"]


@pytest.mark.parametrize("arguments", [["-"], ["what is this"]])
def test_what_is_neither_text_nor_picture_is_not_sent(arguments: list[str]) -> None:
    ended = tidegauge("http://127.0.0.1:9", "ask", *arguments, given="a\0b")
    assert ended.code == 2
    assert "neither plain text nor a picture" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="no shell to close it")
@pytest.mark.parametrize("arguments", ["", "-"])
@pytest.mark.usefixtures("private_home")
def test_a_closed_standard_input_holds_no_question(arguments: str) -> None:
    """Its number may by then belong to a connection, which is not to be read."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m app --demo ask {arguments} <&-', sys.executable],
        capture_output=True, cwd=ROOT, env=environment("http://127.0.0.1:9"), timeout=30,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no question" in done.stderr


@pytest.mark.usefixtures("private_home")
def test_a_signal_ends_ask_while_it_reads() -> None:
    """Somebody who sits before a silent pipe is told, and Ctrl+C ends it."""
    with started("http://127.0.0.1:9", "ask", "what is this", is_fed=True) as ask:
        assert ask.stderr is not None
        assert b"standard input" in ask.stderr.readline()
        ask.send_signal(signal.SIGINT)
        assert ask.wait(LIMIT_S) == 130
        assert b"Traceback" not in ask.stderr.read()


def test_ask_tells_which_model_answers_instead(signed_in: Simulator) -> None:
    """Row C1 of the protocol's failures."""
    signed_in.script_answers("Hello")
    ended = tidegauge(signed_in.url, "ask", "hello", "--model", "gpt-5.1-codex-max")
    assert (ended.code, ended.out) == (0, "Hello\n")
    assert "gpt-5.1-codex-max is not available" in ended.err
    assert len(signed_in.requests_to(RESPONSES)) == 2


SLOW = Pace(first_s=0.0, between_s=0.05, delta_chars=4)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.usefixtures("keyring")
def test_ask_streams_and_a_signal_closes_the_connection(
    make_simulator: MakeSimulator, sent: signal.Signals, code: int
) -> None:
    """F-C01, F-D06."""
    simulator = make_simulator(pace=SLOW)
    sign_in(simulator)
    simulator.script_answers("word " * 2000)
    with started(simulator.url, "ask", "hello") as ask:
        assert ask.stdout is not None
        assert ask.stderr is not None
        assert ask.stdout.read(4) == b"word"
        assert ask.poll() is None
        ask.send_signal(sent)
        assert code_within(2, ask) == code
        assert b"Traceback" not in ask.stderr.read()
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)


@pytest.mark.usefixtures("keyring")
def test_events_of_a_stopped_answer_end_with_its_end(make_simulator: MakeSimulator) -> None:
    """F-C01: whoever reads the events learns that there are no more."""
    simulator = make_simulator(pace=SLOW)
    sign_in(simulator)
    simulator.script_answers("word " * 2000)
    with started(simulator.url, "ask", "hello", "--json") as ask:
        assert ask.stdout is not None
        while json.loads(ask.stdout.readline())["type"] != "text":
            pass
        ask.send_signal(signal.SIGINT)
        assert ask.wait(LIMIT_S) == 130
        *_, last = ask.stdout.read().splitlines()
    assert json.loads(last)["type"] == "stopped"
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.usefixtures("keyring")
def test_ask_ends_when_nobody_reads_on(make_simulator: MakeSimulator, more: list[str]) -> None:
    simulator = make_simulator(pace=SLOW)
    sign_in(simulator)
    simulator.script_answers("word " * 2000)
    with started(simulator.url, "ask", "hello", *more) as ask:
        assert ask.stdout is not None
        assert ask.stderr is not None
        ask.stdout.read(4)
        ask.stdout.close()
        assert ask.wait(LIMIT_S) == 141
        assert ask.stderr.read() == b""
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)
